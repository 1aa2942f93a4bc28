import QdocCore
import QdocRuntime
import QdocTesting
import Testing

@testable import QdocPipeline

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
        #expect(try Pipeline.find(path, environment: environment).window?.pages == 3)
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

    private static func pipeline(_ lines: String...) throws -> Pipeline {
        let text = (["pipeline: qdoc.pipeline/1", "name: mine", "instructions: Work out the total."] + lines).joined(separator: "\n")
        return try Pipeline(Array(text.utf8), origin: "p.yaml")
    }

    @Test(
        "Fields are the short form of a schema",
        arguments: [
            ("total: money", "total", "number", true), ("count: integer!", "count", "integer", false), ("day: date", "day", "string", true),
            ("done: boolean", "done", "boolean", true), ("share: percent", "share", "number", true),
            ("site: url!", "site", "string", false),
        ])
    func fields(text: String, name: String, kind: String, isNullable: Bool) throws {
        let view = SchemaView(try Self.pipeline("fields:", "  \(text)").schema)
        let property = try #require(view.property(name))
        #expect(property.allows(kind))
        #expect(property.isNullable == isNullable)
        #expect(view.required == (isNullable ? [] : [name]))
        #expect(view.isClosed)
    }

    @Test("Fields nest as lists and records, and choices are written in two ways")
    func nestedFields() throws {
        let pipeline = try Self.pipeline(
            "fields:", "  kind: choice [invoice, credit note]", "  state: {choice: [open, paid]}",
            "  lines: [{description: text!, amount: money}]", "  tags: [text]", "  payer: {name: text, address: {city: text}}")
        let view = SchemaView(pipeline.schema)
        #expect(view.property("kind")?.choices == ["invoice", "credit note", nil])
        #expect(view.property("state")?.choices == ["open", "paid", nil])
        #expect(view.property("lines")?.items?.required == ["description"])
        #expect(view.property("lines")?.items?.property("amount")?.kinds == ["number", "null"])
        #expect(view.property("tags")?.items?.kinds == ["string"])
        #expect(view.property("payer")?.property("address")?.property("city")?.isNullable == true)
        #expect(view.required == ["lines", "tags"])
    }

    @Test("A command line's fields give the same schema as a file's")
    func fieldsText() throws {
        let file = try Self.pipeline(
            "fields: {total: money, day: date!, kind: {choice: [a, b]}, lines: [{what: text, n: integer}], tags: [text]}")
        for text in [
            "total:money,day:date!,kind:choice[a|b],lines:[what:text,n:integer],tags:[text]",
            "{total: money, day: date!, kind: choice [a, b], lines: [{what, n: integer}], tags: [text]}",
            "total:money,day:date!,kind:choice[a,b],lines:[what,n:integer],tags:[text]",
        ] {
            #expect(try FieldsText.schema(text) == file.schema, "\(text)")
        }
    }

    @Test(
        "A mistake in a command line's fields is named with its column",
        arguments: [
            ("total:monney", 7, "there is no type “monney”"), ("total:money?", 7, "every value may be null"), (",a", 1, "a field's name"),
            ("a:text,a:text", 8, "stands twice"), ("lines:[a:text", 14, "“]” was expected"), ("a:text b", 8, "a comma"),
            (String(repeating: "a:[", count: 100), 25, "nested deeper"), ("kind:choice[a]", 6, "a choice has two"),
        ])
    func fieldsTextMistakes(text: String, column: Int, message: String) {
        let failure = #expect(throws: Failure.self) { try FieldsText.schema(text) }
        #expect(failure?.code == .invalidArguments)
        #expect(failure?.message.contains("column \(column): ") == true, "\(failure?.message ?? "")")
        #expect(failure?.message.contains(message) == true, "\(failure?.message ?? "")")
    }

    @Test("Every mistake of the newer keys is told at once with its place")
    func newMistakes() {
        let text = """
            pipeline: qdoc.pipeline/1
            name: mine
            window: {pages: 2, overlap: 2, stride: 1}
            thinking: maybe
            anchor: words
            images: some
            language: german please
            system: always
            limits: {max-output: 1, money: 3}
            escalate: true
            fields: {total: mony, 2x: text, tags: [], kind: {choice: [a]}, when: date?}
            """
        let failure = #expect(throws: Failure.self) { try Pipeline(Array(text.utf8), origin: "p.yaml") }
        let places = (failure?.message ?? "").split(separator: "\n").map { $0.split(separator: " ")[0] }
        #expect(
            places == [
                "p.yaml:1:1:", "p.yaml:3:29:", "p.yaml:3:32:", "p.yaml:4:11:", "p.yaml:5:9:", "p.yaml:6:9:", "p.yaml:7:11:", "p.yaml:8:9:",
                "p.yaml:9:22:", "p.yaml:9:25:", "p.yaml:10:1:", "p.yaml:11:17:", "p.yaml:11:23:", "p.yaml:11:39:", "p.yaml:11:49:",
                "p.yaml:11:70:",
            ], "\(failure?.message ?? "")")
    }

    @Test("A schema and fields together, or neither, are a mistake; a question alone is a task")
    func whole() throws {
        #expect(throws: Failure.self) { try Self.pipeline("fields: {a: text}", "schema: {type: object}") }
        #expect(throws: Failure.self) { try Self.pipeline() }
        let text = "pipeline: qdoc.pipeline/1\nname: mine\nquestion: Which grew?\nfields: {a: text}"
        #expect(try Pipeline(Array(text.utf8), origin: "p.yaml").question == "Which grew?")
    }

    @Test("The keys are read as they are meant")
    func keys() throws {
        let pipeline = try Self.pipeline(
            "fields: {a: text}", "window: {pages: 4, overlap: 1}", "thinking: off", "anchor: text", "images: none", "language: pt-BR",
            "system: auto", "limits: {max-output: 512, thinking-budget: 64}")
        #expect(pipeline.window?.pages == 4 && pipeline.window?.overlap == 1)
        #expect(pipeline.thinks == false)
        #expect(pipeline.isAnchored && !pipeline.showsImages && pipeline.wantsSystem)
        #expect(pipeline.language == "pt-BR")
        #expect(pipeline.limits == Pipeline.Limits(maxOutput: 512, thinkingBudget: 64))
        let all = try Self.pipeline("fields: {a: text}", "window: all").window
        #expect(all != nil && all?.pages == nil)
        #expect(try Self.pipeline("fields: {a: text}", "window: page").window?.pages == 1)
    }

    @Test("What a command line says is another pipeline, with another digest")
    func changes() throws {
        let pipeline = try Pipeline.find("question")
        let asked = try pipeline.changed(Pipeline.Changes(question: "Who signed?", language: "de"))
        #expect(asked.question == "Who signed?" && asked.language == "de")
        #expect(asked.digest != pipeline.digest)
        #expect(try pipeline.changed(Pipeline.Changes()).digest == pipeline.digest)
        #expect(throws: Failure.self) { try pipeline.changed(Pipeline.Changes(language: "d")) }
        #expect(throws: Failure.self) { try pipeline.changed(Pipeline.Changes(schema: ["$ref": "http://x/y"])) }
    }

    @Test("Windows overlap by what is wanted, and always get further")
    func layout() {
        #expect(WindowLayout(size: 4).ranges(of: 9) == [0..<4, 4..<8, 8..<9])
        #expect(WindowLayout(size: 4, overlap: 1).ranges(of: 9) == [0..<4, 3..<7, 6..<9])
        #expect(WindowLayout(size: 4, overlap: 1).ranges(of: 4) == [0..<4])
        #expect(WindowLayout(size: 1, overlap: 3).ranges(of: 2) == [0..<1, 1..<2])
        #expect(WindowLayout(size: 0).ranges(of: 0).isEmpty)
    }

    @Test(
        "The guides' advice is given where a task goes against it, and only there",
        arguments: [
            ("Describe the totals.", ["only asks for a description", "no conclusion"]),
            ("Describe the charts in the report.", ["only asks for a description", "no conclusion"]),
            ("Describe the charts and conclude which of the three grew most.", []),
            ("Compare the two charts and decide which one is right.", ["no image numbers"]),
            ("Compare the charts, name the image numbers, and decide which is right.", []),
            ("Decide what the video shows in the end.", ["without a range"]),
            ("Decide what the video shows in the range from 0:10 to 0:20.", []), ("Beschreibe das Bild.", []),
        ])
    func advice(task: String, expected: [String]) {
        let warnings = PipelineAdvice(task: task, thinks: nil).warnings
        #expect(warnings.count == expected.count, "\(warnings)")
        for (warning, part) in zip(warnings, expected) { #expect(warning.contains(part)) }
    }

    @Test("No thinking-only model is put a description by a pipeline that switches thinking off")
    func bulkAdvice() {
        #expect(PipelineAdvice(task: "List the names of the signers, to find who is missing.", thinks: false).warnings.isEmpty)
    }

    @Test("Each key has a row in docs/pipelines.md, and so has each type of a field")
    func documented() throws {
        let text = "pipeline: qdoc.pipeline/1\nname: mine\nquestion: Which?\nfields: {a: nothing}\nkey: 1"
        let failure = #expect(throws: Failure.self) { try Pipeline(Array(text.utf8), origin: "p.yaml") }
        let lines = (failure?.message ?? "").split(separator: "\n").compactMap {
            $0.split(separator: "; known are ").last?.split(separator: " and choice").first
        }
        let document = try Project.text("docs/pipelines.md")
        let rows = document.split(separator: "\n").filter { $0.hasPrefix("| ") }.map { $0.split(separator: "|")[0] }
        for line in lines {
            for name in line.split(separator: ", ") {
                #expect(rows.contains { $0.contains("`\(name)`") }, "\(name)")
            }
        }
        #expect(lines.count == 2)
    }
}
