import QdocCore
import QdocReport
import QdocRuntime

/// How a report is written.
enum ReportFormat: String, Hashable, Sendable, CaseIterable {
    case text
    case json
    case markdown = "md"
    case csv
    case html

    /// What a file in this format ends with.
    var suffix: String { self == .text ? "txt" : rawValue }

    init?(bySuffixOf path: String) {
        guard let format = Self.allCases.first(where: { path.hasSuffix(".\($0.suffix)") }) else { return nil }
        self = format
    }
}

/// Where the report of each file goes, decided before the first file is read.
struct OutputPlan: Hashable, Sendable {
    enum Target: Hashable, Sendable {
        case standardOutput
        case file(String)
    }

    var format: ReportFormat
    /// One for each file, in their order.
    var targets: [Target]
    /// The folder to make first, if any.
    var folder: String?
    var replaces: Bool

    /// - Parameter output: The value of `-o`.
    /// - Throws: `invalid_arguments`, `output_exists`, `output_unwritable`.
    init(files: [String], output: String?, format: String?, replaces: Bool) throws(Failure) {
        self.replaces = replaces
        let named = format.flatMap { ReportFormat(rawValue: $0) }
        guard let output, output != "-" else {
            self.format = named ?? .text
            guard self.format != .html || files.count <= 1 else {
                throw Failure(
                    .invalidArguments, "\(files.count) web pages do not go one behind the other", remedy: "name a folder, as in -o reports/"
                )
            }
            targets = files.map { _ in .standardOutput }
            return
        }
        let isFolder = output.hasSuffix("/") || Files.isFolder(output)
        if isFolder || files.count > 1 {
            guard isFolder || (ReportFormat(bySuffixOf: output) == nil && !Files.exists(output)) else {
                throw Failure(
                    .invalidArguments, "\(output) is one file for the reports of \(files.count)",
                    remedy: "name a folder with a slash at its end, as in -o reports/")
            }
            self.format = named ?? .json
            var folder = output
            while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
            self.folder = folder
            let suffix = self.format.suffix
            targets = Self.names(files).map { .file("\(folder == "/" ? "" : folder)/\($0).\(suffix)") }
        } else {
            guard let format = named ?? ReportFormat(bySuffixOf: output) else {
                let suffixes = ReportFormat.allCases.map { ".\($0.suffix)" }.joined(separator: ", ")
                throw Failure(
                    .invalidArguments, "the suffix of \(output) names no format", remedy: "end it with \(suffixes), or give --format")
            }
            self.format = format
            targets = [.file(output)]
        }
        let inputs = Set(files.compactMap { Files.identity(of: $0) })
        for case .file(let path) in targets {
            guard !(Files.identity(of: path).map(inputs.contains) ?? false) else {
                throw Failure(.invalidArguments, "\(path) is a document to read: its report would replace it", remedy: "name another file")
            }
            try OutputFile.check(path, replaces: replaces)
        }
    }

    /// A name for each file: its own without suffix; files of the same name in different folders are numbered.
    static func names(_ files: [String]) -> [String] {
        var taken = Set<String>()
        return files.map { path in
            let file = path == "-" ? "stdin" : path.split(separator: "/").last.map(String.init) ?? "document"
            // A leading dot is no suffix.
            let dot = file.lastIndex(of: ".").flatMap { $0 > file.startIndex ? $0 : nil }
            let stem = dot.map { String(file[..<$0]) } ?? file
            var name = stem
            var number = 2
            while !taken.insert(name).inserted {
                name = "\(stem)-\(number)"
                number += 1
            }
            return name
        }
    }

    /// Whether reports are written one behind the other, so that their order says which is whose.
    var isOrdered: Bool { targets.contains { $0 == .standardOutput } }

    /// Makes the folder, if there is one to make.
    func prepare() throws(Failure) {
        if let folder { try Files.makeFolder(folder) }
    }

    /// Writes the report of the file at an index.
    ///
    /// - Parameter pictures: Of its pages, for a format that shows them.
    /// - Throws: `output_exists` where somebody was faster, `output_unwritable`.
    func write(
        _ report: Report, pictures: PagePictures = PagePictures(), at index: Int, environment: Environment
    ) throws(Failure) {
        switch targets[index] {
        case .standardOutput: try writeToStandardOutput(report, pictures, at: index, environment: environment)
        case .file(let path):
            // A usage mistake that showed only when the document was open is told, not kept.
            guard report.run.failure?.code != .pageOutOfRange else { return }
            let file = try OutputFile(path, replaces: replaces)
            try render(report, pictures, layout: .pretty, style: TerminalStyle()) { (piece) throws(Failure) in try file.write(piece) }
            try file.commit()
        }
    }

    private func render(
        _ report: Report, _ pictures: PagePictures, layout: ReportJSON.Layout, style: TerminalStyle,
        to sink: ([UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        switch format {
        case .text: try sink(Array(TerminalReport.text(report, style: style).utf8))
        case .json: try ReportJSON.write(report, layout: layout, to: sink)
        case .markdown: try sink(Array(MarkdownReport.text(report).utf8))
        case .csv: try sink(Array(CSVReport.text(report).utf8))
        case .html: try HTMLReport.write(report, pictures: pictures.pictures, to: sink)
        }
    }

    private func writeToStandardOutput(
        _ report: Report, _ pictures: PagePictures, at index: Int, environment: Environment
    ) throws(Failure) {
        // A failed run has no result; its failure is told on standard error.
        guard format == .json || report.run.state != .failed else { return }
        let style = TerminalStyle.of(.output, environment: environment)
        if format != .json {
            let head = format == .text && targets.count > 1 ? style.bold(DisplayText.safe(report.sources.first?.path ?? "")) + "\n" : ""
            try Console.output.write((index > 0 ? "\n" : "") + head)
        }
        let layout: ReportJSON.Layout = targets.count > 1 ? .line : .pretty
        try render(report, pictures, layout: layout, style: style) { (piece) throws(Failure) in try Console.output.write(piece) }
    }
}
