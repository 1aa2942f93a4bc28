import QdocCore
import QdocProof

/// Pages set in a typewriter face: five points a character, twelve a line. Two spaces are a gap between cells.
enum TypedPage {
    static func page(_ text: String, number: Int = 1, source: TextSource = .textLayer) -> ProofPage {
        ProofPage(
            reference: PageReference(source: 1, pageNumber: number), imageNumbers: [number],
            content: PageContent(words: words(text, source: source)))
    }

    static func words(_ text: String, source: TextSource = .textLayer) -> [Word] {
        var words: [Word] = []
        for (line, content) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            var word = ""
            var start = 0
            for (column, character) in (content + " ").enumerated() {
                if character != " " {
                    if word.isEmpty { start = column }
                    word.append(character)
                } else if !word.isEmpty {
                    let box = Box(x: 50 + 5 * Double(start), y: 50 + 12 * Double(line), width: 5 * Double(word.count), height: 10)
                    words.append(Word(text: word, box: box, fontSize: 10, source: source))
                    word = ""
                }
            }
        }
        return words
    }
}

/// Schemas and answers of the shape of the shipped pipeline.
enum Sample {
    static let statement = TypedPage.page(
        """
        Income statement (EUR million)
                                          2023       2022
        Revenue                        1,234.5    1,180.2
        Cost of sales                  (845.1)    (812.0)
        Net loss                          12.3        4.1
        Basic EPS (EUR per share)         2.31       2.07
        Gross margin %                   31.5%      31.2%
        Impairment                           -        7.7
        """)
    static let headcount = TypedPage.page(
        """
        Headcount by region
                  2023   2022
        North      412    398
        South      288    301
        East       150    150
        Total      850    849
        """, number: 2)

    static let schema: JSONValue = [
        "type": "object",
        "properties": [
            "summary": ["type": "string", "x-qdoc-proof": "none"],
            "charts": ["items": ["properties": ["kind": ["enum": ["bar", "line"]]]]],
        ],
    ]

    static func figure(_ label: String, _ value: String, period: String? = nil, unit: String? = nil, scale: String? = nil) -> JSONValue {
        var record: JSONObject = ["label": .string(label), "value": JSONNumber(value).map(JSONValue.number) ?? nil]
        if let period { record["period"] = .string(period) }
        if let unit { record["unit"] = .string(unit) }
        if let scale { record["scale"] = .string(scale) }
        return ["keyFigures": [.object(record)]]
    }

    static func prove(
        _ data: JSONValue, _ pages: [ProofPage], citations: [JSONPointer: Citation] = [:], schema: JSONValue = Sample.schema
    ) -> [String: Evidence] {
        let evidence = Prover(schema: schema).prove(data: data, citations: citations, places: [:], pages: pages, call: 1)
        return Dictionary(evidence.map { ($0.pointer.description, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The verdict on the one figure of `figure(…)`.
    static func verdict(_ data: JSONValue, _ pages: [ProofPage]) -> Verdict? { prove(data, pages)["/keyFigures/0/value"]?.verdict }
}
