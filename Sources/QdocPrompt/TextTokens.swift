/// Tokens of a text, without the vocabulary of any model.
public enum TextTokens {
    /// More tokens than any model with a byte-level vocabulary makes of a text: one for each byte of UTF-8.
    ///
    /// Such a vocabulary begins with the 256 bytes and only ever joins what stands beside each other, so that no text can give more. A
    /// message's own marks are not counted.
    public static func upperBound(of text: String) -> Int { text.utf8.count }

    /// The tokens that a text is likely to give: an estimate for people, which no reservation rests on.
    ///
    /// - Source: A rule of thumb: four bytes of ASCII a token, and two and a half bytes of anything else, which is a little less than a
    ///   Chinese character.
    public static func likely(of text: String) -> Int {
        var plain = 0
        var other = 0
        for byte in text.utf8 {
            if byte < 0x80 { plain += 1 } else { other += 1 }
        }
        return (plain * 5 + other * 8 + 19) / 20
    }
}
