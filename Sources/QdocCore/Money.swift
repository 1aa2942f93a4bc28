/// A currency by its ISO 4217 code. Amounts of different currencies are never added.
public struct Currency: Sendable, Hashable, Comparable {
    /// Three capital letters.
    public let code: String

    public static let usd = Currency(known: "USD")
    public static let cny = Currency(known: "CNY")

    private init(known code: String) {
        self.code = code
    }

    /// Nil where the text is no three capital letters.
    public init?(_ code: String) {
        guard code.utf8.count == 3, code.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else { return nil }
        self.code = code
    }

    public static func < (left: Currency, right: Currency) -> Bool { left.code < right.code }
}

/// An amount of money: a whole number of billionths of a currency's unit, so that sums are exact.
public struct Money: Sendable, Hashable {
    public var currency: Currency
    /// Billionths of the unit; 9.2 thousand million units at most.
    public var nanos: Int64

    public init(nanos: Int64, _ currency: Currency) {
        self.nanos = nanos
        self.currency = currency
    }

    /// Nothing.
    public static func zero(_ currency: Currency) -> Money { Money(nanos: 0, currency) }

    /// Reads a decimal such as `1`, `0.50` or `12.000000001`; nil of signs, exponents, more than nine decimals and what does not fit.
    public init?(_ text: some StringProtocol, _ currency: Currency) {
        guard let nanos = DecimalText.scaled(text, decimals: 9) else { return nil }
        self.init(nanos: nanos, currency)
    }

    /// The sum; stays at the largest amount instead of overflowing, so that a cap still holds.
    public static func + (left: Money, right: Money) -> Money {
        precondition(left.currency == right.currency, "amounts of different currencies are never added")
        let (sum, overflows) = left.nanos.addingReportingOverflow(right.nanos)
        return Money(nanos: overflows ? .max : sum, left.currency)
    }

    public static func += (left: inout Money, right: Money) { left = left + right }

    /// The decimal without trailing zeros, at least two decimals: `0.50`, `12.003`.
    public var decimal: String { DecimalText.text(nanos, decimals: 9, atLeast: 2) }
}

extension Money: CustomStringConvertible {
    /// `$0.50` of dollars, `3.20 CNY` of everything else; amounts are rounded up to four decimals, which is what people can compare.
    public var description: String {
        let step: Int64 = 100_000
        let rest = nanos % step
        let rounded = rest > 0 && nanos <= .max - step ? nanos - rest + step : nanos - rest
        let text = DecimalText.text(rounded, decimals: 9, atLeast: 2)
        return currency == .usd ? "$\(text)" : "\(text) \(currency.code)"
    }
}

/// What one token costs: millionths of a price per million tokens, which is a trillionth of the currency's unit.
public struct TokenRate: Sendable, Hashable {
    public var picos: Int64

    public init(picos: Int64) {
        self.picos = picos
    }

    /// Reads a price per million tokens such as `0.4` or `35.228`; nil of more than six decimals.
    public init?(perMillion text: some StringProtocol) {
        guard let picos = DecimalText.scaled(text, decimals: 6) else { return nil }
        self.init(picos: picos)
    }

    /// The price per million tokens.
    public var perMillion: String { DecimalText.text(picos, decimals: 6, atLeast: 0) }

    /// The price of so many tokens, rounded up to a billionth.
    func price(of tokens: Int) -> Int64 {
        let (product, overflows) = picos.multipliedReportingOverflow(by: Int64(tokens))
        return overflows ? .max : product / 1_000 + (product % 1_000 > 0 ? 1 : 0)
    }
}

/// Decimals without any floating point.
private enum DecimalText {
    static func scaled(_ text: some StringProtocol, decimals: Int) -> Int64? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, !whole.isEmpty, text.utf8.allSatisfy({ $0 == 0x2E || (0x30...0x39).contains($0) }) else {
            return nil
        }
        let fraction = parts.count == 2 ? String(parts[1]) : "0"
        guard !fraction.isEmpty, !fraction.contains("."), fraction.utf8.count <= decimals else { return nil }
        return Int64(whole + fraction + String(repeating: "0", count: decimals - fraction.utf8.count))
    }

    static func text(_ scaled: Int64, decimals: Int, atLeast: Int) -> String {
        let digits = String(scaled.magnitude)
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let whole = padded.dropLast(decimals)
        var fraction = padded.suffix(decimals)
        while fraction.count > atLeast, fraction.last == "0" { fraction.removeLast() }
        return (scaled < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
    }
}
