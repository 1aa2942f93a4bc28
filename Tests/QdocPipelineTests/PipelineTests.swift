import QdocCore
import QdocPipeline
import QdocRuntime
import QdocTesting
import Testing

@Suite("Pipeline files")
struct PipelineTests {
    private static let mine = """
        pipeline: qdoc.pipeline/1
        name: mine
        instructions: Read it.
        window: 3
        schema: {type: object, properties: {total: {type: number}}}
        """

    @Test("are found by path, in XDG data directories, and inside the program")
    func find() throws {
        let folder = try TemporaryFolder()
        try Files.makeFolder(folder("qdoc/pipelines"))
        let path = try folder.write(Self.mine, to: "qdoc/pipelines/mine.yaml")
        let environment = Environment(["XDG_DATA_HOME": folder.path, "XDG_DATA_DIRS": "/nowhere"])
        #expect(try Pipeline.find(path, environment: environment).window == 3)
        #expect(try Pipeline.find("mine", environment: environment).origin == path)
        #expect(Pipeline.list(environment: environment).map(\.name).contains("mine"))
        #expect(try Pipeline.find("report", environment: environment).name == "report")
    }

    @Test("are not looked for below a relative XDG directory, and an unknown name lists those there are")
    func unknown() throws {
        let environment = Environment(["XDG_DATA_HOME": "data", "XDG_DATA_DIRS": "more:data"])
        #expect(Pipeline.list(environment: environment).allSatisfy { $0.origin == "embedded" || $0.origin.hasPrefix("/") })
        let failure = #expect(throws: Failure.self) { try Pipeline.find("mine", environment: environment) }
        #expect(failure?.code == .unknownPipeline)
        #expect(failure?.remedy?.contains("report") == true)
    }

    @Test("have every mistake told at once, with line and column, in order")
    func mistakes() {
        let text = """
            pipeline: qdoc.pipeline/2
            nam: mine
            window: 0
            schema: [1]
            """
        let failure = #expect(throws: Failure.self) { try Pipeline(Array(text.utf8), origin: "p.yaml") }
        #expect(failure?.code == .invalidPipeline)
        let lines = failure?.message.split(separator: "\n").map(String.init) ?? []
        #expect(lines.count == 6)
        #expect(
            lines.map { String($0.split(separator: " ")[0]) }.suffix(4) == ["p.yaml:1:11:", "p.yaml:2:1:", "p.yaml:3:9:", "p.yaml:4:9:"])
    }

    @Test("with a schema that is none are refused")
    func wrongSchema() {
        let text = Self.mine + "\nname2: x"
        #expect(throws: Failure.self) { try Pipeline(Array(text.utf8), origin: "p.yaml") }
        let remote = Self.mine.split(separator: "\n").dropLast().joined(separator: "\n") + "\nschema: {$ref: 'http://x/y'}"
        #expect(throws: Failure.self) { try Pipeline(Array(remote.utf8), origin: "p.yaml") }
    }
}
