/// Counts the tokens of a text without a tokenizer.
public enum TextTokens {
    /// A bound that holds for every byte-level tokenizer: each token covers a byte at least.
    public static func upperBound(of text: String) -> Int { text.utf8.count }

    /// An estimate: four bytes a token of English text and JSON, two and a half of everything beyond ASCII.
    public static func likely(of text: String) -> Int {
        let ascii = text.utf8.count { $0 < 0x80 }
        return (ascii + 3) / 4 + (text.utf8.count - ascii) * 2 / 5
    }
}
