import QdocCore
import QdocIngest
import QdocReport
import QdocRuntime

/// `qdoc report`: renders a kept report again. Nothing is asked and nothing leaves the machine.
struct ReportCommand {
    private let parsed: ParsedArguments
    private let environment: Environment
    private let path: String
    private let report: Report
    private let plan: OutputPlan
    private let passwords: [Secret]

    /// - Throws: As reading a file; `report_invalid`; what makes the exit status 2.
    init(_ parsed: ParsedArguments, environment: Environment) throws(Failure) {
        self.parsed = parsed
        self.environment = environment
        path = parsed.positionals.first ?? ""
        plan = try OutputPlan(
            files: [path], output: parsed.value("output"), format: parsed.value("format"), replaces: parsed.has("force"))
        passwords = try Passwords.given(parsed, environment: environment)
        report = try Self.read(path)
    }

    /// Bytes of a report at most: some million values.
    private static let sizeLimit = 1 << 30

    static func read(_ path: String) throws(Failure) -> Report {
        try ReportReader.read(try Files.read(path, limit: sizeLimit), name: path)
    }

    func run() async throws(Failure) -> ExitStatus {
        try plan.prepare()
        try plan.write(report, pictures: plan.format == .html ? try await pictures() : PagePictures(), at: 0, environment: environment)
        return .complete
    }

    /// The pages of the documents that are still there, as they were.
    private func pictures() async throws(Failure) -> PagePictures {
        var pictures = PagePictures()
        guard !HTMLReport.pages(of: report).isEmpty, !parsed.has("no-pictures") else { return pictures }
        let ingest = try Ingest(
            options: IngestOptions(allowUnsandboxed: parsed.has("allow-unsandboxed")), workFile: try WorkFile())
        do throws(Failure) {
            for source in report.sources { try await draw(source, into: &pictures, ingest) }
        } catch {
            await ingest.close()
            throw error
        }
        await ingest.close()
        return pictures
    }

    private func draw(_ source: Source, into pictures: inout PagePictures, _ ingest: Ingest) async throws(Failure) {
        guard !source.mediaType.family.isVideo else {
            return try await note("the frames of \(source.path) are not drawn again: which they were is not in the report")
        }
        let document: Document
        do throws(Failure) {
            document = try await ingest.open(path: located(source.path), ordinal: source.ordinal, passwords: passwords)
        } catch {
            guard error.code != .interrupted else { throw error }
            return try await note("pages of \(source.path) are shown without their pictures: \(error.message)")
        }
        defer { document.close() }
        guard document.source.sha256 == source.sha256 else {
            return try await note("\(source.path) is another file now: its pages are shown without their pictures")
        }
        try await pictures.draw(report, source: source.ordinal, from: document)
    }

    /// Where the document is: as the report names it, from here or from the folder of the report.
    private func located(_ document: String) -> String {
        guard !document.hasPrefix("/"), !Files.exists(document), let slash = path.lastIndex(of: "/") else { return document }
        let beside = "\(path[...slash])\(document)"
        return Files.exists(beside) ? beside : document
    }

    private func note(_ text: String) async throws(Failure) {
        try await Console.error.send(Array("qdoc: \(DisplayText.safe(text))\n".utf8))
    }
}

extension MediaType.Family {
    fileprivate var isVideo: Bool { self == .video }
}
