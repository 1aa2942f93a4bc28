import QdocCore
import QdocExtract
import QdocRuntime

/// Reads an answer as long as no model's output limit allows, strictly and with something to mend in every record.
///
///     QdocBenchmarks answer [KILOBYTES [ROUNDS]]
struct AnswerBenchmark {
    private let byteCount: Int
    private let rounds: Int

    init(_ arguments: [String]) {
        byteCount = (arguments.first.flatMap { Int($0) } ?? 1_024) << 10
        rounds = arguments.count > 1 ? Int(arguments[1]) ?? 11 : 11
    }

    private static let schema: JSONValue = [
        "type": "object", "required": ["figures"],
        "properties": [
            "figures": [
                "type": "array",
                "items": [
                    "type": "object", "required": ["label", "value"],
                    "properties": ["label": ["type": "string"], "value": ["type": "number"], "unit": ["type": ["string", "null"]]],
                ],
            ]
        ],
    ]

    func run() throws {
        let valid = answer { "{\"label\":\"Revenue of segment \($0)\",\"value\":\($0).25,\"unit\":\"EUR\"}" }
        let spoilt = answer { "{'label':'Revenue of segment \($0)', value:\"1,\($0 % 900 + 100).5\",unit:None,}" }
        let extractor = try Extractor(schema: Self.schema)
        for (name, text) in [("valid", valid), ("to be mended", spoilt)] {
            let parse = try median { _ = try JSONParser.parse(Array(valid.utf8)) }
            let extract = try median { _ = try extractor.extract(answer: text, call: 1, finish: .stop) }
            print(
                "\(name): \(text.utf8.count >> 10) KiB, strict parse \(parse) µs, from text to checked data \(extract) µs of CPU (median of \(rounds))"
            )
        }
    }

    private func answer(_ record: (Int) -> String) -> String {
        var text = "{\"figures\":["
        var number = 0
        while text.utf8.count < byteCount {
            text += (number == 0 ? "" : ",") + record(number)
            number += 1
        }
        return text + "]}"
    }

    private func median(_ work: () throws -> Void) rethrows -> Int {
        var times: [Int] = []
        for _ in 0..<rounds {
            let start = processorTime()
            try work()
            times.append(processorTime() - start)
        }
        return times.sorted()[rounds / 2]
    }
}
