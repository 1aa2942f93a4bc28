/// Base64 with padding.
///
/// - Source: RFC 4648 §4.
public enum Base64 {
    /// By their value.
    public static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// Appends the four digits of one to three bytes.
    public static func append(_ bytes: ArraySlice<UInt8>, to text: inout [UInt8]) {
        let bits = bytes.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - bytes.count))
        for digit in 0...3 { text.append(digit <= bytes.count ? digits[bits >> (18 - 6 * digit) & 63] : UInt8(ascii: "=")) }
    }

    /// Bytes as text.
    public static func text(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) { append(bytes[start..<min(start + 3, bytes.count)], to: &text) }
        return String(decoding: text, as: UTF8.self)
    }
}
