/// A computation that a label names, and of what: `Revenue growth`, `Change in revenue`, `Total of North and South`.
struct Cue {
    enum Operation {
        case growth, difference, share, margin, ratio, sum, mean
    }

    private(set) var operation: Operation?
    /// Keys of the labels that it is computed from.
    private(set) var names: [String] = []
    /// The words of those labels.
    private(set) var words: [String] = []

    /// Labels that margins are shares of.
    static let revenues = ["revenue", "revenues", "netsales", "sales", "turnover", "umsatz", "umsatzerlöse"]

    private static let operations: [String: Operation] = [
        "growth": .growth, "wachstum": .growth, "yoy": .growth,
        "change": .difference, "difference": .difference, "increase": .difference, "decrease": .difference, "decline": .difference,
        "delta": .difference, "variance": .difference, "veränderung": .difference, "differenz": .difference,
        "share": .share, "proportion": .share, "anteil": .share, "margin": .margin, "marge": .margin, "ratio": .ratio,
        "total": .sum, "sum": .sum, "combined": .sum, "gesamt": .sum, "summe": .sum,
        "average": .mean, "mean": .mean, "avg": .mean, "durchschnitt": .mean,
    ]
    private static let fillers: Set<String> = [
        "of", "in", "the", "from", "on", "over", "year", "by", "rate", "percent", "a", "an", "der", "die", "des", "von", "im", "pct",
    ]
    private static let dividers: Set<String> = ["and", "und", "to", "plus", "per"]

    init(_ label: String) {
        let all = Self.words(label)
        let operations = all.compactMap { Self.operations[$0] }
        // "Total growth" names two, and nothing tells what of what.
        guard let operation = operations.first, operations.allSatisfy({ $0 == operation }) else { return }
        self.operation = operation
        var current: [String] = []
        func close() {
            guard !current.isEmpty else { return }
            names.append(current.joined())
            words += current
            current = []
        }
        for word in all where Self.operations[word] == nil {
            if Self.dividers.contains(word) {
                close()
            } else if !Self.fillers.contains(word), Period.marks(in: word).isEmpty {
                current.append(word)
            }
        }
        close()
    }

    /// Whether it names a total and nothing of what.
    var isBareTotal: Bool { operation == .sum && names.isEmpty }

    static func words(_ label: String) -> [String] {
        label.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
    }

    /// A label as `names` hold it.
    static func key(_ label: String) -> String {
        let bare = TextKey.withoutParenthesis(label) ?? label
        return words(bare).filter { !fillers.contains($0) }.joined()
    }

    /// "regions" and "region" are one word.
    static func stem(_ word: String) -> String { word.count > 3 && word.last == "s" ? String(word.dropLast()) : word }
}
