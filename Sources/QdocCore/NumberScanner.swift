/// Reads one printed number from folded text, from the outside in: signs and parentheses, unit and scale, digits.
struct NumberScanner {
    /// Digits without grouping.
    private struct Digits {
        var text: String
        var decimals: Int
    }

    private struct Readings {
        var main: Digits
        var other: Digits?
    }

    private var text: [Unicode.Scalar]
    private var isNegative = false
    private var hasPlus = false
    private var measure = PrintedMeasure()
    private var mark: String?
    /// The separator that turned out to stand before the decimals.
    private(set) var decimalMark: DecimalMark?

    init(_ text: String) {
        self.text = Array(text.unicodeScalars)
    }

    mutating func number(decimalMark preferred: DecimalMark?) -> PrintedNumber? {
        trim()
        // Bounded: a printed number with its words is never longer.
        guard !text.isEmpty, text.count <= 64 else { return nil }
        guard takeAround(), takeAround(), takeAround() else { return nil }
        guard let readings = digits(preferred) else { return nil }
        let (main, other) = (readings.main, readings.other)
        let sign = isNegative && main.text.contains(where: { $0 != "0" && $0 != "." }) ? "-" : ""
        let isBare = !isNegative && !hasPlus && measure == PrintedMeasure() && text.count == 4 && main.decimals == 0
        let isYear = isBare && (main.text.hasPrefix("19") || main.text.hasPrefix("20"))
        return PrintedNumber(
            lexical: sign + main.text, decimals: main.decimals, otherLexical: other.map { sign + $0.text },
            otherDecimals: other?.decimals ?? 0,
            measure: measure, hasPlus: hasPlus, mark: mark, isBareYear: isYear)
    }

    private mutating func trim() {
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
    }

    /// Takes one layer of signs, parentheses, units and scales off both ends; false where two of a kind contradict.
    private mutating func takeAround() -> Bool {
        takePrefix() && takeSuffix() && takeParentheses() && takeSign()
    }

    private mutating func takeSign() -> Bool {
        if text.count > 1, let first = text.first, first == "-" || first == "+" {
            guard !isNegative, !hasPlus else { return false }
            isNegative = first == "-"
            hasPlus = first == "+"
            text.removeFirst()
            trim()
        } else if text.count > 1, text.last == "-" {
            guard !isNegative, !hasPlus else { return false }
            isNegative = true
            text.removeLast()
            trim()
        }
        return true
    }

    private mutating func takeParentheses() -> Bool {
        guard text.count > 2, text.first == "(", text.last == ")" else { return true }
        guard !isNegative, !hasPlus else { return false }
        isNegative = true
        text.removeFirst()
        text.removeLast()
        trim()
        return true
    }

    /// A currency, perhaps with its scale, before the digits.
    private mutating func takePrefix() -> Bool {
        let length = text.prefix { !isDigit($0) && !" (-+.".unicodeScalars.contains($0) }.count
        guard length > 0, length <= 12, length < text.count else { return true }
        let word = string(text[..<length])
        if let glued = PrintedMeasure.glued(word) {
            guard measure == PrintedMeasure() else { return false }
            measure = glued
        } else if PrintedMeasure.isCurrency(word) {
            guard measure.unit == nil else { return false }
            measure.unit = word
        } else {
            return true
        }
        text.removeFirst(length)
        trim()
        return true
    }

    /// Words after the digits, from the last one: units, then scales; also a footnote number in parentheses.
    private mutating func takeSuffix() -> Bool {
        for _ in 0..<3 {
            guard let lastDigit = text.lastIndex(where: isDigit), lastDigit + 1 < text.count else { return true }
            if takeNote() { continue }
            let close = text[lastDigit...].firstIndex(of: ")").map { $0 + 1 } ?? lastDigit + 1
            let start = text.first == "(" && text.last != ")" ? close : lastDigit + 1
            var tail = Array(text[min(start, text.count)...])
            while tail.first == " " { tail.removeFirst() }
            let closes = tail.last == ")" && text.first == "("
            if closes { tail.removeLast() }
            guard !tail.isEmpty else { return true }
            let isAttached = start < text.count && text[start] != " "
            guard takeWords(string(tail[...]), isAttached: isAttached) else { return tail == ["-"] }
            text.removeSubrange(start...)
            if closes { text.append(")") }
            trim()
        }
        return true
    }

    /// Takes "million EUR", "EUR million", "%", "tonnes", "m"; false where the words are anything else.
    private mutating func takeWords(_ tail: String, isAttached: Bool) -> Bool {
        var taken = measure
        if PrintedMeasure.isUnit(tail), taken.unit == nil, !(isAttached && PrintedScale(word: tail, isAttached: true) != nil) {
            taken.unit = tail
        } else {
            for (index, word) in tail.split(separator: " ").map(String.init).enumerated() {
                let canAbbreviate = (index == 0 && isAttached) || taken.unit.map(PrintedMeasure.isCurrency) == true
                if taken.scale == nil, let scale = PrintedScale(word: word, isAttached: canAbbreviate) {
                    taken.scale = scale
                    taken.scaleText = word
                } else if taken.unit == nil, let glued = PrintedMeasure.glued(word), taken.scale == nil {
                    taken = glued
                } else if taken.unit == nil, PrintedMeasure.isUnit(word) {
                    taken.unit = word
                } else if index > 0, word == "of" {
                    continue
                } else {
                    return false
                }
            }
        }
        measure = taken
        return true
    }

    /// "1,234 (1)": the parenthesised one or two digits after a number are a footnote.
    private mutating func takeNote() -> Bool {
        guard mark == nil, text.last == ")", let open = text.lastIndex(of: "("), open > 0, text.first != "(" else { return false }
        let note = text[(open + 1)..<(text.count - 1)]
        guard (1...2).contains(note.count), note.allSatisfy(isDigit), text[..<open].contains(where: isDigit) else { return false }
        mark = string(text[open...])
        text.removeSubrange(open...)
        trim()
        return true
    }

    /// What remains must be digits with separators.
    ///
    /// Groups of three follow a space, `,`, `.` or `'` (groups of two before the last in India); with both `,` and `.`, the last
    /// is the decimal mark; one of them before exactly three digits is read both ways.
    private mutating func digits(_ preferred: DecimalMark?) -> Readings? {
        var groups: [[Unicode.Scalar]] = [[]]
        var separators: [Unicode.Scalar] = []
        for scalar in text {
            if isDigit(scalar) {
                groups[groups.count - 1].append(scalar)
            } else if ",.' ".unicodeScalars.contains(scalar) {
                separators.append(scalar)
                groups.append([])
            } else {
                return nil
            }
        }
        // 30 digits: more than any quantity, fewer than a bar code with its checks.
        guard text.contains(where: isDigit), groups.dropFirst().allSatisfy({ !$0.isEmpty }), groups.joined().count <= 30 else { return nil }
        guard let last = separators.last else { return plain(groups, decimals: nil) }
        let before = separators.dropLast()
        let fraction = groups[groups.count - 1]
        guard last == "." || last == "," else { return plain(groups, decimals: nil, separators: separators) }
        if before.isEmpty {
            let first = groups[0]
            guard fraction.count == 3, (1...3).contains(first.count), first.first != "0" else {
                decimalMark = last == "." ? .point : .comma
                return plain([first], decimals: fraction)
            }
            let grouped = Digits(text: string(first[...]) + string(fraction[...]), decimals: 0)
            let decimal = Digits(text: string(first[...]) + "." + string(fraction[...]), decimals: 3)
            // Without a vote, English: a comma groups, a point does not.
            let isDecimal = preferred.map { ($0 == .point) == (last == ".") } ?? (last == ".")
            return isDecimal ? Readings(main: decimal, other: grouped) : Readings(main: grouped, other: decimal)
        }
        if before.contains(last) {
            guard Set(separators).count == 1 else { return nil }
            decimalMark = last == "." ? .comma : .point
            return plain(groups, decimals: nil, separators: separators)
        }
        decimalMark = last == "." ? .point : .comma
        return plain(Array(groups.dropLast()), decimals: fraction, separators: Array(before))
    }

    private func plain(
        _ groups: [[Unicode.Scalar]], decimals: [Unicode.Scalar]?, separators: [Unicode.Scalar] = []
    ) -> Readings? {
        if !separators.isEmpty {
            let isIndian = Set(separators) == [","] && groups.dropFirst().dropLast().allSatisfy { $0.count == 2 } && groups.count > 2
            guard Set(separators).count == 1, (1...3).contains(groups[0].count), groups[groups.count - 1].count == 3,
                isIndian || groups.dropFirst().allSatisfy({ $0.count == 3 })
            else { return nil }
        }
        let whole = string(Array(groups.joined())[...])
        // Leading zeros make an identifier, not a quantity.
        guard whole.count <= 1 || whole.first != "0" else { return nil }
        guard let decimals else {
            return whole.isEmpty ? nil : Readings(main: Digits(text: whole, decimals: 0))
        }
        guard !decimals.isEmpty else { return nil }
        let text = (whole.isEmpty ? "0" : whole) + "." + string(decimals[...])
        return Readings(main: Digits(text: text, decimals: decimals.count))
    }

    private func isDigit(_ scalar: Unicode.Scalar) -> Bool { (0x30...0x39).contains(scalar.value) }

    private func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(scalars))
    }
}
