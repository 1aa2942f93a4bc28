/// A decimal number in its one plain form, so that equal values are equal texts: no rounding, no scale.
package enum DecimalKey {
    /// `-1,234.50` as JSON writes it (`-1234.50`, `-1.2345e3`) becomes `-1234.5`; nil beyond 400 places, which nothing prints.
    package static func of(_ lexical: String, shift: Int = 0) -> String? {
        var text = Substring(lexical)
        let isNegative = text.first == "-"
        if isNegative { text.removeFirst() }
        var exponent = shift
        if let mark = text.firstIndex(where: { $0 == "e" || $0 == "E" }) {
            guard let written = Int(text[text.index(after: mark)...].drop { $0 == "+" }) else { return nil }
            guard abs(written) <= 400 else { return nil }
            exponent += written
            text = text[..<mark]
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        var digits = Array(parts[0].utf8)
        let fraction = parts.count > 1 ? Array(parts[1].utf8) : []
        var point = digits.count + exponent
        digits += fraction
        guard digits.count <= 400, abs(point) <= 800 else { return nil }
        let zero = UInt8(ascii: "0")
        if point < 0 {
            digits.insert(contentsOf: repeatElement(zero, count: -point), at: 0)
            point = 0
        } else if point > digits.count {
            digits.append(contentsOf: repeatElement(zero, count: point - digits.count))
        }
        var whole = digits[..<point].drop { $0 == zero }
        var decimals = digits[point...]
        while decimals.last == zero { decimals.removeLast() }
        if whole.isEmpty { whole = [zero] }
        let plain = String(decoding: whole, as: UTF8.self) + (decimals.isEmpty ? "" : "." + String(decoding: decimals, as: UTF8.self))
        return isNegative && plain != "0" ? "-" + plain : plain
    }
}
