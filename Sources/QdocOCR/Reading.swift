import QdocCore

/// What was read on a page that was prepared in one way.
struct Reading {
    private let page: PreparedPage
    /// What another reading adds, in pixels of the page.
    private var upright: [Word] = []
    /// In pixels of the prepared page.
    private var candidates: [Engine.Candidate]

    /// Confidence from which a word counts as sure. Of the words on 14 receipts that are surer 85 % are right, of the others 32 %.
    private static let sure = 60.0
    /// Below it words are dropped. On the receipts 18 of 1,047 right words lie below, and 73 of 319 wrong ones.
    private static let least = 30.0
    /// Words of the second look, which finds letters in any pattern, must be surer: a choice, made by looking at charts.
    private static let leastOfSecondLook = 50.0
    /// The least share of sure words in what is text. In the first look photographs had none, receipts 0.5 to 0.8, a scan 0.94, charts 0 to 0.95; in
    /// the second photographs 0 to 0.04 (but for one with two words in all), receipts 0.09 to 0.5, charts from 0.07 on. So some charts and receipts get
    /// nothing from the second look.
    private static let leastSureShare = 0.2

    /// - Parameter milliseconds: Of processor time that recognition may take.
    /// - Throws: `decode_limit` where that is not enough.
    init(_ page: PreparedPage, _ engine: Engine, within milliseconds: Int) throws(Failure) {
        self.page = page
        guard let found = engine.words(on: page.image, layout: .page, within: milliseconds) else {
            throw Failure(.decodeLimit, "the page takes more than \(milliseconds / 1000) s to recognise")
        }
        candidates = found
    }

    private var sureWords: [Engine.Candidate] {
        candidates.filter(isSure)
    }

    private func isSure(_ candidate: Engine.Candidate) -> Bool {
        candidate.confidence >= Reading.sure && candidate.isText && !candidate.isColumn
    }

    var hasSureWords: Bool { candidates.contains(where: isSure) }

    /// Whether this way up shows more: letters of level words count, since labels that run up or down a chart stand right in one way only; on a
    /// page on its side there are no others.
    func isBetter(than other: Reading) -> Bool {
        let (own, others) = (sureLetters, other.sureLetters)
        let areLevel = own.level > own.upright || others.level > others.upright
        return areLevel ? own.level > others.level : own.upright > others.upright
    }

    /// Letters and digits in the words that are sure.
    private var sureLetters: (level: Int, upright: Int) {
        sureWords.reduce(into: (0, 0)) { sum, word in
            if word.direction == .right { sum.0 += word.letters } else { sum.1 += word.letters }
        }
    }

    /// Whether it is not worth while to try another way up: most words are sure.
    var isGood: Bool { !candidates.isEmpty && sureWords.count * 2 >= candidates.count }

    /// Adds what the search for columns and lines passed over, such as labels in charts.
    func completed(_ engine: Engine) throws(Failure) -> Reading {
        let sure = candidates.filter { $0.confidence >= Reading.sure && !$0.isColumn }
        let left = InkShapes(try page.image.binarized().inkBoxes()).lettersOutside(sure.map(\.box))
        guard left >= Reading.leastLettersLeft else { return self }
        let found = engine.words(on: try page.image.cleared(of: sure.map(\.box)), layout: .sparse, within: Reading.secondLook)
        guard let found, Reading.isText(found) else { return self }
        var completed = self
        let good = found.filter { $0.confidence >= Reading.leastOfSecondLook && $0.isText }
        for word in good { completed.add(word) }
        return completed
    }

    /// Milliseconds of processor time: what a dense page leaves over takes 100, a photograph 1,800. What is not found by then is left.
    private static let secondLook = 2_500

    /// Fewer are marks and specks.
    private static let leastLettersLeft = 3

    /// Puts a word behind the words on its left in its row, or at the end; of two at one place the surer stays.
    private mutating func add(_ word: Engine.Candidate) {
        let rivals = candidates.indices.filter { candidates[$0].box.covers(word.box) }
        guard !rivals.contains(where: { candidates[$0].confidence >= word.confidence && !candidates[$0].isColumn }) else { return }
        var place = rivals.first
        for index in rivals.reversed() { candidates.remove(at: index) }
        place = place ?? candidates.lastIndex { $0.isLeft(of: word) }.map { $0 + 1 }
        candidates.insert(word, at: min(place ?? candidates.count, candidates.count))
    }

    /// Adds words that run at right angles to this reading's lines, and that only the other one could read: labels of a chart that run down.
    mutating func addUpright(of other: Reading) {
        let level = page.page(TextDirection.right)
        let sure = sureWords.compactMap { page.page($0.box) }
        upright += other.sureWords.filter { $0.letters > 2 }.compactMap(other.word).filter { word in
            (word.direction.rawValue + level.rawValue) % 2 == 1 && !sure.contains { $0.covers(word.box) }
        }
    }

    /// The words of the page, in its own pixels.
    var words: [Word] {
        let isText = Reading.isText(candidates)
        return candidates.compactMap { candidate in
            // Without a text around it a word must be sure. A mark that is no letter must be so always: specks are read as such.
            let isKept =
                isText
                ? candidate.letters > 0
                    ? candidate.confidence >= Reading.least : candidate.confidence >= Reading.sure && !candidate.isColumn
                : isSure(candidate)
            guard isKept, let word = word(candidate), !upright.contains(where: { $0.box.covers(word.box) }) else { return nil }
            return word
        } + upright
    }

    private func word(_ candidate: Engine.Candidate) -> Word? {
        page.page(candidate.box).map { box in
            Word(
                text: candidate.text, box: box, fontSize: page.page(length: candidate.lineHeight),
                direction: page.page(candidate.direction),
                spaceAfter: candidate.spaceAfter, source: .ocr, confidence: min(1, candidate.confidence / 100))
        }
    }

    /// Whether words are those of a text, and not what is read into the grain of a picture.
    private static func isText(_ candidates: [Engine.Candidate]) -> Bool {
        let count = candidates.count { $0.confidence >= sure && $0.isText }
        return Double(count) >= leastSureShare * Double(candidates.count)
    }
}

extension Engine.Candidate {
    /// Letters and digits.
    fileprivate var letters: Int { text.count { $0.isLetter || $0.isNumber } }

    /// A lone letter is what patterns are read as; a lone digit can be the label of an axis.
    fileprivate var isText: Bool { letters >= 2 || text.contains { $0.isNumber } }

    /// A short word that runs up or down: mostly a column of numbers, the labels of an axis, that was taken for an upright line.
    fileprivate var isColumn: Bool { direction != .right && letters <= 2 }

    fileprivate func isLeft(of other: Engine.Candidate) -> Bool {
        let common = min(box.maxY, other.box.maxY) - max(box.y, other.box.y)
        return box.midX < other.box.midX && common >= 0.5 * min(box.height, other.box.height)
    }
}

extension Box {
    /// Whether both stand at one place: half of the smaller lies in the other.
    fileprivate func covers(_ other: Box) -> Bool {
        guard let common = intersection(other) else { return false }
        return common.area >= 0.5 * min(area, other.area)
    }
}
