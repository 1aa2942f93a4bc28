import QdocCore
import QdocPrompt
import Testing

@Suite struct AnswerFormTests {
    private func derive(_ text: String) throws -> JSONValue {
        AnswerForm.derive(from: try JSONParser.parse(text))
    }

    private func isRecord(_ schema: JSONValue?) -> Bool {
        Array(schema?["properties"]?.object?.names.prefix(2) ?? []) == ["_image", "_quote"]
            && schema?["required"]?.array?.prefix(2) == ["_image", "_quote"]
    }

    @Test("the root and the items of arrays are records, objects inside them are not")
    func records() throws {
        let form = try derive(
            #"{"type":"object","required":["rows"],"properties":{"rows":{"type":"array","items":{"type":["object","null"],"#
                + #""properties":{"v":{"type":"object","properties":{"n":{"type":"number"}}}},"required":["v"]}}},"additionalProperties":false}"#
        )
        #expect(isRecord(form))
        #expect(form["required"] == ["_image", "_quote", "rows"])
        #expect(form["additionalProperties"] == false)
        let item = form["properties"]?["rows"]?["items"]
        #expect(isRecord(item))
        #expect(item?["required"] == ["_image", "_quote", "v"])
        #expect(item?["properties"]?["v"] == ["type": "object", "properties": ["n": ["type": "number"]]])
        #expect(item?["properties"]?["_image"]?["type"] == "integer")
        #expect(item?["properties"]?["_quote"]?["type"] == "string")
    }

    @Test("items by reference and behind combinations are records too, even where they refer to themselves")
    func references() throws {
        let form = try derive(
            ##"{"type":"array","items":{"anyOf":[{"$ref":"#/$defs/row"},{"type":"null"}]},"$defs":{"row":{"type":"object","##
                + ##""properties":{"rows":{"type":"array","items":{"$ref":"#/$defs/row"}},"o":{"$ref":"#/$defs/plain"}}},"##
                + ##""plain":{"type":"object","properties":{"x":{}}}}}"##)
        #expect(isRecord(form["$defs"]?["row"]))
        #expect(!isRecord(form["$defs"]?["plain"]))
        #expect(form["required"] == nil)
        #expect(form["items"]?["anyOf"]?[0] == ["$ref": "#/$defs/row"])
        let tuple = try derive(#"{"type":"object","properties":{"t":{"prefixItems":[{"properties":{"a":{}}}]}}}"#)
        #expect(isRecord(tuple["properties"]?["t"]?["prefixItems"]?[0]))
    }

    @Test("our own keywords are left out; members, values and everything else stay")
    func keywords() throws {
        let form = try derive(
            #"{"type":"object","x-qdoc-kind":"report","title":"T","properties":{"x-qdoc-name":{"type":"string","x-qdoc-unit":"EUR","#
                + #""enum":["x-qdoc-a"],"default":{"x-qdoc-b":1,"items":{"type":"object"}}}}}"#)
        #expect(form["x-qdoc-kind"] == nil)
        #expect(form["title"] == "T")
        let member = form["properties"]?["x-qdoc-name"]
        #expect(member?["x-qdoc-unit"] == nil)
        #expect(member?["enum"] == ["x-qdoc-a"])
        #expect(member?["default"] == ["x-qdoc-b": 1, "items": ["type": "object"]])
    }

    @Test("a schema that is no object is left alone", arguments: ["true", #"{"type":"string"}"#, #"{"items":true}"#])
    func others(text: String) throws {
        #expect(try derive(text) == JSONParser.parse(text))
    }

    @Test("deriving twice changes nothing more")
    func idempotent() throws {
        let once = try derive(#"{"type":"object","properties":{"a":{"type":"array","items":{"type":"object"}}}}"#)
        #expect(AnswerForm.derive(from: once) == once)
    }
}
