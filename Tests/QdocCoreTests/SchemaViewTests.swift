import QdocCore
import Testing

@Suite("Schema view")
struct SchemaViewTests {
    private func property(_ text: String) throws -> SchemaView {
        let schema = try JSONParser.parse(
            """
            {"properties": {"x": \(text)}, "$defs": {
                "number": {"type": "number", "title": "A number"}, "loop": {"$ref": "#/$defs/loop"},
                "pair": {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}}}
            """)
        return try #require(SchemaView(schema).property("x"))
    }

    @Test(
        "A field is the same however its schema is put together",
        arguments: [
            ##"{"$ref": "#/$defs/number"}"##, ##"{"allOf": [{"$ref": "#/$defs/number"}]}"##, ##"{"anyOf": [{"$ref": "#/$defs/number"}]}"##,
            ##"{"allOf": [{"title": "x"}, {"oneOf": [{"type": "number"}]}]}"##,
        ])
    func references(text: String) throws {
        let view = try property(text)
        #expect(view.kinds == ["number"])
        #expect(!view.isNullable)
    }

    @Test(
        "Null beside the rest in a union is seen through references",
        arguments: [
            ##"{"anyOf": [{"allOf": [{"$ref": "#/$defs/number"}]}, {"type": "null"}]}"##,
            ##"{"allOf": [{"oneOf": [{"type": "null"}, {"$ref": "#/$defs/number"}]}]}"##, ##"{"type": ["number", "null"]}"##,
        ])
    func nullable(text: String) throws {
        let view = try property(text)
        #expect(view.kinds == ["number", "null"])
        #expect(view.isNullable)
    }

    @Test("Members of all branches of allOf stand beside one's own, and the kinds are those that all allow")
    func merge() throws {
        let view = try property(
            ##"{"properties": {"b": {"type": "integer"}}, "allOf": [{"$ref": "#/$defs/pair"}], "type": ["object", "array"]}"##)
        #expect(view.propertyNames == ["b", "a"])
        #expect(view.property("a")?.kinds == ["string"])
        #expect(view.required == ["a"])
        #expect(view.kinds == ["object"])
        #expect(try property(##"{"type": "integer", "$ref": "#/$defs/number"}"##).kinds == ["integer"])
    }

    @Test("A definition's title is not the field's")
    func titles() throws {
        #expect(try property(##"{"$ref": "#/$defs/number"}"##).title == nil)
        #expect(try property(##"{"$ref": "#/$defs/number", "title": "Revenue"}"##).title == "Revenue")
        #expect(try property(##"{"allOf": [{"title": "Revenue"}]}"##).title == "Revenue")
    }

    @Test(
        "A reference that leads to itself, nowhere or abroad says nothing",
        arguments: ["#/$defs/loop", "#/nowhere", "other.json#/$defs/number", "#name"])
    func deadEnds(reference: String) throws {
        let view = try property(##"{"$ref": "\##(reference)"}"##)
        #expect(view.kinds.isEmpty && view.allows("number") && view.properties.isEmpty)
    }

    @Test("Many branches are bounded")
    func bounded() throws {
        let branch = ##"{"allOf": [\##(String(repeating: "{}, ", count: 500)){}]}"##
        let view = try property(##"{"allOf": [\##(String(repeating: branch + ", ", count: 500)){"type": "number"}]}"##)
        #expect(view.kinds.isEmpty)
    }

    @Test("Elements are told apart by place where the schema does so")
    func elements() throws {
        let alike = try property(##"{"items": {"$ref": "#/$defs/number"}}"##)
        #expect(alike.items?.kinds == ["number"])
        #expect(alike.element(at: 7)?.kinds == ["number"])
        let tuple = try property(##"{"prefixItems": [{"type": "string"}], "items": {"type": "number"}}"##)
        #expect(tuple.items == nil)
        #expect(tuple.element(at: 0)?.kinds == ["string"])
        #expect(tuple.element(at: 1)?.kinds == ["number"])
    }
}
