import QdocCore
import QdocIngest
import QdocModel
import QdocPrompt
import QdocReader
import QdocReport
import QdocRuntime

/// `qdoc inspect`: what qdoc sees, without asking a model.
struct InspectCommand {
    private let parsed: ParsedArguments
    private let environment: Environment
    private let path: String
    private let ranges: PageRanges?
    private let rule: ImageRule
    private let choice: ImageChoice
    private let frames: FrameSelection
    private let passwords: [Secret]

    init(_ parsed: ParsedArguments, environment: Environment) throws(Failure) {
        self.parsed = parsed
        self.environment = environment
        path = parsed.positionals.first ?? ""
        ranges = try parsed.value("pages").map { text throws(Failure) in try PageRanges(text) }
        choice = try ReadingChoice.images(parsed)
        frames = try ReadingChoice.frames(parsed)
        passwords = try Passwords.given(parsed, environment: environment)
        let configuration = try Configuration.load(named: parsed.value("config"), environment: environment)
        let maxSide = parsed.count("max-side") ?? configuration.maxSide
        let model = try ModelChoice(
            named: parsed.value("model"), baseURL: nil, maxSide: maxSide, isOffline: false, needsKey: false,
            configuration: configuration, environment: environment)
        rule = try ReadingChoice.imageRule(for: model, maxSide: maxSide)
    }

    func run() async throws(Failure) -> ExitStatus {
        if let folder = parsed.value("save-images") { try Files.makeFolder(folder) }
        let ingest = try Ingest(
            options: IngestOptions(
                allowUnsandboxed: parsed.has("allow-unsandboxed"), recognition: ReadingChoice.recognition(parsed)),
            workFile: try WorkFile())
        do throws(Failure) {
            let document = try await open(ingest)
            defer { document.close() }
            let status = try await show(document)
            await ingest.close()
            return status
        } catch {
            await ingest.close()
            throw error
        }
    }

    /// Opens the document; where it needs a password, a person at a terminal is asked for it.
    private func open(_ ingest: Ingest) async throws(Failure) -> Document {
        var passwords = passwords
        var questions = PasswordQuestions(about: path)
        while true {
            do {
                return try await ingest.open(path: path, ordinal: 1, passwords: passwords, frames: frames)
            } catch {
                guard let password = await questions.answer(to: error) else { throw error }
                passwords = [password]
            }
        }
    }

    private func show(_ document: Document) async throws(Failure) -> ExitStatus {
        let pages = try ranges?.pages(of: document.source.pageCount) ?? Array(1...max(1, document.source.pageCount))
        let style = TerminalStyle.of(.output, environment: environment)
        var writer = InspectJSON(document.source)
        let isJSON = parsed.has("json")
        if !isJSON { try Console.output.write(TerminalInspection.head(document.source, style: style)) }
        var status = ExitStatus.complete
        var stop: Failure?
        for number in pages {
            let page: PageInspection
            do throws(Failure) {
                guard !Task.isCancelled else { throw Failure(.interrupted, "interrupted; stopped before page \(number)") }
                page = try await inspect(document, number)
            } catch {
                // What was begun is ended: a reader gets whole JSON.
                stop = error.code == .interrupted ? Failure(.interrupted, "interrupted; stopped before page \(number)") : error
                break
            }
            if case .failed = page.outcome { status = .partial }
            try Console.output.write(isJSON ? writer.page(page) : Array(TerminalInspection.text(page, style: style).utf8))
        }
        if isJSON { try Console.output.write(writer.finish()) }
        if let stop { throw stop }
        return status
    }

    /// Reads one page; a page that fails is an outcome, and what has to do with our own output is thrown.
    private func inspect(_ document: Document, _ number: Int) async throws(Failure) -> PageInspection {
        let geometry: PageGeometry
        var content: PageContent
        var images: [InspectedImage] = []
        do {
            geometry = try await document.geometry(of: number)
            let orders = PageImages.orders(
                of: geometry, pageNumber: number, rule: rule, choice: choice, isPixels: document.source.mediaType.isPixels)
            let delivery = try await document.page(number, image: orders.first, parts: .all)
            content = try await self.content(of: number, document, geometry, delivery)
            for (index, order) in orders.enumerated() {
                let drawn = index == 0 ? delivery.image : try await document.page(number, image: order, parts: []).image
                guard let image = drawn else { continue }
                try save(image, orders.count == 1 ? "\(number)" : "\(number)-\(index + 1)")
                images.append(
                    InspectedImage(
                        region: order.region, size: image.size, tokens: ImageSizing.tokens(for: image.size, rule: rule),
                        encoding: image.encoding, byteCount: image.bytes.count))
            }
        } catch {
            guard ![.interrupted, .outputExists, .outputUnwritable].contains(error.code) else { throw error }
            return PageInspection(
                number: number, geometry: PageGeometry(size: PageSize(width: 0, height: 0), rotation: 0), outcome: .failed(error))
        }
        let reading = PageReader.read(
            content, geometry: geometry, reference: PageReference(source: 1, pageNumber: number),
            isImageFile: document.source.mediaType.isPixels)
        return PageInspection(
            number: number, geometry: geometry, outcome: reading.outcome, textSource: content.words.first?.source, words: content.words,
            tables: reading.tables.map(Self.table), charts: reading.charts.map { InspectedChart(box: $0.box, kind: $0.kind.rawValue) },
            keyFigures: reading.keyFigures.compactMap(Self.figure), images: images, missingFonts: content.missingFonts)
    }

    /// The content with recognised characters; why there are none is told once on standard error.
    private func content(
        of number: Int, _ document: Document, _ geometry: PageGeometry, _ delivery: PageDelivery
    ) async throws(Failure) -> PageContent {
        guard let content = delivery.content else { return PageContent() }
        let recognised = try await document.recognise(number, geometry: geometry, content: content, parts: .all)
        if let failure = recognised.failure { Program.report(failure) }
        return try recognised.content.load()
    }

    /// - Parameter place: What follows the document's name.
    private func save(_ image: RenderedImage, _ place: String) throws(Failure) {
        guard let folder = parsed.value("save-images") else { return }
        let name = OutputPlan.names([path]).first ?? "document"
        try SpokenPages.write(image, to: "\(folder)/\(name)-\(place)", replaces: parsed.has("force"))
    }

    private static func table(_ table: Table) -> InspectedTable {
        InspectedTable(
            title: table.title?.text, box: table.box, rows: (table.header + table.rows).map { $0.map(\.text) },
            headerRows: table.header.count)
    }

    private static func figure(_ figure: KeyFigure) -> InspectedFigure? {
        JSONNumber(figure.value.lexical).map { value in
            InspectedFigure(
                label: figure.label, value: value, unit: figure.unit, scale: figure.scale, period: figure.period?.text,
                box: figure.place.box)
        }
    }
}
