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
        var merge = Merge()
        merge.add(
            WindowAnswer(
                call: 1, data: ["figures": [["v": 1], ["v": 2]]],
                evidence: [try evidence("/figures/0/v", 1, .verified), try evidence("/figures/1/v", 2, .located)]))
        merge.add(
            WindowAnswer(
                call: 2, data: ["figures": [["v": 2], ["v": 3]]],
                evidence: [try evidence("/figures/0/v", 2, .verified), try evidence("/figures/1/v", 3, .verified)]))
        #expect(merge.data == ["figures": [["v": 1], ["v": 2], ["v": 3]]])
        #expect(merge.evidence.map(\.pointer.description) == ["/figures/0/v", "/figures/1/v", "/figures/2/v"])
        #expect(merge.evidence.map(\.value) == [1, 2, 3])
        #expect(merge.conflicts.isEmpty)
    }

    @Test("keeps the first proven scalar and lists every other value as a conflict")
    func scalars() throws {
        var merge = Merge()
        merge.add(WindowAnswer(call: 1, data: ["title": "A", "period": nil], evidence: [try evidence("/title", "A", .notFound)]))
        merge.add(
            WindowAnswer(
                call: 2, data: ["title": "B", "period": "2025"],
                evidence: [try evidence("/title", "B", .verified), try evidence("/period", "2025", .verified)]))
        merge.add(WindowAnswer(call: 3, data: ["title": "C", "period": "2025"], evidence: [try evidence("/title", "C", .verified)]))
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
        var merge = Merge()
        merge.add(WindowAnswer(call: 1, data: ["title": "A"], evidence: [try evidence("/title", "A", .notFound)]))
        merge.add(WindowAnswer(call: 2, data: ["title": "A"], evidence: [try evidence("/title", "A", .verified)]))
        #expect(merge.evidence.map(\.verdict) == [.verified])
        #expect(merge.conflicts.isEmpty)
    }

    @Test("gives one window back unchanged")
    func identity() throws {
        let data: JSONValue = ["a": nil, "b": ["c": [[1, 2], [1, 2]]], "d": [], "e": [:]]
        var merge = Merge()
        merge.add(WindowAnswer(call: 1, data: data, evidence: []))
        #expect(merge.data == ["a": nil, "b": ["c": [[1, 2], [1, 2]]], "d": [], "e": [:]])
    }
}
