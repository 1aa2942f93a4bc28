import QdocCore

/// Recomputes values that are printed nowhere from verified ones that stand in a fitting relation.
///
/// What is computed is named by a cue in the label or the column ("growth", "share", "total"), and the rest of the name says of what: without
/// a cue nothing is tried, for a table of fifty cells has thousands of ratios and some of them are near any number.
struct DerivationSearch {
    /// A verified number.
    struct Operand {
        var pointer: JSONPointer
        var number: PrintedDecimal
        var label: String
        var period: Set<String>
        var unit: String?
        var scale: String?
        /// The table, or the list of records.
        var group: JSONPointer
        var row: Int
        var column: Int
        var isTotal: Bool
    }

    private let claims: Claims
    private let evidence: [JSONPointer: Evidence]
    private var tables: [JSONPointer: [Operand]] = [:]
    private var byLabel: [String: [Operand]] = [:]

    init(_ claims: Claims, evidence: [JSONPointer: Evidence]) {
        self.claims = claims
        self.evidence = evidence
        for table in claims.tables {
            for (row, cells) in table.rows.enumerated() {
                guard let label = cells.first(where: { $0.string != nil })?.string else { continue }
                for column in cells.indices where cells[column].number != nil {
                    let header = column < table.columns.count ? table.columns[column] ?? "" : ""
                    add(
                        table.pointer.appending("rows").appending(row).appending(column), label: label, period: header,
                        group: table.pointer, row: row, column: column)
                }
            }
        }
        for (row, record) in claims.records.enumerated() {
            for value in record.values where value.column == nil || record.values.count == 1 {
                add(
                    value.pointer, label: record.labels.first ?? "", period: record.period ?? "", unit: record.unit, scale: record.scale,
                    group: JSONPointer(["records"]), row: row, column: 0)
            }
        }
    }

    private mutating func add(
        _ pointer: JSONPointer, label: String, period: String, unit: String? = nil, scale: String? = nil, group: JSONPointer, row: Int,
        column: Int
    ) {
        guard let item = evidence[pointer], item.verdict == .verified, let lexical = item.value.number?.lexical,
            var number = PrintedDecimal(lexical)
        else { return }
        // The page may print more zeros than the answer keeps.
        let printed = item.places.first.flatMap { PrintedNumber($0.text) }
        if let printed, let own = PrintedDecimal(printed.lexical), own == number { number = own }
        let cue = Cue(label)
        let operand = Operand(
            pointer: pointer, number: number, label: Cue.key(label), period: Period.marks(in: period), unit: unit, scale: scale,
            group: group, row: row, column: column, isTotal: cue.operation == .sum && cue.names.count <= 1)
        byLabel[operand.label, default: []].append(operand)
        if group.tokens != ["records"] { tables[group, default: []].append(operand) }
    }

    // MARK: Claims

    func all() -> [(pointer: JSONPointer, derivation: Derivation)] {
        var found: [(JSONPointer, Derivation)] = []
        for record in claims.records {
            for value in record.values where isOpen(value.pointer) {
                guard let goal = Goal(value.value, unit: record.unit), let label = record.labels.first else { continue }
                let period = Period.marks(in: record.period ?? "").union(record.period == nil ? Period.marks(in: label) : [])
                let cue = Cue(label)
                let candidates = self.candidates(cue, period: period, scale: record.scale, unit: record.unit)
                if let derivation = candidates.lazy.compactMap({ $0.derivation(of: goal) }).first {
                    found.append((value.pointer, derivation))
                }
            }
        }
        for table in claims.tables { found += cells(of: table) }
        return found
    }

    private func isOpen(_ pointer: JSONPointer) -> Bool {
        guard let verdict = evidence[pointer]?.verdict else { return false }
        return verdict == .notFound || verdict == .located
    }

    /// Computations that a label names, over all operands that fit.
    private func candidates(_ cue: Cue, period: Set<String>, scale: String?, unit: String?) -> [Computation] {
        guard let operation = cue.operation else { return [] }
        switch operation {
        case .growth, .difference:
            guard cue.names.count == 1 else { return [] }
            return groups(cue.names[0], scale: scale, unit: operation == .difference ? unit : nil).compactMap { pair($0, period: period) }
                .flatMap { now, before in
                    var ways = [Computation(.growth, [now, before])]
                    if operation == .difference { ways.insert(Computation(.difference, [now, before]), at: 0) }
                    return ways
                }
        case .share:
            guard cue.names.count == 1 else { return [] }
            return operands(cue.names[0], period: period).compactMap { part in
                let totals = (tables[part.group] ?? []).filter { $0.isTotal && $0.column == part.column && $0.row != part.row }
                return totals.count == 1 ? Computation(.ratio, [part, totals[0]]) : nil
            }
        case .margin:
            guard cue.names.count == 1 else { return [] }
            return Cue.revenues.flatMap { ratios(cue.names[0], to: $0, period: period) }
        case .ratio: return cue.names.count == 2 ? ratios(cue.names[0], to: cue.names[1], period: period) : []
        case .sum, .mean: return sums(cue, operation, period: period, scale: scale)
        }
    }

    private func operands(_ name: String, period: Set<String>) -> [Operand] {
        (byLabel[name] ?? []).filter { period.isEmpty || $0.period == period }.prefix(16).map(\.self)
    }

    /// The verified values of one label that differ by their period alone.
    private func groups(_ name: String, scale: String?, unit: String?) -> [[Operand]] {
        let fitting = (byLabel[name] ?? []).filter { operand in
            (scale == nil || operand.group.tokens != ["records"] || operand.scale == scale)
                && (unit.map { unit in operand.unit.map { Measure.isSame(unit, $0) } ?? true } ?? true)
        }
        let keyed = Dictionary(grouping: fitting) { operand -> [String] in
            operand.group.tokens == ["records"]
                ? [operand.unit ?? "", operand.scale ?? ""] : operand.group.tokens + [String(operand.row)]
        }
        return keyed.values.sorted { ($0.first?.pointer.description ?? "") < ($1.first?.pointer.description ?? "") }
    }

    /// The value of the period, and of the year before it.
    private func pair(_ group: [Operand], period: Set<String>) -> (Operand, Operand)? {
        let dated = group.filter { Self.year(of: $0.period) != nil }
        let years = Set(dated.compactMap { Self.year(of: $0.period) })
        let wanted = period.compactMap { Int($0) }.sorted()
        guard dated.count == years.count || !period.isEmpty, let last = wanted.last ?? years.max() else { return nil }
        let first = wanted.count == 2 ? wanted[0] : last - 1
        func one(_ year: Int) -> Operand? {
            let rest = period.filter { Int($0) == nil }
            let found = dated.filter { Self.year(of: $0.period) == year && (rest.isEmpty || $0.period.filter { Int($0) == nil } == rest) }
            return Set(found.map(\.number.lexical)).count == 1 ? found.first : nil
        }
        guard let now = one(last), let before = one(first) else { return nil }
        return (now, before)
    }

    private static func year(of period: Set<String>) -> Int? {
        let years = period.compactMap { Int($0) }
        return years.count == 1 ? years[0] : nil
    }

    /// Two labels of one table and column, or of records with one period and measure.
    private func ratios(_ upper: String, to lower: String, period: Set<String>) -> [Computation] {
        operands(upper, period: period).flatMap { part in
            operands(lower, period: period).filter { other in
                other.group == part.group && other.column == part.column && other.period == part.period && other.scale == part.scale
                    && (other.group.tokens != ["records"] || !other.period.isEmpty)
            }.map { Computation(.ratio, [part, $0]) }
        }
    }

    /// Sum or mean of the rows that the label names, or of all rows of a table whose label is nothing but the cue.
    private func sums(_ cue: Cue, _ operation: Cue.Operation, period: Set<String>, scale: String?) -> [Computation] {
        let kind: Computation.Kind = operation == .mean ? .mean : .sum
        if cue.names.count >= 2 {
            return operands(cue.names[0], period: period).compactMap { first in
                let rest = cue.names.dropFirst().map { name in
                    operands(name, period: period).filter {
                        $0.group == first.group && $0.column == first.column && $0.period == first.period && $0.unit == first.unit
                            && $0.scale == first.scale
                    }
                }
                guard rest.allSatisfy({ $0.count == 1 }), scale == nil || first.scale == scale || first.group.tokens != ["records"] else {
                    return nil
                }
                return Computation(kind, [first] + rest.joined())
            }
        }
        return claims.tables.flatMap { table -> [Computation] in
            guard let cells = tables[table.pointer], names(table, cue) else { return [] }
            return Set(cells.map(\.column)).sorted().compactMap { column in
                let rows = cells.filter { $0.column == column && !$0.isTotal }
                // All rows, or it is no total; three at least, for two numbers add up to many a third.
                let whole = table.rows.indices.filter { row in
                    column < table.rows[row].count && table.rows[row][column].number != nil
                        && !(table.rows[row].first { $0.string != nil }?.string.map { Cue($0).isBareTotal } ?? false)
                }
                guard rows.count == whole.count, rows.count >= 2, rows.count <= 80, period.isEmpty || rows[0].period == period else {
                    return nil
                }
                return Computation(kind, rows)
            }
        }
    }

    /// Whether the rest of the label is what the table is about.
    private func names(_ table: TableClaim, _ cue: Cue) -> Bool {
        guard let name = cue.names.first else { return claims.tables.count == 1 }
        let title = Set(Cue.words(table.title ?? "").map(Cue.stem))
        return cue.words.contains { title.contains(Cue.stem($0)) } || title.contains(Cue.stem(name))
    }

    // MARK: Cells

    /// Cells of a claimed table whose column or row names a computation over its other cells.
    private func cells(of table: TableClaim) -> [(JSONPointer, Derivation)] {
        guard let operands = tables[table.pointer] else { return [] }
        let rows = Dictionary(grouping: operands, by: \.row)
        let columns = Dictionary(grouping: operands, by: \.column)
        let allTotals = operands.filter(\.isTotal)
        var found: [(JSONPointer, Derivation)] = []
        for (row, cells) in table.rows.enumerated() {
            let label = cells.first { $0.string != nil }?.string ?? ""
            for (column, cell) in cells.enumerated() {
                let pointer = table.pointer.appending("rows").appending(row).appending(column)
                guard isOpen(pointer), let goal = Goal(cell, unit: nil) else { continue }
                let header = column < table.columns.count ? table.columns[column] ?? "" : ""
                let own = rows[row] ?? []
                var ways: [Computation] = []
                switch Cue(header).operation {
                case .growth?, .difference?:
                    if let (now, before) = pair(own, period: Period.marks(in: header)) {
                        ways = [Computation(.growth, [now, before]), Computation(.difference, [now, before])]
                    }
                case .share?:
                    for part in own {
                        let totals = allTotals.filter { $0.column == part.column && $0.row != row }
                        if totals.count == 1 { ways.append(Computation(.ratio, [part, totals[0]])) }
                    }
                case .sum? where own.count >= 2 && own.count == cells.count(where: { $0.number != nil }) - 1:
                    ways = [Computation(.sum, own)]
                default: break
                }
                if ways.isEmpty, Cue(label).isBareTotal {
                    let above = (columns[column] ?? []).filter { $0.row < row && !$0.isTotal }
                    let whole = (0..<row).count { column < table.rows[$0].count && table.rows[$0][column].number != nil }
                    if above.count >= 2, above.count <= 80, above.count == whole { ways = [Computation(.sum, above)] }
                }
                if let derivation = ways.lazy.compactMap({ $0.derivation(of: goal) }).first { found.append((pointer, derivation)) }
            }
        }
        return found
    }
}
