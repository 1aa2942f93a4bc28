import QdocCore
import QdocRuntime
import QdocSchema
import Testing

/// The JSON-Schema-Test-Suite of the Debian package of that name.
private enum Suite {
    static let folder = "/usr/share/json-schema-test-suite"
    static let draft = "\(folder)/tests/draft7"
    /// The suite does not bring the meta-schema; a dependency of its package does.
    static let metaSchema = "/usr/lib/python3/dist-packages/jsonschema/schemas/draft7.json"
    static var isThere: Bool { Files.exists(draft) && Files.exists(metaSchema) }

    static func read(_ path: String) throws -> JSONValue { try JSONParser.parse(try Files.read(path, limit: 1 << 20)) }

    /// What the suite expects at the addresses that its schemas refer to.
    static func documents() throws -> [String: JSONValue] {
        var documents = ["http://json-schema.org/draft-07/schema": try read(metaSchema)]
        for name in ["integer.json", "subSchemas.json", "name.json", "folder/folderInteger.json"] {
            documents["http://localhost:1234/\(name)"] = try read("\(folder)/remotes/\(name)")
        }
        return documents
    }
}

@Suite(.enabled(if: Suite.isThere, "needs the Debian package json-schema-test-suite"))
struct SchemaSuiteTests {
    /// Runs the cases of a file, and gives how many there were and which went wrong.
    private func run(_ path: String) throws -> (count: Int, wrong: [String]) {
        let documents = try Suite.documents()
        var count = 0
        var wrong: [String] = []
        for group in try #require(try Suite.read(path).array) {
            let title = group["description"]?.string ?? ""
            let schema: JSONSchema
            do {
                schema = try JSONSchema(try #require(group["schema"]), documents: documents)
            } catch let failure as Failure {
                count += group["tests"]?.array?.count ?? 0
                wrong.append("\(path): \(title): \(failure.message)")
                continue
            }
            for test in group["tests"]?.array ?? [] {
                count += 1
                let isValid = schema.isValid(try #require(test["data"]))
                if isValid != test["valid"]?.bool { wrong.append("\(path): \(title): \(test["description"]?.string ?? "")") }
            }
        }
        return (count, wrong)
    }

    @Test("Every required test of draft 7 passes")
    func required() throws {
        var count = 0
        var wrong: [String] = []
        for name in Files.names(in: Suite.draft) where name.hasSuffix(".json") {
            let result = try run("\(Suite.draft)/\(name)")
            count += result.count
            wrong += result.wrong
        }
        #expect(wrong == [])
        // 2.0.0 of the suite; an empty folder must not pass.
        #expect(count >= 423)
    }

    @Test("The formats that are checked pass their optional tests", arguments: ["date", "date-time", "email", "uri"])
    func formats(name: String) throws {
        let result = try run("\(Suite.draft)/optional/format/\(name).json")
        #expect(result.wrong == [])
        #expect(result.count > 0)
    }

    @Test("The optional tests of zeros pass", arguments: ["zeroTerminatedFloats"])
    func numbers(name: String) throws {
        #expect(try run("\(Suite.draft)/optional/\(name).json").wrong == [])
    }
}

@Suite struct SchemaFormatTests {
    @Test(
        "Formats are kept to their calendars and grammars",
        arguments: [
            ("date", "2024-02-29", true), ("date", "2023-02-29", false), ("date", "1900-02-29", false), ("date", "2000-02-29", true),
            ("date", "2024-04-31", false), ("date", "2024-1-1", false), ("date", "2024-01-01\n", false), ("date", "２024-01-01", false),
            ("date-time", "1998-12-31T23:59:60Z", true), ("date-time", "1998-12-31T15:59:60.12-08:00", true),
            ("date-time", "1998-12-31T23:58:60Z", false), ("date-time", "2024-01-01T24:00:00Z", false),
            ("date-time", "2024-01-01T12:00:00", false),
            ("email", "\"a b\"@example.org", true), ("email", "a..b@example.org", false), ("email", ".a@example.org", false),
            ("email", "a@-b.org", false), ("email", "a@[127.0.0.1]", true),
            ("uri", "http://a/%zz", false), ("uri", "http://[::1]:80/", true), ("uri", "a:", true), ("uri", "http://ä/", false),
        ])
    func formats(format: String, text: String, isValid: Bool) throws {
        #expect(try JSONSchema(["format": .string(format)]).isValid(.string(text)) == isValid)
    }
}
