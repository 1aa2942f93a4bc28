import QdocCore

/// A number with Chinese or Japanese numerals, where it is plain: `3,500万`, `1.2億円`, `三千五百`, `二〇二四`.
struct IdeographicNumber {
    /// As JSON writes it, multiplied out.
    let lexical: String
    /// `元`, `円` and the like, as written.
    let unit: String?

    private static let digits: [Character: Int] = [
        "〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "両": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
    ]
    /// Powers of ten inside of a section.
    private static let small: [Character: Int] = ["十": 1, "百": 2, "千": 3]
    /// Powers of ten that close a section. 兆 is 10¹² in both languages where amounts are meant.
    private static let large: [Character: Int] = ["万": 4, "萬": 4, "亿": 8, "億": 8, "兆": 12]
    private static let units: Set<Character> = ["元", "円", "圆", "圓", "人", "名", "股", "株", "吨", "台", "件"]
    /// How a loss is marked in accounts.
    private static let signs: Set<Character> = ["-", "−", "－", "△", "▲", "負", "负"]

    init?(_ text: String) {
        // The longest plain number has fewer characters.
        guard text.utf8.count <= 96 else { return nil }
        var rest = text.filter { $0 != " " && $0 != "\u{3000}" }[...]
        let isNegative = rest.first.map(Self.signs.contains) ?? false
        if isNegative { rest.removeFirst() }
        var unit: String?
        if let last = rest.last, Self.units.contains(last) {
            unit = String(last)
            rest.removeLast()
        }
        guard rest.contains(where: { Self.digits[$0] != nil || Self.small[$0] != nil || Self.large[$0] != nil }),
            let plain = Self.multiplied(rest) ?? Self.positional(rest) ?? Self.counted(rest)
        else { return nil }
        lexical = isNegative && plain != "0" ? "-" + plain : plain
        self.unit = unit
    }

    /// `3,500万`, `1.2億`, `5百万`: printed digits and powers behind them.
    private static func multiplied(_ text: Substring) -> String? {
        let powers = text.reversed().prefix { small[$0] != nil || large[$0] != nil }
        let head = String(text.dropLast(powers.count))
        guard !powers.isEmpty, head.first.map({ digits[$0] == nil && small[$0] == nil }) ?? false else { return nil }
        // These scripts group by commas and never write decimals so.
        guard let number = PrintedNumber(head, decimalMark: .point), number.unit == nil, number.scale == nil else { return nil }
        return DecimalKey.of(number.lexical, shift: powers.reduce(0) { $0 + (small[$1] ?? large[$1] ?? 0) })
    }

    /// `二〇二四`: one numeral for each digit, as years are written.
    private static func positional(_ text: Substring) -> String? {
        let values = text.compactMap { digits[$0] }
        guard values.count == text.count, (2...9).contains(values.count), values.first != 0 else { return nil }
        return values.map(String.init).joined()
    }

    /// `三千五百万`: sections of numerals with their powers, each smaller than the one before.
    private static func counted(_ text: Substring) -> String? {
        var total = 0
        var section = 0
        var digit: Int?
        var (lastLarge, lastSmall) = (Int.max, Int.max)
        for character in text {
            if let value = digits[character] {
                // 零 fills a gap; any other numeral needs a power behind it.
                guard digit == nil || digit == 0 else { return nil }
                digit = value
            } else if let power = small[character] {
                guard power < lastSmall else { return nil }
                section += (digit ?? 1) * (power == 1 ? 10 : power == 2 ? 100 : 1_000)
                (digit, lastSmall) = (nil, power)
            } else if let power = large[character] {
                let value = section + (digit ?? 0)
                guard power < lastLarge, value > 0 else { return nil }
                total += value * (power == 4 ? 10_000 : power == 8 ? 100_000_000 : 1_000_000_000_000)
                (section, digit, lastLarge, lastSmall) = (0, nil, power, .max)
            } else {
                return nil
            }
        }
        return String(total + section + (digit ?? 0))
    }
}
