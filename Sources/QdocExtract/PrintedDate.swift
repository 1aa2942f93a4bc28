/// A calendar day as it is written, brought to the form of ISO 8601; nil of what can be read in two ways.
struct PrintedDate {
    /// `2024-03-31`.
    let iso: String

    /// Reads `31 March 2024`, `March 31, 2024`, `31. März 2024`, `31.03.2024`, `2024/3/31`, `20240331`, `2024年3月31日`.
    ///
    /// `03/04/2024` is two days, and `31.03.24` has a century too many: neither is read.
    init?(_ text: String) {
        guard text.utf8.count <= 64 else { return nil }
        let text = Self.folded(text)
        guard let (year, month, day) = Self.compact(text) ?? Self.numeric(text) ?? Self.worded(text),
            (1000...2999).contains(year), (1...12).contains(month), (1...Self.days(of: month, in: year)).contains(day)
        else { return nil }
        iso = "\(year)-\(Self.padded(month))-\(Self.padded(day))"
    }

    private typealias Parts = (year: Int, month: Int, day: Int)

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }

    private static func days(of month: Int, in year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// With digits of full width as ASCII.
    private static func folded(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    guard (0xFF0E...0xFF19).contains(scalar.value) else { return scalar }
                    return Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
                }))
    }

    private static func number(_ text: some StringProtocol, digits: ClosedRange<Int>) -> Int? {
        guard digits.contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }

    private static func compact(_ text: String) -> Parts? {
        guard let number = number(text, digits: 8...8) else { return nil }
        return (number / 10_000, number / 100 % 100, number % 100)
    }

    private static func numeric(_ text: String) -> Parts? {
        if text.hasSuffix("日"), text.contains("年") {
            let parts = text.dropLast().split(whereSeparator: { "年月".contains($0) })
            guard parts.count == 3 else { return nil }
            return ordered(parts, yearFirst: true)
        }
        for separator: Character in ["-", "/", "."] {
            let parts = text.split(separator: separator, omittingEmptySubsequences: false).map { $0.drop { $0 == " " } }
            guard parts.count == 3 else { continue }
            if number(parts[0], digits: 4...4) != nil { return ordered(parts, yearFirst: true) }
            guard let (year, month, day) = ordered(parts.reversed(), yearFirst: true) else { return nil }
            // With full stops the day stands first everywhere; with the others, where it cannot be a month.
            if separator == "." || day > 12 || day == month { return (year, month, day) }
            return month > 12 ? (year, day, month) : nil
        }
        return nil
    }

    private static func ordered(_ parts: [Substring], yearFirst: Bool) -> Parts? {
        guard let year = number(parts[0], digits: 4...4), let month = number(parts[1], digits: 1...2),
            let day = number(parts[2], digits: 1...2)
        else { return nil }
        return (year, month, day)
    }

    private static func worded(_ text: String) -> Parts? {
        var (year, month, day): (Int?, Int?, Int?) = (nil, nil, nil)
        for word in text.lowercased().split(whereSeparator: { " ,\u{A0}".contains($0) }) {
            let bare = word.last == "." ? word.dropLast() : word
            if let value = number(bare, digits: 4...4), year == nil {
                year = value
            } else if let value = number(ordinal(bare), digits: 1...2), day == nil {
                day = value
            } else if let value = months[String(bare)], month == nil {
                month = value
            } else if !fillers.contains(String(bare)) {
                return nil
            }
        }
        guard let year, let month, let day else { return nil }
        return (year, month, day)
    }

    /// `31st` as `31`.
    private static func ordinal(_ word: Substring) -> Substring {
        ["st", "nd", "rd", "th", "er"].contains { word.hasSuffix($0) } ? word.dropLast(2) : word
    }

    private static let fillers: Set<String> = [
        "of", "the", "den", "le", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "wed", "thu",
        "fri", "sat", "sun", "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag",
    ]

    /// English, German and French.
    private static let months: [String: Int] = {
        let names = [
            ["january", "jan", "januar", "jänner", "janvier", "janv"], ["february", "feb", "februar", "février", "févr"],
            ["march", "mar", "märz", "mär", "mars"], ["april", "apr", "avril", "avr"], ["may", "mai"], ["june", "jun", "juni", "juin"],
            ["july", "jul", "juli", "juillet", "juil"], ["august", "aug", "août"],
            ["september", "sep", "sept", "septembre"], ["october", "oct", "oktober", "okt", "octobre"],
            ["november", "nov", "novembre"], ["december", "dec", "dezember", "dez", "décembre", "déc"],
        ]
        return Dictionary(uniqueKeysWithValues: names.enumerated().flatMap { index, words in words.map { ($0, index + 1) } })
    }()
}

/// A quarter, half or year as it is written: `FY24 Q3`, `3Q24`, `H1 2025`.
struct PrintedPeriod {
    private let year: Int
    /// `Q3`, `H1`; nil of a whole year.
    private let part: String?
    private let isFiscal: Bool

    /// Reads a text that says one year and at most one part of it, and nothing else.
    init?(_ text: String) {
        var (year, part, isFiscal): (Int?, String?, Bool) = (nil, nil, false)
        guard text.utf8.count <= 24 else { return nil }
        for word in text.uppercased().split(whereSeparator: { " -/,.'’".contains($0) }) {
            var rest = word
            if rest.hasPrefix("FY") {
                isFiscal = true
                rest = rest.dropFirst(2)
                if rest.isEmpty { continue }
            }
            if let found = Self.part(rest.prefix(2)) {
                guard part == nil else { return nil }
                part = found
                rest = rest.dropFirst(2)
                if rest.isEmpty { continue }
            }
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard year == nil, let value = Int(digits), digits.count == 4 || digits.count == 2 else { return nil }
            // Two digits are a year only where something beside them says so.
            year = digits.count == 2 ? 2000 + value : value
            guard digits.count == 4 || isFiscal || part != nil else { return nil }
            rest = rest.dropFirst(digits.count)
            guard rest.isEmpty || part == nil else { return nil }
            if let found = Self.part(rest) { part = found } else if !rest.isEmpty { return nil }
        }
        guard let year, (1900...2099).contains(year) else { return nil }
        self.year = year
        self.part = part
        self.isFiscal = isFiscal
    }

    private static func part(_ text: Substring) -> String? {
        guard text.count == 2, let first = text.first, let last = text.last else { return nil }
        let (kind, digit) = first.isNumber ? (last, first) : (first, last)
        guard let number = digit.wholeNumberValue else { return nil }
        switch kind {
        case "Q" where (1...4).contains(number), "H" where (1...2).contains(number): return "\(kind)\(number)"
        default: return nil
        }
    }

    /// The spellings of it that a schema may ask for.
    var spellings: [String] {
        let years = isFiscal ? ["FY\(year)", "\(year)"] : ["\(year)", "FY\(year)"]
        guard let part else { return years }
        return years.flatMap { ["\($0)-\(part)", "\($0)\(part)", "\($0) \(part)", "\(part) \($0)", "\(part)-\($0)"] }
    }
}
