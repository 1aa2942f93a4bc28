import QdocCore

/// Finds printed numbers among words, looking only where there are digits: the reading of numbers is dear, and most words are none.
enum NumberSearch {
    /// Words before a digit that may belong to its number (a currency with a sign or a parenthesis), and after (units, scales).
    private static let reach = (before: 2, after: 5)

    static func scan(_ words: [String], decimalMark: DecimalMark?) -> [(words: Range<Int>, number: PrintedNumber)] {
        var windows: [Range<Int>] = []
        for index in words.indices where TextKey.hasDigit(words[index]) {
            let window = max(0, index - reach.before)..<min(words.count, index + reach.after + 1)
            if let last = windows.last, last.upperBound >= window.lowerBound {
                windows[windows.count - 1] = last.lowerBound..<window.upperBound
            } else {
                windows.append(window)
            }
        }
        return windows.flatMap { window in
            PrintedNumber.scan(Array(words[window]), decimalMark: decimalMark).map {
                ((window.lowerBound + $0.words.lowerBound)..<(window.lowerBound + $0.words.upperBound), $0.number)
            }
        }
    }
}
