internal import QdocCore

/// What a server says about when to ask again.
enum RetryHint {
    /// A longer wait is not granted to a server; the `openai` client has the same bound.
    static let cap = Duration.seconds(120)

    /// The wait that the headers ask for, at most `cap`; nil where they ask for none, or for a moment that has passed.
    ///
    /// - Parameter now: Microseconds since 1970, where the response does not tell its own time.
    static func wait(_ head: ResponseHead, now: Int64) -> Duration? {
        // A clock that is wrong here is right there: moments are compared with the server's own.
        let now = head["date"].flatMap { httpDate($0) } ?? Double(now) / 1_000_000
        let seconds: Double?
        if let milliseconds = head["retry-after-ms"].flatMap({ Double($0) }) {
            seconds = milliseconds / 1_000
        } else if let text = head["retry-after"] {
            seconds = Double(text) ?? httpDate(text).map { $0 - now }
        } else if let text = head["x-rate-limit-reset-at-utc"] {
            seconds = timestamp(text).map { $0 - now }
        } else {
            seconds = nil
        }
        guard let seconds, seconds.isFinite, seconds > 0 else { return nil }
        return min(.milliseconds(Int64(min(seconds, 3_600) * 1_000)), cap)
    }

    /// `Wed, 21 Oct 2015 07:28:00 GMT` in seconds since 1970 (RFC 9110 §5.6.7, the one form that is still sent).
    private static func httpDate(_ text: String) -> Double? {
        let words = text.split(separator: " ")
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard words.count == 6, let day = Int(words[1]), let month = months.firstIndex(of: String(words[2])), let year = Int(words[3]),
            let time = clock(words[4])
        else { return nil }
        return days(year: year, month: month + 1, day: day).map { Double($0) * 86_400 + time }
    }

    /// `2026-10-02T08:42:00Z` in seconds since 1970; UTC whatever stands at its end, as the header's name says.
    private static func timestamp(_ text: String) -> Double? {
        let parts = text.split { $0 == "T" || $0 == " " }
        guard parts.count >= 2 else { return nil }
        let date = parts[0].split(separator: "-").map { Int($0) }
        guard date.count == 3, let year = date[0], let month = date[1], let day = date[2],
            let time = clock(parts[1].prefix { $0 != "Z" && $0 != "+" })
        else { return nil }
        return days(year: year, month: month, day: day).map { Double($0) * 86_400 + time }
    }

    /// `08:42:00` or `08:42:00.5` in seconds.
    private static func clock(_ text: Substring) -> Double? {
        let parts = text.split(separator: ":").map { Double($0) }
        guard parts.count == 3, let hours = parts[0], let minutes = parts[1], let seconds = parts[2] else { return nil }
        return hours * 3_600 + minutes * 60 + seconds
    }

    /// Days since 1970 of the Gregorian calendar, counted in years that begin in March.
    private static func days(year: Int, month: Int, day: Int) -> Int? {
        guard (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }
}
