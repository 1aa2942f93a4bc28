import QdocCore
import QdocReport
import QdocSchema
import QdocTesting
import Testing

@Suite struct PublishedSchemaTests {
    private static func schema(_ name: String) throws -> JSONSchema {
        try JSONSchema(try JSONParser.parse(try Project.text("schemas/qdoc.\(name)-1.json")))
    }

    @Test("Reports of every kind fit the published schema", arguments: [SampleReport.full, SampleReport.local, SampleReport.failed])
    func reports(report: Report) throws {
        #expect(try Self.schema("report").violations(of: JSONParser.parse(ReportJSON.text(report))) == [])
    }

    @Test("Events of every kind fit the published schema")
    func events() throws {
        let schema = try Self.schema("events")
        for event in SampleEvents.events {
            #expect(schema.violations(of: try JSONParser.parse(EventJSON.line(event))) == [], "\(event)")
        }
    }

    @Test("Inspections fit the published schema")
    func inspections() throws {
        var writer = InspectJSON(SampleReport.source)
        let bytes = writer.page(SampleReport.inspected) + writer.finish()
        #expect(try Self.schema("inspect").violations(of: JSONParser.parse(bytes)) == [])
    }

    /// One member set to something wrong, or removed where the value is nil.
    struct Mutation: Sendable, CustomTestStringConvertible {
        var pointer: String
        var value: JSONValue?

        init(_ pointer: String, _ value: JSONValue?) {
            self.pointer = pointer
            self.value = value
        }

        var testDescription: String { "\(pointer) = \(value.map { JSONWriter.text($0) } ?? "removed")" }
    }

    static let mutations: [Mutation] = [
        Mutation("/schema", "qdoc.report/2"), Mutation("/schema", nil), Mutation("/data", nil), Mutation("/egress", nil),
        Mutation("/totals", nil), Mutation("/extra", 1), Mutation("/run/state", "done"), Mutation("/run/state", "failed"),
        Mutation("/run/digest", "abc"), Mutation("/run/digest", .string(SampleReport.digest.uppercased())), Mutation("/run/id", ""),
        Mutation("/run/startedAt", "yesterday"), Mutation("/run/duration", -1), Mutation("/run/model", "qvq"), Mutation("/run/key", "sk-1"),
        Mutation("/sources/0/sha256", nil), Mutation("/sources/0/ordinal", 0), Mutation("/sources/0/mediaType", "text/x-unknown"),
        Mutation("/pages/0/outcome", "skipped"), Mutation("/pages/0/code", "page_damaged"), Mutation("/pages/2/code", nil),
        Mutation("/pages/3/code", "boom"), Mutation("/pages/0/rotation", 45), Mutation("/pages/0/page", .double(1.5)),
        Mutation("/pages/0/width", "595"),
        Mutation("/images/0/encoding", "image/webp"), Mutation("/images/0/bytes", 0), Mutation("/images/1/region", [1, 2, 3]),
        Mutation("/images/0/sha256", "0"), Mutation("/calls/0/state", "paid"), Mutation("/calls/0/images", [0]),
        Mutation("/calls/0/images", [1, 1]), Mutation("/calls/0/usage/outputTokens", -5), Mutation("/calls/0/usage/cost", 1),
        Mutation("/calls/0/timing/startedAt", nil), Mutation("/calls/1/failure/code", nil), Mutation("/calls/0/attempts", -1),
        Mutation("/evidence/0/verdict", "true"), Mutation("/evidence/0/verdict", nil), Mutation("/evidence/0/pointer", "title"),
        Mutation("/evidence/0/pointer", "/a~2"), Mutation("/evidence/0/places", []), Mutation("/evidence/0/places/0/box", [1, 2, 3, 4, 5]),
        Mutation("/evidence/0/places/0/page", 0), Mutation("/evidence/0/places/0/text", nil), Mutation("/evidence/0/method", "guess"),
        Mutation("/evidence/0/value", [:]), Mutation("/repairs/0/kind", "Code fence"), Mutation("/conflicts/0/kept", nil),
        Mutation("/findings/0", "x"), Mutation("/warnings/0/code", "odd"), Mutation("/warnings/0/source", nil),
        Mutation("/reasoning/0/call", nil),
        Mutation("/egress/0/host", "https://example.org/"), Mutation("/egress/0/sha256", nil), Mutation("/egress/0/images", "all"),
        Mutation("/totals/verified", nil), Mutation("/totals/verified", -1), Mutation("/totals/inputTokens", "many"),
    ]

    @Test("A report with one wrong member does not fit", arguments: mutations)
    func mutated(mutation: Mutation) throws {
        let report = try JSONParser.parse(ReportJSON.text(SampleReport.full))
        let pointer = try #require(JSONPointer(text: mutation.pointer))
        let mutated = report.setting(pointer.tokens[...], to: mutation.value)
        #expect(mutated != report)
        #expect(try !Self.schema("report").isValid(mutated))
    }

    @Test("The codes of the schemas are those of the program")
    func codes() throws {
        for name in ["report", "events", "inspect"] {
            let schema = try JSONParser.parse(try Project.text("schemas/qdoc.\(name)-1.json"))
            #expect(
                schema["definitions"]?["code"]?["enum"]?.array?.compactMap(\.string) == Failure.Code.allCases.map(\.rawValue), "\(name)")
        }
        let report = try JSONParser.parse(try Project.text("schemas/qdoc.report-1.json"))
        let verdicts = report["properties"]?["evidence"]?["items"]?["properties"]?["verdict"]?["enum"]
        #expect(verdicts?.array?.compactMap(\.string) == Verdict.allCases.map(\.rawValue))
    }
}

extension JSONValue {
    /// The value with the member at a path set, or removed where `value` is nil; an array grows at its end.
    fileprivate func setting(_ path: ArraySlice<String>, to value: JSONValue?) -> JSONValue {
        guard let name = path.first else { return value ?? .null }
        let rest = path.dropFirst()
        switch self {
        case .object(var object):
            object[name] = rest.isEmpty ? value : object[name]?.setting(rest, to: value)
            return .object(object)
        case .array(var elements):
            guard let index = Int(name) else { return self }
            if index == elements.count { elements.append(.null) }
            elements[index] = elements[index].setting(rest, to: value)
            return .array(elements)
        default: return self
        }
    }
}
