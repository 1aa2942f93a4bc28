internal import Glibc

/// Time of day.
public enum WallClock {
    /// Microseconds since 1970-01-01 UTC.
    public static func now() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }

    /// Writes a time as RFC 3339 in UTC with milliseconds, `2026-11-20T09:30:00.123Z`.
    public static func rfc3339(_ microseconds: Int64) -> String {
        var seconds = time_t(microseconds / 1_000_000)
        var parts = unsafe tm()
        unsafe gmtime_r(&seconds, &parts)
        func pad(_ value: some BinaryInteger, _ width: Int = 2) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let date = unsafe "\(pad(Int(parts.tm_year) + 1900, 4))-\(pad(parts.tm_mon + 1))-\(pad(parts.tm_mday))"
        let clock = unsafe "\(pad(parts.tm_hour)):\(pad(parts.tm_min)):\(pad(parts.tm_sec)).\(pad(microseconds / 1_000 % 1_000, 3))"
        return "\(date)T\(clock)Z"
    }

    /// Reads what `rfc3339` writes; nil where the text is anything else or names no day.
    public static func microseconds(rfc3339 text: String) -> Int64? {
        let bytes = Array(text.utf8)
        let pattern = Array("0000-00-00T00:00:00.000Z".utf8)
        guard bytes.count == pattern.count else { return nil }
        func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
        guard zip(bytes, pattern).allSatisfy({ isDigit($1) ? isDigit($0) : $0 == $1 }) else { return nil }
        func number(_ range: Range<Int>) -> Int64 { bytes[range].reduce(0) { $0 * 10 + Int64($1 - 0x30) } }
        var parts = unsafe tm()
        unsafe parts.tm_year = Int32(number(0..<4)) - 1900
        unsafe parts.tm_mon = Int32(number(5..<7)) - 1
        unsafe parts.tm_mday = Int32(number(8..<10))
        unsafe parts.tm_hour = Int32(number(11..<13))
        unsafe parts.tm_min = Int32(number(14..<16))
        unsafe parts.tm_sec = Int32(number(17..<19))
        let time = Int64(unsafe timegm(&parts)) * 1_000_000 + number(20..<23) * 1_000
        // timegm carries the 31st of February over into March.
        return rfc3339(time) == text ? time : nil
    }
}
