import QdocCore

/// Makes headings and paragraphs from the words outside tables and charts, in reading order.
enum BlockBuilder {
    static func blocks(words: [Word], uprights: [Ruling], isRunning: (TextRow) -> Bool) -> [TextBlock] {
        let rows = RowBuilder.rows(of: words, uprights: uprights)
        let running = rows.filter(isRunning).flatMap(\.chunks)
        let chunks = rows.filter { !isRunning($0) }.flatMap(\.chunks)
        let runningBlocks = running.map { makeBlock([$0], role: .running) }
        guard let bodySize = bodySize(of: chunks) else { return runningBlocks }
        var groups: [[Chunk]] = []
        for chunk in chunks {
            // Chunks come from top to bottom: only blocks begun lately can go on.
            let index = groups.indices.suffix(40).last { continues(groups[$0], chunk) }
            if let index { groups[index].append(chunk) } else { groups.append([chunk]) }
        }
        let bodies = groups.map { block($0, bodySize: bodySize) }
        let ordered = ReadingOrder.order(bodies.map(\.box)).map { bodies[$0] }
        return ordered + runningBlocks
    }

    /// The font size of most words.
    static func bodySize(of chunks: [Chunk]) -> Double? {
        median(chunks.flatMap { chunk in Array(repeating: chunk.fontSize, count: min(chunk.words.count, 50)) })
    }

    /// Whether a line goes on a block: under its last line, nearer than 0.7 of the height, at the same left edge or centre or wrapped
    /// inside it, and in a size within 15 %.
    private static func continues(_ block: [Chunk], _ chunk: Chunk) -> Bool {
        guard let last = block.last else { return false }
        let gap = chunk.box.y - last.box.maxY
        guard gap < 0.7 * max(last.box.height, chunk.box.height), chunk.box.midY > last.box.midY else { return false }
        guard abs(chunk.fontSize - last.fontSize) <= 0.15 * max(chunk.fontSize, last.fontSize),
            chunk.isBold == last.isBold || chunk.words.count > 3
        else {
            return false
        }
        guard !isBullet(chunk) else { return false }
        let isLeft = abs(chunk.box.x - last.box.x) <= 2 + 0.2 * chunk.fontSize
        let isCentred = abs(chunk.box.midX - last.box.midX) <= 2
        let isHanging =
            last.box.overlapX(chunk.box) >= 0.6 * min(last.box.width, chunk.box.width)
            && abs(chunk.box.x - last.box.x) <= 3 * chunk.fontSize
        return isLeft || isCentred || isHanging
    }

    static func isBullet(_ chunk: Chunk) -> Bool {
        chunk.words.first.map { $0.text.count == 1 && "•·▪◦■●–".contains($0.text) } == true && chunk.words.count > 1
    }

    private static func block(_ lines: [Chunk], bodySize: Double) -> TextBlock {
        let size = lines.map(\.fontSize).max() ?? 0
        let text = lines.map(\.text).joined(separator: " ")
        let isShort = lines.count <= 3 && text.count <= 150 && text.contains { $0.isLetter }
        let isProminent = size >= 1.15 * bodySize || (lines.allSatisfy(\.isBold) && !text.hasSuffix("."))
        return makeBlock(lines, role: isShort && isProminent && !lines.contains(where: isBullet) ? .heading : .paragraph)
    }

    private static func makeBlock(_ lines: [Chunk], role: TextBlock.Role) -> TextBlock {
        TextBlock(
            role: role, lines: lines.map { TextLine(text: $0.text, box: $0.box, fontSize: $0.fontSize, isBold: $0.isBold) },
            box: Box.union(of: lines.lazy.map(\.box)) ?? Box(x: 0, y: 0, width: 0, height: 0), text: joined(lines.map(\.text)),
            words: lines.flatMap(\.words))
    }

    /// Joins lines by a space; a hyphen at a line end before a small letter goes.
    private static func joined(_ lines: [String]) -> String {
        lines.reduce(into: "") { text, line in
            if text.hasSuffix("-"), text.dropLast().last?.isLetter == true, line.first?.isLowercase == true {
                text.removeLast()
                text += line
            } else {
                text += text.isEmpty ? line : " " + line
            }
        }
    }
}

/// Puts boxes into reading order by cutting the page along its empty bands (XY-cut).
enum ReadingOrder {
    static func order(_ boxes: [Box]) -> [Int] {
        let height = median(boxes.map(\.height)) ?? 0
        return order(Array(boxes.indices), boxes, lineHeight: min(height, 14), depth: 0)
    }

    private static func order(_ indices: [Int], _ boxes: [Box], lineHeight: Double, depth: Int) -> [Int] {
        let topDown = indices.sorted { (boxes[$0].y, boxes[$0].x) < (boxes[$1].y, boxes[$1].x) }
        // Bounded: a page that nests deeper is read from top to bottom.
        guard indices.count > 1, depth < 48 else { return topDown }
        if let (left, right) = columnCut(indices, boxes, lineHeight: lineHeight) {
            return order(left, boxes, lineHeight: lineHeight, depth: depth + 1)
                + order(right, boxes, lineHeight: lineHeight, depth: depth + 1)
        }
        if let (upper, lower) = rowCut(topDown, boxes, lineHeight: lineHeight) {
            return order(upper, boxes, lineHeight: lineHeight, depth: depth + 1)
                + order(lower, boxes, lineHeight: lineHeight, depth: depth + 1)
        }
        return topDown
    }

    /// The widest empty upright band, at least 1.2 lines wide, with text on both sides over 60 % of the lower side's height.
    private static func columnCut(_ indices: [Int], _ boxes: [Box], lineHeight: Double) -> ([Int], [Int])? {
        let sorted = indices.sorted { boxes[$0].x < boxes[$1].x }
        var reach = -Double.infinity
        var best: (gap: Double, at: Int)?
        for (position, index) in sorted.enumerated() {
            let gap = boxes[index].x - reach
            if position > 0, gap >= 1.2 * lineHeight, gap > best?.gap ?? 0 { best = (gap, position) }
            reach = max(reach, boxes[index].maxX)
        }
        guard let best else { return nil }
        let left = Array(sorted[..<best.at])
        let right = Array(sorted[best.at...])
        guard let first = Box.union(of: left.lazy.map { boxes[$0] }), let second = Box.union(of: right.lazy.map { boxes[$0] }) else {
            return nil
        }
        let common = first.overlapY(second)
        return common >= 0.6 * min(first.height, second.height) ? (left, right) : nil
    }

    /// The widest empty level band. Half a line is enough: blocks of one column never come nearer.
    private static func rowCut(_ topDown: [Int], _ boxes: [Box], lineHeight: Double) -> ([Int], [Int])? {
        var reach = -Double.infinity
        var best: (gap: Double, at: Int)?
        for (position, index) in topDown.enumerated() {
            let gap = boxes[index].y - reach
            if position > 0, gap >= 0.3 * lineHeight, gap > best?.gap ?? 0 { best = (gap, position) }
            reach = max(reach, boxes[index].maxY)
        }
        return best.map { (Array(topDown[..<$0.at]), Array(topDown[$0.at...])) }
    }
}
