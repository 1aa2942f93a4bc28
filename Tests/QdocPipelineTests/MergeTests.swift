import QdocCore
import Testing

@testable import QdocPipeline

@Suite("Merge of windows")
struct MergeTests {
    private func evidence(_ pointer: String, _ value: JSONValue, _ verdict: Verdict) throws -> Evidence {
        Evidence(pointer: try #require(JSONPointer(text: pointer)), value: value, verdict: verdict)
    }

    @Test("joins arrays in page order and keeps equal records once, with the evidence moved along")
    func arrays() throws {
        var merge = Merge(schema: [:])
        merge.add(
            WindowAnswer(
                window: 1, call: 1, data: ["figures": [["v": 1], ["v": 2]]],
                evidence: [try evidence("/figures/0/v", 1, .verified), try evidence("/figures/1/v", 2, .located)]))
        merge.add(
            WindowAnswer(
                window: 2, call: 2, data: ["figures": [["v": 2], ["v": 3]]],
                evidence: [try evidence("/figures/0/v", 2, .verified), try evidence("/figures/1/v", 3, .verified)]))
        #expect(merge.data == ["figures": [["v": 1], ["v": 2], ["v": 3]]])
        #expect(merge.evidence.map(\.pointer.description) == ["/figures/0/v", "/figures/1/v", "/figures/2/v"])
        #expect(merge.evidence.map(\.value) == [1, 2, 3])
        #expect(merge.conflicts.isEmpty)
    }

    @Test("keeps the first proven scalar and lists every other value as a conflict")
    func scalars() throws {
        var merge = Merge(schema: [:])
        merge.add(
            WindowAnswer(window: 1, call: 1, data: ["title": "A", "period": nil], evidence: [try evidence("/title", "A", .notFound)]))
        merge.add(
            WindowAnswer(
                window: 2, call: 2, data: ["title": "B", "period": "2025"],
                evidence: [try evidence("/title", "B", .verified), try evidence("/period", "2025", .verified)]))
        merge.add(
            WindowAnswer(window: 3, call: 3, data: ["title": "C", "period": "2025"], evidence: [try evidence("/title", "C", .verified)]))
        #expect(merge.data == ["title": "B", "period": "2025"])
        #expect(merge.evidence.filter { $0.pointer.description == "/title" }.map(\.value) == ["B"])
        let title = try #require(JSONPointer(text: "/title"))
        #expect(
            merge.conflicts == [
                Conflict(pointer: title, kept: "B", other: "A", call: 1), Conflict(pointer: title, kept: "B", other: "C", call: 3),
            ])
    }

    @Test("takes the proof of an equal value from a later window")
    func laterProof() throws {
        var merge = Merge(schema: [:])
        merge.add(WindowAnswer(window: 1, call: 1, data: ["title": "A"], evidence: [try evidence("/title", "A", .notFound)]))
        merge.add(WindowAnswer(window: 2, call: 2, data: ["title": "A"], evidence: [try evidence("/title", "A", .verified)]))
        #expect(merge.evidence.map(\.verdict) == [.verified])
        #expect(merge.conflicts.isEmpty)
    }

    @Test("holds what follows from verified values for proven, and what is printed for more")
    func derived() throws {
        var merge = Merge(schema: [:])
        merge.add(WindowAnswer(window: 1, call: 1, data: ["total": 7], evidence: [try evidence("/total", 7, .located)]))
        merge.add(WindowAnswer(window: 2, call: 2, data: ["total": 8], evidence: [try evidence("/total", 8, .derived)]))
        #expect(merge.data == ["total": 8])
        merge.add(WindowAnswer(window: 3, call: 3, data: ["total": 9], evidence: [try evidence("/total", 9, .verified)]))
        #expect(merge.data == ["total": 8])
        #expect(merge.conflicts.map(\.other) == [7, 9])
        merge.add(WindowAnswer(window: 4, call: 4, data: ["total": 8], evidence: [try evidence("/total", 8, .verified)]))
        #expect(merge.evidence.map(\.verdict) == [.verified])
    }

    @Test("gives one window back unchanged")
    func identity() throws {
        let data: JSONValue = ["a": nil, "b": ["c": [[1, 2], [1, 2]]], "d": [], "e": [:]]
        var merge = Merge(schema: [:])
        merge.add(WindowAnswer(window: 1, call: 1, data: data, evidence: []))
        #expect(merge.data == ["a": nil, "b": ["c": [[1, 2], [1, 2]]], "d": [], "e": [:]])
    }

    private static let keyed: JSONValue = [
        "properties": [
            "figures": ["type": "array", "x-qdoc-key": ["label", "period"], "items": ["properties": ["parts": ["type": "array"]]]]
        ]
    ]

    @Test("makes records of equal keys one, fills its gaps, and keeps what disagrees as conflicts")
    func keys() throws {
        var merge = Merge(schema: Self.keyed)
        merge.add(
            WindowAnswer(
                window: 1, call: 1,
                data: [
                    "figures": [
                        ["label": "Revenue", "period": "2024", "value": 5, "unit": nil, "parts": [1]],
                        ["label": "Revenue", "period": "2023", "value": 4],
                    ]
                ],
                evidence: [
                    try evidence("/figures/0/value", 5, .notFound), try evidence("/figures/0/parts/0", 1, .located),
                    try evidence("/figures/1/value", 4, .verified),
                ]))
        merge.add(
            WindowAnswer(
                window: 2, call: 7,
                data: [
                    "figures": [
                        ["label": "Revenue", "period": "2023", "value": 3],
                        ["label": "Costs", "period": nil, "value": 1], ["label": "Costs", "period": nil, "value": 1],
                        ["label": "Revenue", "period": "2024", "value": 6, "unit": "EUR", "parts": [1, 2]],
                    ]
                ],
                evidence: [
                    try evidence("/figures/0/value", 3, .verified), try evidence("/figures/3/value", 6, .verified),
                    try evidence("/figures/3/unit", "EUR", .verified), try evidence("/figures/3/parts/1", 2, .verified),
                ]))
        #expect(
            merge.data == [
                "figures": [
                    ["label": "Revenue", "period": "2024", "value": 6, "unit": "EUR", "parts": [1, 2]],
                    ["label": "Revenue", "period": "2023", "value": 4],
                    // Without a period nobody can tell whether they are one.
                    ["label": "Costs", "period": nil, "value": 1], ["label": "Costs", "period": nil, "value": 1],
                ]
            ])
        let first = try #require(JSONPointer(text: "/figures/0/value"))
        let second = try #require(JSONPointer(text: "/figures/1/value"))
        #expect(
            Set(merge.conflicts) == [
                Conflict(pointer: second, kept: 4, other: 3, call: 7), Conflict(pointer: first, kept: 6, other: 5, call: 1),
            ])
        var found: [String: JSONValue] = [:]
        for item in merge.evidence { found[item.pointer.description] = item.value }
        #expect(
            found == [
                "/figures/0/value": 6, "/figures/0/parts/0": 1, "/figures/1/value": 4, "/figures/0/unit": "EUR", "/figures/0/parts/1": 2,
            ])
        #expect(merge.evidence.count == 5)
    }
}
