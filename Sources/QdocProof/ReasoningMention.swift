public import QdocCore

/// Tells values that stand on no page and in the model's reasoning: it worked them out, or made them up.
public enum ReasoningMention {
    /// Adds a note to such numbers.
    ///
    /// - Parameter reasoning: By call.
    /// - Complexity: Linear in the reasoning, which is read only where a number was not found.
    public static func flag(_ evidence: [Evidence], reasoning: [Int: String]) -> [Evidence] {
        var numbers: [Int: Set<String>] = [:]
        return evidence.map { item in
            guard item.verdict == .notFound, item.note == nil, let call = item.call, let text = reasoning[call],
                let key = item.value.number.flatMap({ DecimalKey.of($0.lexical) })
            else { return item }
            let said = numbers[call] ?? keys(in: text)
            numbers[call] = said
            guard said.contains(key) else { return item }
            var item = item
            item.note = "it appears in the model's reasoning alone"
            return item
        }
    }

    private static func keys(in text: String) -> Set<String> {
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        return Set(NumberSearch.scan(words, decimalMark: nil).flatMap { PageIndex.keys(of: $0.number) })
    }
}
