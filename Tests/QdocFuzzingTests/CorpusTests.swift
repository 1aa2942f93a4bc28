import QdocCore
import QdocTesting
import Testing

/// Every file that a fuzzer was started from, and every one that once brought a parser down.
@Suite struct CorpusTests {
    private static let folder = "Tests/QdocFuzzing/Corpus"

    @Test("No seed brings a parser down, be it of this parser or another", arguments: names())
    func survives(name: String) throws {
        let files = Project.files(under: Self.folder).map(Project.path)
        #expect(files.contains { $0.contains("/\(name)/") }, "\(name) has no seeds")
        let result = try Subprocess("\(Project.products)/QdocFuzzing", environment: ["SWIFT_BACKTRACE=enable=no"]).run([name] + files)
        #expect(result.status == 0, "after \(result.output.split(separator: "\n").last ?? "nothing"): \(result.errors.prefix(300))")
    }

    private static func names() -> [String] {
        Project.files(under: folder).compactMap { path in
            path.split(separator: "/").dropLast().last.map(String.init)
        }.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
    }
}
