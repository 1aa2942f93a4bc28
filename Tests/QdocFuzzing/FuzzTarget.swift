import QdocCore
import QdocTransport
import QdocYAML

@testable import QdocDecoding
@testable import QdocExtract
@testable import QdocImage
@testable import QdocIngest
@testable import QdocModel
@testable import QdocPDF
@testable import QdocReport

/// One of our own parsers, as a fuzzer sees it: bytes go in, nothing may trap, and what comes out must hold together.
enum FuzzTarget: String, CaseIterable {
    /// What the host reads of its children.
    case reply
    case content
    case header
    /// What a child reads of the host.
    case request
    case sniffer
    /// EXIF, and the headers of images.
    case image
    /// The body of a model's answer, in chunks.
    case stream
    /// One frame of it.
    case frame
    /// The JSON that models write when they do not write JSON.
    case answer
    case json
    case yaml
    case pages
    case number
    /// The content stream of a PDF page.
    case drawing
    case base85
    /// A kept report, and everything that is rendered of it.
    case report

    func run(_ bytes: [UInt8]) {
        switch self {
        case .reply: reply(bytes)
        case .content: content(bytes)
        case .header: header(bytes)
        case .request: request(bytes)
        case .sniffer: sniff(bytes)
        case .image: _ = try? ImageFile(bytes: bytes)
        case .stream: stream(bytes)
        case .frame: frame(bytes)
        case .answer: _ = AnswerReading.read(text(bytes), expected: ["items", "title"], call: 1)
        case .json: json(bytes)
        case .yaml: _ = try? YAML.parse(bytes, name: "a")
        case .pages: pages(bytes)
        case .number: number(bytes)
        case .drawing: drawing(bytes)
        case .base85: _ = ASCII85.decode(bytes)
        case .report: report(bytes)
        }
    }

    private func sniff(_ bytes: [UInt8]) {
        _ = try? MediaSniffer.mediaType(of: SniffedBytes(head: bytes, isWhole: true), path: "a")
        // An archive's end is looked at too.
        _ = try? MediaSniffer.mediaType(of: SniffedBytes(head: bytes, tail: bytes, isWhole: false), path: "a")
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private func reply(_ bytes: [UInt8]) {
        guard let reply = try? Reply.decode(bytes) else { return }
        precondition((try? Reply.decode(reply.encode())) == reply, "an answer that was taken is written otherwise")
    }

    private func request(_ bytes: [UInt8]) {
        guard let request = try? Request.decode(bytes) else { return }
        precondition((try? Request.decode(request.encode())) == request, "a request that was taken is written otherwise")
    }

    private func content(_ bytes: [UInt8]) {
        guard let content = try? ContentFrame.decode(bytes) else { return }
        guard let written = try? ContentFrame.encode(content) else { preconditionFailure("content that was taken cannot be written") }
        precondition((try? ContentFrame.decode(written)) == content, "content that was taken is written otherwise")
    }

    private func header(_ bytes: [UInt8]) {
        for size in [ImageHeader.pngSize(bytes), ImageHeader.jpegSize(bytes), ImageHeader.graymapSize(bytes)].compactMap(\.self) {
            precondition(size.width >= 0 && size.height >= 0, "an image has a negative side")
        }
    }

    /// However a body is cut, the same comes out; the first byte says how.
    private func stream(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        let body = Array(bytes.dropFirst())
        let wires = WireProtocol.allCases
        let wire = wires[Int(first) % wires.count]
        let whole = Body(body, wire: wire, chunk: max(1, body.count))
        let cut = Body(body, wire: wire, chunk: 1 + Int(first) / wires.count)
        precondition(whole == cut, "what comes out of a body depends on how it is cut")
    }

    private func frame(_ bytes: [UInt8]) {
        for form in [FrameForm.chat, .native] { _ = FrameScanner.scan(bytes, form: form, wantsHead: true) }
    }

    private func json(_ bytes: [UInt8]) {
        guard let value = try? JSONParser.parse(bytes) else { return }
        precondition((try? JSONParser.parse(JSONWriter.text(value))) == value, "a JSON value that was read is written otherwise")
    }

    private func report(_ bytes: [UInt8]) {
        guard let report = try? ReportReader.read(bytes, name: "a") else { return }
        let written = ReportJSON.text(report)
        // A coordinate beyond all numbers is written as null, and not read again.
        if let again = try? ReportReader.read(Array(written.utf8), name: "a") {
            precondition(ReportJSON.text(again) == written, "a report that was read is written otherwise")
        }
        _ = TerminalReport.text(report, style: TerminalStyle())
        _ = MarkdownReport.text(report)
        _ = CSVReport.text(report)
        try? HTMLReport.write(report, pictures: [:]) { (_) throws(Failure) in }
        precondition(ReportDiff(old: report, new: report).isEmpty, "a report differs from itself")
    }

    private func pages(_ bytes: [UInt8]) {
        guard let ranges = try? PageRanges(text(bytes)) else { return }
        precondition((try? PageRanges(ranges.description)) == ranges, "pages that were read are written otherwise")
    }

    private func number(_ bytes: [UInt8]) {
        let words = text(bytes).split(separator: " ").map(String.init)
        for found in PrintedNumber.scan(words) { precondition(found.words.upperBound <= words.count, "a number has words beyond the last") }
        _ = PrintedNumber.vote(words)
    }

    private func drawing(_ bytes: [UInt8]) {
        guard let structure = unsafe Self.page.structure, let page = structure.page(1) else { return }
        let frame = Box(x: 0, y: 0, width: 612, height: 792)
        let layers = OptionalContent(structure)
        let resources = structure.value(page, "/Resources") ?? page
        var interpreter = ContentInterpreter(structure, layers: layers, base: Matrix(), page: frame, parts: .all)
        interpreter.run(bytes, resources: resources)
        var scan = TextScan(structure, layers: layers, base: Matrix(), fonts: FontFacts())
        scan.run(bytes, resources: resources, depth: 0)
        precondition(scan.smallestSize.map { $0 > 0 } ?? true, "text has no size")
        structure.release()
        var content = PageContent()
        content.rulings = interpreter.collector.rulings
        content.paths = interpreter.collector.paths
        content.pictures = interpreter.collector.pictures
        _ = try? ContentFrame.encode(content)
    }

    // A fuzzer runs one input after another on one thread.
    private static nonisolated(unsafe) let page = Page()

    /// A page with colour spaces, a state and a form that draws itself, for drawings to name.
    private struct Page {
        let structure: PDFStructure?

        init() {
            let objects = [
                "<< /Type /Catalog /Pages 2 0 R >>",
                "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                """
                << /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /ColorSpace << /A [/Separation /Spot /DeviceCMYK
                << /FunctionType 2 /Domain [0 1] /C0 [0 0 0 0] /C1 [0 1 1 0] /N 1 >>] /B [/Lab << /WhitePoint [1 1 1] >>]
                /C [/Indexed /DeviceRGB 1 <000000FFFFFF>] >> /ExtGState << /G << /LW 3 /D [[1] 0] >> >> /XObject << /F 4 0 R >> >> >>
                """,
                "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 4 0 R >> >> /Length 9 >>\nstream\nq /F Do Q\nendstream",
            ]
            var file = "%PDF-1.4\n"
            for (number, object) in objects.enumerated() { file += "\(number + 1) 0 obj\n\(object)\nendobj\n" }
            // Without a table: qpdf finds the objects itself.
            file += "trailer\n<< /Root 1 0 R /Size 5 >>\n"
            structure = (try? SourceBytes(Array(file.utf8))).flatMap { PDFStructure($0, password: nil) }
            precondition(structure?.page(1) != nil, "the page to draw on cannot be opened")
        }
    }
}

/// What came out of the body of an answer.
private struct Body: Equatable {
    private var reasoning = ""
    private var answer = ""
    private var finish: FinishReason?
    private var code: Failure.Code?

    init(_ bytes: [UInt8], wire: WireProtocol, chunk: Int) {
        let endpoint = ModelEndpoint(
            provider: "a", model: "m", wire: wire, baseURL: "http://127.0.0.1/v1", key: Secret("key-of-a-fuzzer"), hasInlineThought: true,
            profile: ModelProfile(
                thinking: .none, fields: [.images], image: ImageRule(patch: 28, minPixels: 3136, maxPixels: 1_003_520), price: .free))
        var decoder = AnswerDecoder(endpoint: endpoint, head: ResponseHead(status: 200, headers: []))
        var start = 0
        while start < bytes.count {
            let end = min(start + chunk, bytes.count)
            take(decoder.decode(Array(bytes[start..<end])))
            start = end
        }
        take(decoder.end())
        code = decoder.failure?.failure.code
    }

    private mutating func take(_ events: [AnswerEvent]) {
        for event in events {
            switch event {
            case .reasoning(let text): reasoning += text
            case .answer(let text): answer += text
            case .finished(let reason): finish = reason
            default: break
            }
        }
    }
}
