import QdocCore
import QdocYAML
import Testing

@Suite struct YAMLTests {
    @Test(
        "Plain scalars mean what the core schema says",
        arguments: [
            ("null", "null"), ("~", "null"), ("", "null"), ("true", "true"), ("FALSE", "false"), ("yes", "\"yes\""), ("on", "\"on\""),
            ("12", "12"), ("+12", "12"), ("-7", "-7"), ("012", "12"), ("0o14", "12"), ("0xC", "12"), ("1.50", "1.50"), (".5", "0.5"),
            ("1.", "1"), ("1e3", "1e3"), ("1_000", "\"1_000\""), ("12:30:45", "\"12:30:45\""), ("2024-01-01", "\"2024-01-01\""),
            ("'12'", "\"12\""), ("\"true\"", "\"true\""), ("!!str 12", "\"12\""), ("!!int 12", "12"), ("1.2.3", "\"1.2.3\""),
            ("-", "[null]"), ("0x", "\"0x\""), ("0x-1", "\"0x-1\""), ("<<", "\"<<\""), ("é", "\"é\""),
        ])
    func scalars(text: String, json: String) throws {
        #expect(JSONWriter.text(try YAML.parse(text, name: "a.yaml").json) == json)
    }

    @Test("Collections keep their order, and each node its place")
    func places() throws {
        let node = try YAML.parse("b: 1\na:\n  - x\n  - {c: 2}\n", name: "a.yaml")
        #expect(JSONWriter.text(node.json) == #"{"b":1,"a":["x",{"c":2}]}"#)
        let elements = try #require(node["a"]?.elements)
        #expect(elements.map(\.line) == [3, 4])
        #expect(elements.map(\.column) == [5, 5])
        #expect(node.members?.map(\.line) == [1, 2])
    }

    @Test("Aliases stand for what they name")
    func aliases() throws {
        let node = try YAML.parse("a: &x {k: 1}\nb: *x\n", name: "a.yaml")
        #expect(JSONWriter.text(node.json) == #"{"a":{"k":1},"b":{"k":1}}"#)
    }

    @Test(
        "What cannot be read is refused with its place",
        arguments: [
            ("a: 1\na: 2\n", "f.yaml:2:1:"), ("a: [1\n", "f.yaml:2:1:"), ("a: *b\n", "f.yaml:1:4:"), ("a: 1\n--- \nb: 2\n", "f.yaml:2:1:"),
            ("a: .inf", "f.yaml:1:4:"), ("a: !thing b", "f.yaml:1:4:"), ("? [a]\n: b", "f.yaml:1:3:"), ("a: &x [*x]", "f.yaml:1:8:"),
            ("a:\n\t- b", "f.yaml:2:1:"), ("a: !!int b", "f.yaml:1:4:"), ("a: !!int 1.5", "f.yaml:1:4:"),
        ])
    func refused(text: String, place: String) throws {
        let error = try #require(throws: Failure.self) { try YAML.parse(text, name: "f.yaml") }
        #expect(error.code == .invalidConfiguration)
        #expect(error.message.hasPrefix(place), "\(error.message)")
        #expect(error.remedy != nil)
    }

    @Test("A bomb of aliases is refused")
    func laughs() throws {
        var text = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
        for level in 1...12 { text += "a\(level): &a\(level) [\((0..<10).map { _ in "*a\(level - 1)" }.joined(separator: ","))]\n" }
        #expect(throws: Failure.self) { try YAML.parse(text, name: "f") }
    }

    @Test("Aliases of aliases do not nest deeper than brackets may")
    func aliasDepth() throws {
        func text(_ levels: Int) -> String {
            "a0: &a0 x\n" + (1...levels).map { "a\($0): &a\($0) [*a\($0 - 1)]\n" }.joined()
        }
        // The mapping is one level, the scalar at the bottom another.
        #expect(throws: Never.self) { try YAML.parse(text(62), name: "f") }
        let error = try #require(throws: Failure.self) { try YAML.parse(text(63), name: "f") }
        #expect(error.message.hasPrefix("f:64:"), "\(error.message)")
    }

    @Test("A number of a million digits is read in linear time")
    func longNumbers() throws {
        let zeros = String(repeating: "0", count: 1 << 20)
        #expect(try YAML.parse("a: \(zeros)7", name: "f")["a"]?.int == 7)
        #expect(try YAML.parse("a: \(zeros)x", name: "f")["a"]?.string == zeros + "x")
    }

    @Test("Depth, size and encoding are bounded")
    func bounds() throws {
        #expect(throws: Failure.self) { try YAML.parse(String(repeating: "[", count: 100_000), name: "f") }
        #expect(throws: Failure.self) {
            try YAML.parse(String(repeating: "[", count: 70) + String(repeating: "]", count: 70), name: "f")
        }
        #expect(throws: Failure.self) { try YAML.parse(Array(repeating: 0x20, count: 5 << 20), name: "f") }
        let error = try #require(throws: Failure.self) { try YAML.parse([0x61, 0x0A, 0xFF], name: "f") }
        #expect(error.message.hasPrefix("f:2:"))
    }
}
