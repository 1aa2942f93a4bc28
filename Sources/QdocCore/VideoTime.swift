/// Times in a video as people write them.
public enum VideoTime {
    /// `M:SS.mmm`, or `H:MM:SS.mmm` from an hour on.
    public static func text(_ seconds: Double) -> String {
        let milliseconds = Int((min(max(seconds, 0), 1e9) * 1_000).rounded())
        func padded(_ number: Int, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        let minutes = milliseconds / 60_000
        let head = minutes < 60 ? "\(minutes)" : "\(minutes / 60):\(padded(minutes % 60, 2))"
        return "\(head):\(padded(milliseconds / 1_000 % 60, 2)).\(padded(milliseconds % 1_000, 3))"
    }

    /// Seconds of `SS`, `MM:SS` or `HH:MM:SS`, each with a fraction.
    ///
    /// - Throws: `invalid_arguments`.
    public static func seconds(_ text: some StringProtocol) throws(Failure) -> Double {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) }
        guard (1...3).contains(parts.count), parts.allSatisfy({ $0.map { $0.isFinite && (0...1e6).contains($0) } ?? false }) else {
            throw Failure(.invalidArguments, "“\(text)” is no time", remedy: "write seconds or HH:MM:SS, as in 75.5 or 1:15.5")
        }
        return parts.reduce(0) { $0 * 60 + ($1 ?? 0) }
    }
}
