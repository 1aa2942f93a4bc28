import QdocRuntime
import Testing

@Suite("Wall clock")
struct WallClockTests {
    @Test("writes RFC 3339 in UTC", arguments: [(0, "1970-01-01T00:00:00.000Z"), (1_795_000_000_123_456, "2026-11-18T11:06:40.123Z")])
    func rfc3339(time: Int64, text: String) {
        #expect(WallClock.rfc3339(time) == text)
    }
}
