import QdocCore

/// Text that runs from right to left.
///
/// - Source: Unicode 15, blocks of the right-to-left scripts and their presentation forms; UAX #9, explicit formatting characters.
enum Bidirectional {
    static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0590...0x08FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFC, 0x10800...0x10FFF, 0x1E800...0x1EFFF: !isDigit(scalar)
        default: false
        }
    }

    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0x061C: true
        default: false
        }
    }

    static func isConcerned(_ scalar: Unicode.Scalar) -> Bool { scalar.value >= 0x0590 && (isRightToLeft(scalar) || isControl(scalar)) }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        (0x0660...0x0669).contains(scalar.value) || (0x06F0...0x06F9).contains(scalar.value)
    }

    /// Puts the letters of a word into the order they are read in, where they come in the order they stand on paper.
    ///
    /// - Parameters:
    ///   - span: Points from the first letter to the last, to the right. The letters that one glyph stands for come in reading order and
    ///     share its width: then they lie closer than 0.15 em, which no letters of these scripts do.
    static func logical(_ letters: [Unicode.Scalar], span: Double, fontSize: Double) -> [Unicode.Scalar] {
        guard letters.count > 1, span > 0.15 * fontSize * Double(letters.count - 1), letters.contains(where: isRightToLeft) else {
            return letters
        }
        return turned(letters) { isRightToLeft($0) || !($0.properties.isAlphabetic || $0.properties.numericType != nil) }
    }

    /// Puts lines that run mostly from right to left into reading order; the words come from left to right in each line.
    static func readingOrder(_ words: [Word]) -> [Word] {
        var ordered: [Word] = []
        ordered.reserveCapacity(words.count)
        var start = 0
        while start < words.count {
            var end = start + 1
            while end < words.count, isOneLine(words[end - 1], words[end]) { end += 1 }
            ordered += line(Array(words[start..<end]))
            start = end
        }
        return ordered
    }

    private static func isOneLine(_ left: Word, _ right: Word) -> Bool {
        left.direction == .right && right.direction == .right && right.box.midX > left.box.midX
            && abs(left.box.midY - right.box.midY) < max(left.box.height, right.box.height) / 2
    }

    private static func line(_ words: [Word]) -> [Word] {
        let letters = words.lazy.flatMap(\.text.unicodeScalars).filter(\.properties.isAlphabetic)
        let count = letters.count
        guard words.count > 1, 2 * letters.filter(isRightToLeft).count > count else { return words }
        let order = turned(Array(words.indices)) { index in words[index].text.unicodeScalars.contains(where: isRightToLeft) }
        return order.indices.map { position in
            var word = words[order[position]]
            // White space lies between neighbours on paper.
            if position + 1 < order.count {
                let pair = (order[position], order[position + 1])
                word.spaceAfter = abs(pair.0 - pair.1) != 1 || words[min(pair.0, pair.1)].spaceAfter
            } else {
                word.spaceAfter = true
            }
            return word
        }
    }

    /// Reverses a sequence, but keeps the order inside each run of elements that run to the right.
    private static func turned<Element>(_ elements: [Element], _ isLeftward: (Element) -> Bool) -> [Element] {
        var turned: [Element] = []
        var run: [Element] = []
        for element in elements.reversed() {
            if isLeftward(element) {
                turned += run.reversed()
                run = []
                turned.append(element)
            } else {
                run.append(element)
            }
        }
        return turned + run.reversed()
    }
}
