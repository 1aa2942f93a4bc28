import QdocCore

/// A value that may follow from others.
struct Goal {
    var number: PrintedDecimal
    /// Whether its unit says percent; nil where it has none.
    var isPercent: Bool?

    init?(_ value: JSONValue, unit: String?) {
        guard let lexical = value.number?.lexical, let number = PrintedDecimal(lexical) else { return nil }
        self.number = number
        isPercent = unit.map(Measure.isPercent)
    }
}

/// A formula over verified values.
struct Computation {
    enum Kind {
        case sum, mean, difference, growth, ratio
    }

    private let kind: Kind
    private let operands: [DerivationSearch.Operand]

    init(_ kind: Kind, _ operands: [DerivationSearch.Operand]) {
        self.kind = kind
        self.operands = operands
    }

    /// The derivation, where the result meets the goal as far as both are printed.
    ///
    /// It does where the result of the printed digits, rounded, is the goal. It also may where each operand lies up to half a unit of its
    /// last place off; but a result wider than two units of the goal or 2 % of it says nothing.
    func derivation(of goal: Goal) -> Derivation? {
        guard let (low, middle, high) = range, low.isFinite, high.isFinite else { return nil }
        let (value, ulp) = (goal.number.value, goal.number.ulp)
        func meets(_ factor: Double) -> Bool {
            let slack = ulp / 2 + 1e-9 * max(1, abs(value))
            if abs(middle * factor - value) <= slack { return true }
            return (high - low) * factor <= max(2 * ulp, 0.02 * abs(value)) && low * factor <= value + slack
                && high * factor >= value - slack
        }
        let factors: [Double]
        switch kind {
        case .sum, .mean, .difference: factors = goal.isPercent == true ? [] : [1]
        case .growth, .ratio:
            // 5 may be a rounding of anything from 4.5 to 5.5: two digits at least.
            guard String(goal.number.units.magnitude).utf8.count >= 2 else { return nil }
            factors = goal.isPercent.map { $0 ? [100] : [1] } ?? [1, 100]
        }
        guard let factor = factors.first(where: meets) else { return nil }
        return Derivation(formula: formula + (factor == 100 ? " in %" : ""), operands: operands.map(\.pointer))
    }

    private var range: (low: Double, middle: Double, high: Double)? {
        let ends = operands.map { (low: $0.number.value - $0.number.ulp / 2, high: $0.number.value + $0.number.ulp / 2) }
        guard let first = ends.first, ends.count >= 2 else { return nil }
        switch kind {
        case .sum, .mean:
            let divisor = kind == .mean ? Double(ends.count) : 1
            let exact = operands.map(\.number).reduce(PrintedDecimal(units: 0, places: 0), +)
            // Whole numbers are counts as printed; decimals were rounded one by one, and their errors add up.
            let slack = exact.places == 0 ? 0 : ends.reduce(0) { $0 + $1.high - $1.low } / 2
            return ((exact.value - slack) / divisor, exact.value / divisor, (exact.value + slack) / divisor)
        case .difference:
            let exact = (operands[0].number - operands[1].number)
            let slack = exact.places == 0 ? 0 : exact.ulp
            return (exact.value - slack, exact.value, exact.value + slack)
        case .growth, .ratio:
            let second = ends[1]
            guard second.low > 0 || second.high < 0 else { return nil }
            let quotients = [first.low / second.low, first.low / second.high, first.high / second.low, first.high / second.high]
            let shift = kind == .growth ? 1.0 : 0
            let middle = operands[0].number.value / operands[1].number.value
            return ((quotients.min() ?? 0) - shift, middle - shift, (quotients.max() ?? 0) - shift)
        }
    }

    private var formula: String {
        let names = operands.map { $0.number.isNegative ? "(\($0.number.lexical))" : $0.number.lexical }
        // Longer sums are told by their ends; the operands are listed beside the formula.
        let sum =
            names.count > 6
            ? "\(names[0]) + \(names[1]) + … + \(names[names.count - 1])" : names.joined(separator: " + ")
        return switch kind {
        case .sum: sum
        case .mean: "(\(sum)) / \(names.count)"
        case .difference: "\(names[0]) - \(names[1])"
        case .growth: "\(names[0]) / \(names[1]) - 1"
        case .ratio: "\(names[0]) / \(names[1])"
        }
    }
}
