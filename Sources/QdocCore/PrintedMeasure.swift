/// A power of ten that is printed as a word: `million`, `bn`, `Tausend`, `'000`.
public enum PrintedScale: Int, Sendable, Hashable, CaseIterable {
    case thousand = 3
    case million = 6
    case billion = 9
    case trillion = 12

    /// Reads a scale word, in any case, with or without a final full stop.
    ///
    /// - Parameter isAttached: Whether it is glued to a number or a currency; only then are single letters scales (`12 m` are metres).
    public init?(word: String, isAttached: Bool = false) {
        let folded = word.lowercased()
        let bare = folded.hasSuffix(".") ? String(folded.dropLast()) : folded
        if let scale = Self.words[bare] {
            self = scale
        } else if isAttached, let scale = Self.letters[bare] {
            self = scale
        } else {
            return nil
        }
    }

    /// English, German and French words; the short forms of the financial press.
    private static let words: [String: PrintedScale] = [
        "thousand": .thousand, "thousands": .thousand, "tausend": .thousand, "tsd": .thousand, "'000": .thousand, "000": .thousand,
        "000s": .thousand, "'000s": .thousand, "milliers": .thousand,
        "million": .million, "millions": .million, "millionen": .million, "mio": .million, "mn": .million, "mln": .million,
        "mm": .million, "mill": .million,
        "billion": .billion, "billions": .billion, "bn": .billion, "bln": .billion, "mrd": .billion, "milliarde": .billion,
        "milliarden": .billion, "milliard": .billion, "milliards": .billion,
        "trillion": .trillion, "trillions": .trillion, "tn": .trillion, "trn": .trillion,
    ]

    private static let letters: [String: PrintedScale] = ["k": .thousand, "m": .million, "b": .billion, "t": .trillion]
}

/// What is printed beside numbers: a unit and a scale, as in `EUR million`, `€m`, `in thousands of tonnes`, `%`.
public struct PrintedMeasure: Sendable, Hashable {
    /// Currency or unit as printed.
    public var unit: String?
    public var scale: PrintedScale?
    /// The scale as printed.
    public var scaleText: String?

    public init(unit: String? = nil, scale: PrintedScale? = nil, scaleText: String? = nil) {
        self.unit = unit
        self.scale = scale
        self.scaleText = scaleText
    }

    /// Finds the unit and the scale that a caption, a column header or a row label states for its numbers; nil where it states none.
    ///
    /// Two currencies, or two scales, settle nothing and give nil.
    public init?(caption: String) {
        var units: [String] = []
        var scales: [(PrintedScale, String)] = []
        for word in caption.split(whereSeparator: { $0.isWhitespace || "()[],;:/".contains($0) }).prefix(64).map(String.init) {
            let folded = PrintedNumber.fold(word)
            if let measure = Self.glued(folded) {
                measure.unit.map { units.append($0) }
                if let scale = measure.scale { scales.append((scale, measure.scaleText ?? word)) }
            } else if let scale = PrintedScale(word: folded, isAttached: false) {
                scales.append((scale, folded))
            } else if Self.isUnit(folded, inCaption: true) {
                units.append(folded)
            }
        }
        let kinds = Set(units.map { $0.lowercased() })
        guard kinds.count <= 1, Set(scales.map(\.0)).count <= 1, !(units.isEmpty && scales.isEmpty) else { return nil }
        self.init(unit: units.first, scale: scales.first?.0, scaleText: scales.first?.1)
    }

    /// Reads a currency with a scale glued to it: `€m`, `US$bn`, `TEUR`, `EUR'000`, `kEUR`.
    static func glued(_ word: String) -> PrintedMeasure? {
        for end in word.indices.dropFirst() where currencies.contains(String(word[..<end]).uppercased()) {
            let rest = String(word[end...])
            if let scale = PrintedScale(word: rest, isAttached: true) {
                return PrintedMeasure(unit: String(word[..<end]), scale: scale, scaleText: rest)
            }
        }
        // "TEUR", "kEUR", "MEUR".
        let prefixes: [Character: PrintedScale] = ["T": .thousand, "k": .thousand, "M": .million, "m": .million]
        if let first = word.first, let scale = prefixes[first], currencies.contains(String(word.dropFirst())) {
            return PrintedMeasure(unit: String(word.dropFirst()), scale: scale, scaleText: String(first))
        }
        return nil
    }

    /// Whether the word is a currency sign or code.
    public static func isCurrency(_ word: String) -> Bool {
        currencies.contains(word) || (word.count > 3 && currencies.contains(word.uppercased()))
    }

    /// Whether the word is a unit. A caption takes only units that are no ordinary words or letters.
    static func isUnit(_ word: String, inCaption: Bool = false) -> Bool {
        if isCurrency(word) || plainUnits.contains(word) || namedUnits.contains(word.lowercased()) { return true }
        return !inCaption && ambiguousUnits.contains(word)
    }

    /// ISO 4217 codes of the currencies that reports are mostly written in, with the signs and names in use.
    static let currencies: Set<String> = [
        "€", "$", "£", "¥", "₹", "₩", "₽", "₺", "₪", "US$", "C$", "A$", "HK$", "S$", "NZ$", "R$",
        "EUR", "USD", "GBP", "CHF", "CNY", "RMB", "JPY", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "BGN", "INR", "AUD", "CAD",
        "NZD", "SGD", "HKD", "TWD", "BRL", "MXN", "ZAR", "KRW", "TRY", "RUB", "UAH", "ILS", "THB", "IDR", "MYR", "PHP", "AED", "SAR", "ISK",
        "EURO", "EUROS", "DOLLAR", "DOLLARS",
    ]

    private static let plainUnits: Set<String> = [
        "%", "‰", "pp", "bps", "kg", "km", "kWh", "MWh", "GWh", "TWh", "kW", "MW", "GW", "GJ", "TJ", "PJ", "tCO2e", "tCO2", "CO2e", "kt",
        "Mt",
        "km²", "m²", "m³", "m2", "m3", "°C", "FTE", "FTEs",
    ]
    private static let namedUnits: Set<String> = ["percent", "per cent", "tonnes", "tons", "litres", "hectares", "kilometres"]
    private static let ambiguousUnits: Set<String> = [
        "t", "g", "m", "l", "h", "x", "days", "hours", "years", "people", "employees", "points", "basis points", "percentage points",
    ]
}
