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
}
