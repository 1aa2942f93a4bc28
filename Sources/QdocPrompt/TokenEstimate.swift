/// How many tokens a text may come to, without its model's vocabulary.
///
/// Estimated on the high side, since money is reserved by it: 3 characters of ASCII a token, and a token for each other character.
///
/// - Source: Model Studio's billing page gives 3 to 4 letters of English and 1 to 1.8 Chinese characters a token; JSON and numbers come
///   nearer to the lower figure.
public enum TokenEstimate {
    public static func tokens(of text: String) -> Int {
        var ascii = 0
        var other = 0
        for scalar in text.unicodeScalars { if scalar.isASCII { ascii += 1 } else { other += 1 } }
        return (ascii + 2) / 3 + other
    }
}
