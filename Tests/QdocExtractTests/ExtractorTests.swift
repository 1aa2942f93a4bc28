import QdocCore
import QdocExtract
import QdocTesting
import Testing

private let schema: JSONValue = [
    "type": "object", "additionalProperties": false, "required": ["figures"],
    "properties": [
        "title": ["type": ["string", "null"]],
        "kind": ["enum": ["bar", "line"]],
        "figures": [
            "type": "array",
            "items": [
                "type": "object", "additionalProperties": false, "required": ["label", "value"],
                "properties": [
                    "label": ["type": "string"], "value": ["type": "number"], "unit": ["type": ["string", "null"]],
                ],
            ],
        ],
    ],
]

@Suite struct ExtractorTests {
    private func extract(_ answer: String, finish: FinishReason? = .stop) throws -> Extraction {
        try Extractor(schema: schema).extract(answer: answer, call: 1, finish: finish)
    }

    private func kinds(_ extraction: Extraction) -> [String] { extraction.repairs.map(\.kind) }

    private static let good = #"{"title":"T","figures":[{"label":"Revenue","value":412.60,"unit":null}]}"#

    @Test("A valid answer is never changed")
    func unchanged() throws {
        let extraction = try extract(Self.good)
        #expect(JSONWriter.text(extraction.data) == Self.good)
        #expect(extraction.repairs == [])
        #expect(try extract("  \n" + Self.good + "\n", finish: .length).repairs == [])
    }

    @Test(
        "Each mending is told, and what it leads to is right",
        arguments: [
            ("```json\n\(good)\n```", ["code_fence"]),
            ("Here is the answer:\n```\n\(good)\n```\nI hope it helps {really}.", ["code_fence", "prose_around"]),
            ("<think>so [1] says</think>\(good)", ["prose_around", "several_blocks"]),
            (#"{"title":"draft","figures":[]} and then \#(good)"#, ["prose_around", "several_blocks"]),
            (#"{"title":"T","figures":[{"label":"Revenue","value":412.60,"unit":null,},],}"#, ["trailing_comma"]),
            (#"{"title":"T", // the title\#n"figures":[{"label":"Revenue","value":412.60,/* none */"unit":null}]}"#, ["comment"]),
            (#"{'title':'T','figures':[{'label':'Revenue','value':412.60,'unit':null}]}"#, ["single_quotes"]),
            (#"{title:"T",figures:[{label:"Revenue",value:412.60,unit:null}]}"#, ["bare_name"]),
            (#"{"title":"T","figures":[{"label":"Revenue","value":412.60,"unit":NaN}]}"#, ["not_a_number"]),
            (#"{"title":"T","figures":[{"label":"Revenue","value":412.60,"unit":None}]}"#, ["literal"]),
            (#"{“title”:“T”,“figures”:[{“label”:“Revenue”,“value”:412.60,“unit”:null}]}"#, ["smart_quotes"]),
            (#"{"title":"T" "figures":[{"label":"Revenue" "value":412.60,"unit":null}]}"#, ["missing_comma"]),
            (#"{"title":"T","figures":[{"label":"Revenue","value":+412.60,"unit":null}]}"#, ["number"]),
            (#"{"title":"T","figures":[{"label":"Revenue","value":412.60,"unit":null}}}"#, ["closing_bracket"]),
            (#"{"title":"T","figures":[{"label":"Revenue","value":412.60,"unit":null}]"#, ["truncated"]),
            (#"{"title":"T","figures":[{"label":"Revenue","value":412.60,"unit":null},{"label":"Cos"#, ["truncated", "invalid_record"]),
            (
                #"{"title":"T","figures":[{"label":"Revenue","value":412.60,"unit":null},{"label":"Costs","value":12"#,
                ["truncated", "invalid_record"]
            ),
            (#"{"title":"T","figures":[{"label":"Revenue","value":"412.60","unit":null}]}"#, ["text_as_number"]),
            (#"{"title":"T","figures":[{"label":"Revenue","value":412.60,"unit":"n/a"}]}"#, []),
            (#"{"title":"T","figures":{"label":"Revenue","value":412.60,"unit":null}}"#, ["wrapped"]),
            (#"{"title":"T","figures":[{"label":"Revenue","value":412.60,"unit":null,"note":"x"}]}"#, ["additional_member"]),
            (#"{"title":"T","figures":[{"label":"Revenue","value":412.60,"unit":null},{"label":"Costs"}]}"#, ["invalid_record"]),
            (#"{"data":\#(good)}"#, ["unwrapped"]), ("[\(good)]", ["unwrapped"]),
        ])
    func mended(answer: String, kinds expected: [String]) throws {
        let extraction = try extract(answer)
        #expect(kinds(extraction) == expected)
        #expect(extraction.data["title"] == "T")
        #expect(extraction.data["figures"]?.array?.count == 1)
        #expect(extraction.data["figures"]?[0]?["value"]?.number?.lexical == "412.60")
    }

    @Test("Texts are mended inside")
    func texts() throws {
        let answer = "{\"title\":\"a \"big\" tab\there \\q \u{1}\",\"figures\":[]}"
        let extraction = try extract(answer)
        #expect(extraction.data["title"] == .string("a \"big\" tab\there q \u{1}"))
        #expect(kinds(extraction) == ["control_character", "bad_escape", "inner_quote"])
    }

    @Test("Grouped and foreign numbers become numbers; several pieces of one number do not")
    func numbers() throws {
        func value(_ text: String) throws -> JSONValue? {
            try extract(#"{"figures":[{"label":"a","value":\#(text)}]}"#).data["figures"]?[0]?["value"]
        }
        #expect(try value(#""1,234.5""#)?.number?.lexical == "1234.5")
        #expect(try value(#""(845.1)""#)?.number?.lexical == "-845.1")
        #expect(try value(#""EUR 12""#)?.number?.lexical == "12")
        #expect(try value(#""1.2 million""#)?.number?.lexical == "1200000")
        // Two readings, and nothing on the page to choose by: the record goes instead.
        #expect(try value("1,234") == nil)
        #expect(try value("1,234,567")?.number?.lexical == "1234567")
        #expect(try value("1.234,5")?.number?.lexical == "1234.5")
    }

    @Test("Nullable and listed members that are missing are put in, and told")
    func missing() throws {
        let extraction = try extract(#"{"title":"T"}"#)
        #expect(JSONWriter.text(extraction.data) == #"{"title":"T","figures":[]}"#)
        #expect(kinds(extraction) == ["missing_member"])
    }

    @Test("An enumeration is read in any case")
    func enumeration() throws {
        let extraction = try extract(#"{"kind":"Bar","figures":[]}"#)
        #expect(extraction.data["kind"] == "bar")
        #expect(kinds(extraction) == ["enum_case"])
    }

    @Test("The answer form becomes citations at the records' own places")
    func citations() throws {
        let answer = #"""
            {"_image":1,"title":"T","figures":[{"_image":2,"_quote":"x","label":"bad"},
            {"_image":"image 3","_quote":"Revenue 412.6","label":"Revenue","value":412.6}]}
            """#
        let extraction = try extract(answer)
        #expect(JSONWriter.text(extraction.data) == #"{"title":"T","figures":[{"label":"Revenue","value":412.6}]}"#)
        #expect(
            extraction.citations == [
                JSONPointer(): Citation(image: 1),
                JSONPointer(["figures", "0"]): Citation(image: 3, quote: "Revenue 412.6"),
            ])
        #expect(kinds(extraction) == ["invalid_record"])
    }

    @Test(
        "What cannot be used fails with its code",
        arguments: [
            ("", FinishReason.stop, Failure.Code.answerNotJSON), ("I cannot read this.", .stop, .answerNotJSON),
            ("I cannot", .length, .answerTruncated), (#"{"note":1"#, .stop, .answerNotJSON), ("[[[[[[", .stop, .answerNotJSON),
            (#"{"title":5.5,"figures":7}"#, .stop, .answerInvalid), ("7", .stop, .answerInvalid), ("[]", .stop, .answerInvalid),
        ])
    func failures(answer: String, finish: FinishReason, code: Failure.Code) throws {
        let error = try #require(throws: Failure.self) { try extract(answer, finish: finish) }
        #expect(error.code == code)
    }

    @Test("Every cut of an answer fails with a code or leaves whole values only")
    func cuts() throws {
        let answer = #"{"title":"Report \"A\"","figures":[{"label":"Revenue","value":1234},{"label":"Costs","value":-56.78,"unit":"EUR"}]}"#
        let whole = try extract(answer).data
        for length in 0..<answer.utf8.count {
            let cut = String(decoding: answer.utf8.prefix(length), as: UTF8.self)
            guard let data = try? extract(cut, finish: .length).data else { continue }  // A failure has its code; tested above.
            if let title = data["title"], !title.isNull { #expect(title == whole["title"]) }
            for (index, record) in (data["figures"]?.array ?? []).enumerated() {
                #expect(record["value"] == whole["figures"]?[index]?["value"], "cut at \(length)")
            }
        }
    }

    @Test("Any bytes give a value or a code, in bounded work")
    func anything() throws {
        var chance = SeededGenerator(seed: 5)
        let pieces = [
            "{", "}", "[", "]", ",", ":", "\"", "'", "\\", "\\u12", "a", "1", "-", "//", "/*", "\n", "“", "title", "figures", "\u{1}",
            "```",
        ]
        for _ in 0..<3000 {
            let text = (0..<Int.random(in: 0..<40, using: &chance)).map { _ in pieces[Int.random(in: 0..<pieces.count, using: &chance)] }
                .joined()
            do {
                _ = try extract(text)
            } catch let error as Failure {
                #expect([.answerNotJSON, .answerInvalid, .answerTruncated].contains(error.code))
            }
        }
        for piece in ["[", "{\"a\":", "[{\"figures\":[", "\"", "{\"title\": \"\" ", "/*", "'a", "[1,"] {
            _ = try? extract(String(repeating: piece, count: 100_000))  // Only that it ends.
        }
    }
}
