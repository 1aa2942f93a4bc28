import QdocCore

/// The ways in which one printed number may be written otherwise: rounded, with its scale applied, a percentage as a fraction, a loss
/// as a negative amount. None of them proves the value itself; each gives its formula.
struct Conversion {
    var printed: PrintedNumber
    /// As `Measure` tells it of the printed number.
    var scale: PrintedScale?
    var isPercent: Bool
    var label: String

    /// - Parameters:
    ///   - lexical: The value as claimed.
    ///   - claimedScale: As the record states it.
    ///   - isClaimedPercent: Whether the record's unit is percent.
    func formula(to lexical: String, scale claimedScale: PrintedScale?, isClaimedPercent: Bool) -> String? {
        guard let claimed = PrintedDecimal(lexical), let own = PrintedDecimal(printed.lexical) else { return nil }
        let text = printed.lexical + (isPercent ? " %" : scale.map { " \($0)" } ?? "")
        let isBothPercent = isPercent == isClaimedPercent
        if isPercent, !isClaimedPercent, claimed.magnitude <= 1.5, claimed.shifted(by: 2) == own { return "\(text) / 100" }
        guard isBothPercent || (isPercent && claimed.magnitude > 1.5) else { return nil }
        let shift = (claimedScale?.rawValue ?? 0) - (isPercent ? 0 : scale?.rawValue ?? 0)
        let scaled = claimed.shifted(by: shift)
        if shift != 0, scaled == own {
            return claimedScale == nil ? "\(text) written out" : "\(text) in \(claimedScale.map { "\($0)s" } ?? "")"
        }
        if scaled.isRounding(of: own) || (claimedScale == nil && claimed.isRounding(of: own)) { return "\(text) rounded" }
        if claimed.isNegative, claimed.negated == own, claimedScale == nil || claimedScale == scale, Self.namesLoss(label) {
            return "-\(text)"
        }
        return nil
    }

    /// Labels under which amounts are printed without their minus.
    private static func namesLoss(_ label: String) -> Bool {
        let cues: Set<String> = [
            "loss", "losses", "decrease", "decline", "outflow", "outflows", "deficit", "verlust", "rückgang", "fehlbetrag",
        ]
        return label.lowercased().split { !$0.isLetter }.contains { cues.contains(String($0)) }
    }
}

/// An exact decimal that knows how many places were written.
struct PrintedDecimal: Equatable {
    /// In units of the last place.
    private(set) var units: Int128
    private(set) var places: Int

    /// Reads a JSON number; nil beyond 30 digits, which nothing prints.
    init?(_ lexical: String) {
        guard let plain = Self.plain(lexical) else { return nil }
        let parts = plain.split(separator: ".", omittingEmptySubsequences: false)
        let fraction = parts.count > 1 ? parts[1] : ""
        guard plain.utf8.count <= 32, let units = Int128(parts[0] + fraction) else { return nil }
        self.units = units
        places = fraction.utf8.count
    }

    init(units: Int128, places: Int) {
        self.units = units
        self.places = places
    }

    /// The printed decimals stay; only exponents are written out.
    private static func plain(_ lexical: String) -> String? {
        lexical.contains { $0 == "e" || $0 == "E" } ? DecimalKey.of(lexical) : lexical
    }

    var isNegative: Bool { units < 0 }
    var negated: PrintedDecimal { PrintedDecimal(units: -units, places: places) }
    var magnitude: Double { abs(value) }
    var value: Double { Double(lexical) ?? 0 }
    /// One unit of the last place.
    var ulp: Double { Double("1e\(-places)") ?? 1 }

    var lexical: String {
        guard places > 0 else { return String(units) }
        var digits = String(units.magnitude)
        if digits.utf8.count <= places { digits = String(repeating: "0", count: places + 1 - digits.utf8.count) + digits }
        let cut = digits.index(digits.endIndex, offsetBy: -places)
        return (units < 0 ? "-" : "") + digits[..<cut] + "." + digits[cut...]
    }

    static func == (left: PrintedDecimal, right: PrintedDecimal) -> Bool {
        guard let (left, right, _) = aligned(left, right) else { return false }
        return left == right
    }

    static func + (left: PrintedDecimal, right: PrintedDecimal) -> PrintedDecimal {
        // 30 digits and their places leave room; what does not fit is no sum of printed values.
        guard let (a, b, places) = aligned(left, right) else { return left }
        return PrintedDecimal(units: a &+ b, places: places)
    }

    static func - (left: PrintedDecimal, right: PrintedDecimal) -> PrintedDecimal { left + right.negated }

    private static func aligned(_ left: PrintedDecimal, _ right: PrintedDecimal) -> (Int128, Int128, Int)? {
        let places = max(left.places, right.places)
        guard let a = left.raised(by: places - left.places), let b = right.raised(by: places - right.places) else { return nil }
        return (a, b, places)
    }

    private func raised(by count: Int) -> Int128? {
        guard count <= 36 else { return nil }
        var result = units
        for _ in 0..<count {
            let (next, overflows) = result.multipliedReportingOverflow(by: 10)
            guard !overflows else { return nil }
            result = next
        }
        return result
    }

    /// The value times a power of ten.
    func shifted(by shift: Int) -> PrintedDecimal {
        if shift <= places { return PrintedDecimal(units: units, places: places - shift) }
        return raised(by: shift - places).map { PrintedDecimal(units: $0, places: 0) } ?? self
    }

    /// Whether this is the other to fewer places; one digit alone may be the rounding of anything.
    func isRounding(of other: PrintedDecimal) -> Bool {
        guard places < other.places, significant >= 2, let (a, b, _) = Self.aligned(self, other),
            let ulp = PrintedDecimal(units: 1, places: places).raised(by: other.places - places)
        else { return false }
        return 2 * (a - b).magnitude <= ulp.magnitude && a != b
    }

    /// Digits without the zeros at either end.
    private var significant: Int {
        var digits = String(units.magnitude)[...]
        while digits.last == "0" { digits.removeLast() }
        return digits.utf8.count
    }
}
