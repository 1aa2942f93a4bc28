import QdocCore
import QdocSchema
import Testing

@Suite struct JSONSchemaTests {
    private func schema(_ text: String) throws -> JSONSchema { try JSONSchema(try JSONParser.parse(text)) }

    private func pointers(_ schema: String, _ instance: String) throws -> [String] {
        try self.schema(schema).violations(of: try JSONParser.parse(instance)).map(\.pointer.description).sorted()
    }

    @Test(
        "Valid instances have no violations",
        arguments: [
            (#"{"type":"integer"}"#, "1.0"), (#"{"type":["number","null"]}"#, "null"), (#"{"const":1}"#, "1.0"),
            (#"{"enum":[1.5,"a"]}"#, #""a""#), (#"{"minLength":2,"maxLength":2}"#, #""äö""#), ("true", "{}"),
            (#"{"type":"string","x-qdoc-proof":"none","made-up":7}"#, #""a""#),
            (##"{"$ref":"#/definitions/a","definitions":{"a":{"type":"array","items":{"$ref":"#/definitions/a"}}}}"##, "[[],[[]]]"),
            (#"{"if":{"required":["a"]},"then":{"required":["b"]}}"#, #"{"a":1,"b":2}"#),
            (#"{"pattern":"^[a-z]+$"}"#, #""abc""#), (#"{"pattern":"^[a-z]+$"}"#, "5"),
            (#"{"patternProperties":{"^x":{"type":"number"}},"additionalProperties":false}"#, #"{"x1":1,"x2":2}"#),
            (##"{"$id":"http://a.example/t","items":{"$ref":"u"},"definitions":{"u":{"$id":"u","type":"null"}}}"##, "[null]"),
            (##"{"allOf":[{"$ref":"#here"}],"definitions":{"a":{"$id":"#here","type":"null"}}}"##, "null"),
            (#"{"format":"date"}"#, #""2024-02-29""#), (#"{"format":"made-up"}"#, #""x""#), (#"{"format":"date"}"#, "5"),
            (#"{"propertyNames":{"pattern":"^a"}}"#, #"{"ab":1}"#), (#"{"enum":[{"pattern":"("}]}"#, #"{"pattern":"("}"#),
        ])
    func valid(schema: String, instance: String) throws {
        #expect(try pointers(schema, instance) == [])
    }

    @Test(
        "Each violation names its place",
        arguments: [
            (#"{"type":"integer"}"#, "1.5", [""]),
            (
                #"{"properties":{"a":{"items":{"type":"number"}}},"required":["b"]}"#, #"{"a":[1,"x",true]}"#,
                ["", "/a/1", "/a/2"]
            ),
            (#"{"additionalProperties":false}"#, #"{"a/b":1}"#, [""]),
            (#"{"properties":{"a/b":{"type":"null"}}}"#, #"{"a/b":1}"#, ["/a~1b"]),
            (#"{"properties":{"a":{"pattern":"^[a-z]+$"}}}"#, #"{"a":"ABC"}"#, ["/a"]),
            (#"{"patternProperties":{"^x":{"type":"number"}},"additionalProperties":false}"#, #"{"x1":"1"}"#, ["/x1"]),
            (#"{"patternProperties":{"^x":{"type":"number"}},"properties":{"xy":{"minimum":3}}}"#, #"{"xy":2}"#, ["/xy"]),
            (#"{"anyOf":[{"pattern":"^a"},{"pattern":"^b"}]}"#, #""c""#, ["", "", ""]),
            (#"{"properties":{"a":{"anyOf":[{"format":"date"},{"type":"null"}]}}}"#, #"{"a":"2023-02-29"}"#, ["/a", "/a", "/a"]),
            (
                ##"{"format":"email","allOf":[{"$ref":"#/definitions/a"}],"definitions":{"a":{"minLength":9}}}"##, #""a.b.c.d.e.f""#,
                [""]
            ),
            (
                ##"{"format":"email","allOf":[{"$ref":"#/definitions/a"}],"definitions":{"a":{"minLength":9}}}"##, #""a@b""#,
                [""]
            ),
            ("false", "1", [""]), (#"{"maximum":10}"#, "1e400", [""]),
            (
                ##"{"$ref":"#/patternProperties/%5Ea","patternProperties":{"^a":{"type":"null"}}}"##, "1",
                [""]
            ),
        ])
    func violations(schema: String, instance: String, expected: [String]) throws {
        #expect(try pointers(schema, instance) == expected)
    }

    @Test(
        "A schema that cannot be used is refused",
        arguments: [
            ##"{"$ref":"http://example.org/s.json"}"##, ##"{"$ref":"other.json#/a"}"##, ##"{"$ref":"#/nowhere"}"##, ##"{"$ref":"#"}"##,
            ##"{"definitions":{"a":{"allOf":[{"$ref":"#/definitions/b"}]},"b":{"$ref":"#/definitions/a"}}}"##,
            #"{"pattern":"(?=a)"}"#, #"{"patternProperties":{"(":{}}}"#, #"{"type":"flurb"}"#, #"{"properties":[]}"#, #"{"items":7}"#, "7",
            #"{"pattern":5}"#, #"{"required":"a"}"#,
        ])
    func refused(text: String) throws {
        let error = #expect(throws: Failure.self) { try schema(text) }
        #expect(error?.code == .invalidConfiguration)
    }

    @Test("Deep schemas and deep instances are refused, not followed")
    func depth() throws {
        let deep = String(repeating: #"{"items":"#, count: 100) + "{}" + String(repeating: "}", count: 100)
        #expect(throws: Failure.self) { try schema(deep) }
        let nested = try schema(##"{"type":"array","items":{"$ref":"#"}}"##)
        let within = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
        #expect(nested.violations(of: try JSONParser.parse(within)) == [])
        let beyond = String(repeating: "[", count: 400) + String(repeating: "]", count: 400)
        #expect(nested.violations(of: try JSONParser.parse(beyond)).count == 1)
    }

    @Test("A pattern over a long text does not overflow the stack")
    func longPattern() throws {
        let long = JSONValue.string(String(repeating: "a", count: 1_000_000))
        #expect(try schema(#"{"pattern":"^(a|b)*$"}"#).violations(of: long) == [])
        #expect(try schema(#"{"pattern":"^(a|b)*c$"}"#).violations(of: long).count == 1)
    }

    @Test("The list of violations is bounded")
    func bounded() throws {
        let texts = JSONValue.array(Array(repeating: "x", count: 1000))
        #expect(try schema(#"{"items":{"type":"number"}}"#).violations(of: texts).count == 50)
    }
}
