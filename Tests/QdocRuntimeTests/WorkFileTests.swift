import QdocRuntime
import Testing

@Suite("Work file")
struct WorkFileTests {
    @Test("gives back each range as it was written")
    func roundTrip() throws {
        let file = try WorkFile()
        let parts: [[UInt8]] = [[1, 2, 3], [], Array(repeating: 7, count: 100_000), [9]]
        let ranges = try parts.map { try file.append($0) }
        for (part, range) in zip(parts, ranges) { #expect(try file.read(range) == part) }
    }
}
