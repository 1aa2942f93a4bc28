import QdocCore

/// What an untagged plain scalar means.
///
/// - Source: YAML 1.2.2 §10.3.2, the core schema.
enum ScalarResolution {
    /// - Returns: Nil for infinities and not-a-number, which JSON cannot write.
    static func content(of text: String) -> YAMLNode.Content? {
        switch text {
        case "", "~", "null", "Null", "NULL": .null
        case "true", "True", "TRUE": .bool(true)
        case "false", "False", "FALSE": .bool(false)
        case ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF": nil
        default: number(text).map(YAMLNode.Content.number) ?? .string(text)
        }
    }

    /// Reads an integer (decimal, `0o`, `0x`) or a decimal fraction; its lexical form is kept as far as JSON can write it.
    static func number(_ text: String) -> JSONNumber? {
        if text.hasPrefix("0x"), let value = Int(text.dropFirst(2), radix: 16), !"+-".contains(text.dropFirst(2).first ?? "+") {
            return JSONNumber(value)
        }
        if text.hasPrefix("0o"), let value = Int(text.dropFirst(2), radix: 8), !"+-".contains(text.dropFirst(2).first ?? "+") {
            return JSONNumber(value)
        }
        var rest = Substring(text)
        let isNegative = rest.first == "-"
        if let sign = rest.first, "+-".contains(sign) { rest.removeFirst() }
        var whole = rest.prefix { $0.isASCII && $0.isNumber }
        rest = rest[whole.endIndex...]
        var fraction: Substring = ""
        if rest.first == "." {
            rest.removeFirst()
            fraction = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest[fraction.endIndex...]
        }
        guard !(whole.isEmpty && fraction.isEmpty) else { return nil }
        whole = whole.drop { $0 == "0" }
        // What is left is an exponent or nothing; JSONNumber judges it.
        guard rest.isEmpty || rest.first == "e" || rest.first == "E" else { return nil }
        let digits = (whole.isEmpty ? "0" : String(whole)) + (fraction.isEmpty ? "" : "." + fraction)
        return JSONNumber((isNegative ? "-" : "") + digits + rest)
    }
}
