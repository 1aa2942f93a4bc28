import QdocCore
import QdocReport
import QdocSchema
import QdocTesting
import Synchronization
import Testing

@testable import QdocPipeline

@Suite("A schema whose answer is too long", .timeLimit(.minutes(2)))
struct SchemaPartsTests {
    /// Nine sections of forty-one fields: 369.
    private static let schema: JSONValue = {
        var sections = JSONObject()
        for section in 1...9 {
            var fields = JSONObject()
            for field in 1...41 { fields["statementOfPositionLine\(section)x\(field)"] = ["type": ["string", "null"]] }
            sections["section\(section)"] = [
                "type": "object", "additionalProperties": false, "required": .array(fields.names.map(JSONValue.string)),
                "properties": .object(fields),
            ]
        }
        return [
            "type": "object", "additionalProperties": false, "required": .array(sections.names.map(JSONValue.string)),
            "properties": .object(sections),
        ]
    }()

    private static func pipeline() throws -> Pipeline {
        let text: JSONValue = [
            "pipeline": "qdoc.pipeline/1", "name": "long", "instructions": "Read every line.", "schema": schema,
        ]
        // JSON is YAML.
        return try Pipeline(Array(JSONWriter.text(text).utf8), origin: "long.yaml")
    }

    @Test("is divided into parts that each fit, in which every member stands once")
    func divided() throws {
        let parts = SchemaParts.divide(Self.schema, budget: 4_096)
        #expect(parts.count == 3)
        let names = parts.flatMap { part in
            SchemaView(part).properties.flatMap { section in section.schema.propertyNames.map { "\(section.name).\($0)" } }
        }
        #expect(names.count == 369 && Set(names).count == 369)
        #expect(SchemaParts.divide(Self.schema, budget: 100_000) == [Self.schema])
        // A section that is too long by itself is divided again.
        #expect(SchemaParts.divide(Self.schema, budget: 300).count > 9)
        let united: JSONValue = ["allOf": [Self.schema]]
        #expect(SchemaParts.divide(united, budget: 300) == [united])
    }

    /// The number of a line, from its name.
    private static func number(_ name: String) -> Int { name.utf8.reduce(7) { ($0 * 31 + Int($1)) % 1_009 } }

    private static func value(_ name: String) -> String { "value of \(name) " + String(repeating: "x", count: 340) }

    /// What a model sees of one quarter of the lines on each window of the document.
    private static func answer(_ form: SchemaView, window: Int) -> JSONValue {
        var answer: JSONObject = ["_image": 1, "_quote": ""]
        for section in form.properties where section.schema.kinds.contains("object") {
            var fields = JSONObject()
            for name in section.schema.propertyNames where !name.hasPrefix("_") {
                fields[name] = number(name) % 4 == window ? .string(value(name)) : nil
            }
            answer[section.name] = .object(fields)
        }
        return .object(answer)
    }

    @Test("is asked for in parts: 369 fields of 30 pages come back valid and complete from a model that writes 8,192 tokens")
    func complete() async throws {
        // In one piece it is longer than that.
        #expect(JSONWriter.text(Self.answer(SchemaView(Self.schema), window: 0)).utf8.count > 4 * 8_192)
        let folder = try TemporaryFolder()
        let path = folder("long.txt")
        let page = (1...40).map { "Line \($0) of the statement" }.joined(separator: "\n")
        try folder.write(Array(Array(repeating: page, count: 30).joined(separator: "\u{C}").utf8), to: "long.txt")
        let cuts = Mutex(0)
        let server = try LoopbackServer { exchange in
            guard let body = try? JSONParser.parse(exchange.request.body),
                let question = body["messages"]?[0]?["content"]?.array?.last?["text"]?.string,
                let start = question.firstRange(of: "before or after it:\n"),
                let form = try? JSONParser.parse(String(question[start.upperBound...])),
                let first = (try? ScriptedModel.imageNumbers(exchange.request))?.first
            else { return exchange.respond(400, Array("{}".utf8)) }
            let answer = JSONWriter.text(Self.answer(SchemaView(form), window: (first - 1) / 8))
            // Four bytes a token.
            let isCut = answer.utf8.count > 4 * 8_192
            if isCut { cuts.withLock { $0 += 1 } }
            ScriptedModel.stream(exchange, answer: String(answer.prefix(4 * 8_192)), finish: isCut ? "length" : "stop")
        }
        defer { server.stop() }
        let report = try await Bench.run(path, hostedAt: server.address + "/v1", pipeline: try Self.pipeline())
        #expect(report.pages.count == 30)
        #expect(report.run.state == .complete, "\(report.warnings)")
        #expect(server.requests.count == 12 && cuts.withLock { $0 } == 0)
        #expect(report.calls.map(\.number) == Array(1...12))
        #expect(try JSONSchema(Self.schema).violations(of: report.data) == [])
        for section in SchemaView(Self.schema).properties {
            for name in section.schema.propertyNames {
                #expect(report.data[section.name]?[name] == .string(Self.value(name)))
            }
        }
    }
}
