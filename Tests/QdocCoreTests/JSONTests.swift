import QdocCore
import Testing

@Suite struct JSONTests {
    @Test(
        "JSON is read and written without loss",
        arguments: [
            "null", "true", "0", "-0", "1.50", "1e5", "1E+5", "-1.0e-10", "123456789012345678901234567890", "\"\"", "\"é😀\"", "[]", "{}",
            "[[],[{}]]", #"{"b":1,"a":[null,false]}"#, #""\"\\\n\r\t""#, #"{"":0}"#, "\"\u{7FF}\u{20AC}\u{2070}\"", #""\u0000\u001f""#,
        ])
    func roundTrip(text: String) throws {
        #expect(JSONWriter.text(try JSONParser.parse(text)) == text)
        let indented = JSONWriter.text(try JSONParser.parse(text), indent: 2)
        #expect(JSONWriter.text(try JSONParser.parse(indented)) == text)
    }

    @Test("Characters that mislead whoever looks at a terminal are escaped, and mean the same")
    func hidden() throws {
        let value: JSONValue = "a\u{9B}31m\u{85}\u{2028}\u{202E}b\u{2067}é\u{7F}"
        let text = JSONWriter.text(value)
        #expect(text == #""a\u009b31m\u0085\u2028\u202eb\u2067é\u007f""#)
        #expect(try JSONParser.parse(text) == value)
    }

    @Test(
        "What RFC 8259 does not allow is refused",
        arguments: [
            "", " ", "nul", "nulll", "True", "+1", "01", "-", "1.", ".5", "1e", "1e+", "0x1", "NaN", "Infinity", "[1,]", "[,1]", "[1 2]",
            "[1",
            "]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{\"a\":1 \"b\":2}", "{'a':1}", "\"", "\"\\\"", "\"\\x\"", "\"\\u12\"",
            "\"\\u12G4\"", "\"\\u+123\"", "\"a\nb\"", "\"\t\"", "1 1", "{}{}", "// c\n1", "\u{FEFF}1", "\u{A0}1", "{\"a\":1,\"a\":2}",
            "--1",
        ])
    func refused(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(text) }
    }

    @Test("Bytes that are not UTF-8 are refused inside texts and out")
    func encoding() {
        for bytes: [UInt8] in [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xE2, 0x82, 0x22], [0xFF],
        ] {
            #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(bytes) }
        }
    }

    @Test(
        "Escapes become their characters; a lone surrogate becomes the replacement character",
        arguments: [
            (#""\u0041\/\b\f""#, "A/\u{8}\u{C}"), (#""\uD83D\uDE00""#, "😀"), (#""\uD83D""#, "\u{FFFD}"), (#""\uDE00x""#, "\u{FFFD}x"),
            (#""\uD83D\u0041""#, "\u{FFFD}A"), (#""\uD83Dx""#, "\u{FFFD}x"), (#""\uD83D\uD83D\uDE00""#, "\u{FFFD}😀"),
        ])
    func escapes(text: String, expected: String) throws {
        #expect(try JSONParser.parse(text).string == expected)
    }

    @Test("Depth and size are bounded")
    func bounds() throws {
        let depth = JSONParser.Limits().depth
        func nested(_ levels: Int) -> String { String(repeating: "[", count: levels) + String(repeating: "]", count: levels) }
        _ = try JSONParser.parse(nested(depth))
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(nested(depth + 1)) }
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(String(repeating: "{\"a\":", count: 100_000)) }
        var limits = JSONParser.Limits()
        limits.size = 3
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(Array("1234".utf8), limits: limits) }
    }

    @Test("Errors name their place")
    func places() {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONParser.parse("[1, x]") }
        #expect(error?.offset == 4)
    }

    @Test("Numbers keep their form and give their values")
    func numbers() {
        #expect(JSONNumber("1.50")?.double == 1.5)
        #expect(JSONNumber("7")?.int == 7)
        #expect(JSONNumber("7.0")?.int == 7)
        #expect(JSONNumber("7.5")?.int == nil)
        #expect(JSONNumber("1e400")?.int == nil)
        #expect(JSONNumber("99999999999999999999")?.int == nil)
        #expect(JSONNumber(" 7") == nil)
        #expect(JSONNumber("7 ") == nil)
        #expect(JSONNumber("") == nil)
        #expect(JSONNumber("0x7") == nil)
        #expect(JSONNumber(Double.nan) == nil)
        #expect(JSONNumber(1e21)?.double == 1e21)
        #expect(JSONNumber(-0.1)?.lexical == "-0.1")
        #expect(JSONNumber(3.0)?.lexical == "3")
        for value in [Double.leastNonzeroMagnitude, Double.greatestFiniteMagnitude, 1e-7, 123456.789, 1e15, -1e16] {
            #expect(JSONNumber(value).flatMap { JSONNumber($0.lexical) }?.double == value)
        }
        #expect(JSONValue.double(.infinity) == .null)
        #expect(JSONValue.points(12.3456) == .double(12.35))
    }

    @Test("Objects keep their order and one value for each name")
    func objects() {
        var object: JSONObject = ["b": 1, "a": 2]
        object["b"] = 3
        object["c"] = 4
        object["a"] = nil
        #expect(JSONWriter.text(.object(object)) == #"{"b":3,"c":4}"#)
        let many = JSONObject(members: ["x", "y", "x"].enumerated().map { .init(name: $0.element, value: .int($0.offset)) })
        #expect(JSONWriter.text(.object(many)) == #"{"x":2,"y":1}"#)
    }

    @Test("The writer makes no invisible control characters, and hands over pieces")
    func writer() {
        #expect(JSONWriter.text("\u{1}\u{7F}\u{1B}[31m") == #""\u0001\u007f\u001b[31m""#)
        var writer = JSONWriter()
        writer.beginArray()
        writer.value(1)
        var pieces = [writer.take()]
        writer.value(["a": []])
        writer.endArray()
        pieces.append(writer.take())
        #expect(String(decoding: pieces.joined(), as: UTF8.self) == #"[1,{"a":[]}]"#)
    }

    @Test("Every cut of a JSON text is refused")
    func cuts() throws {
        let text = #"{"a":[1.5,"x\u00e9",null,true,{"b":"é"}]}"#
        for length in 0..<text.utf8.count {
            #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(Array(text.utf8.prefix(length))) }
        }
    }
}
