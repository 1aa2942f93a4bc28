import QdocCore

/// A part of a page that holds a table, before its cells are known.
struct TableRegion {
    enum Kind {
        /// Cells are walled by rules on all sides.
        case grid
        /// Rules of one width stand above, below or between the rows.
        case ruled
        /// Only alignment tells.
        case unruled
    }

    var kind: Kind
    var box: Box
    var words: [Word]
    /// Inside the box.
    var horizontals: [Ruling]
    var uprights: [Ruling]
}

/// Finds the parts of a page that hold tables: walled grids, bands between rules of one width, runs of aligned rows.
struct TableFinder {
    let rules: RuleLayout
    /// A page with more candidates than this is no page of tables.
    private static let maxRegions = 200

    func regions(in words: [Word]) -> [TableRegion] {
        var found: [TableRegion] = []
        var free = words
        for region in grids(free) + ruled(free) where found.count < Self.maxRegions {
            guard !found.contains(where: { $0.box.intersection(region.box) != nil }) else { continue }
            found.append(region)
        }
        free = words.filter { word in !found.contains { $0.box.holdsCentre(of: word.box) } }
        for region in unruled(free, taken: found.map(\.box)) where found.count < Self.maxRegions { found.append(region) }
        return found.sorted { ($0.box.y, $0.box.x) < ($1.box.y, $1.box.x) }
    }

    // MARK: Grids

    /// Rules that cross one another, directly or through others, with at least two of each direction and more than one cell.
    private func grids(_ words: [Word]) -> [TableRegion] {
        let horizontals = rules.horizontals
        let uprights = rules.uprights
        // Bounded: crossing is tested pair by pair.
        guard horizontals.count * uprights.count <= 1_000_000, horizontals.count >= 2, uprights.count >= 2 else { return [] }
        var parent = Array(0..<(horizontals.count + uprights.count))
        func root(_ index: Int) -> Int {
            var index = index
            while parent[index] != index {
                parent[index] = parent[parent[index]]
                index = parent[index]
            }
            return index
        }
        for (h, horizontal) in horizontals.enumerated() {
            let row = horizontal.box.grown(by: RuleLayout.snap)
            for (v, upright) in uprights.enumerated() where row.intersection(upright.box.grown(by: 0.01)) != nil {
                parent[root(h)] = root(horizontals.count + v)
            }
        }
        var groups: [Int: (horizontals: [Ruling], uprights: [Ruling])] = [:]
        for index in parent.indices {
            if index < horizontals.count {
                groups[root(index), default: ([], [])].horizontals.append(horizontals[index])
            } else {
                groups[root(index), default: ([], [])].uprights.append(uprights[index - horizontals.count])
            }
        }
        return groups.values.compactMap { group in
            guard group.horizontals.count >= 2, group.uprights.count >= 2, group.horizontals.count + group.uprights.count >= 5,
                let box = Box.union(of: (group.horizontals + group.uprights).lazy.map(\.box))
            else { return nil }
            let inside = words.filter { box.holdsCentre(of: $0.box) }
            let xs = Set(group.uprights.map { ($0.start.x / RuleLayout.snap).rounded() })
            guard inside.count >= 4, xs.count >= 3 else { return nil }
            return TableRegion(
                kind: .grid, box: box, words: inside, horizontals: group.horizontals.sorted { $0.start.y < $1.start.y },
                uprights: group.uprights.sorted { $0.start.x < $1.start.x })
        }.sorted { $0.box.area > $1.box.area }
    }

    // MARK: Ruled

    /// Horizontal rules of one extent whose bands hold table rows.
    private func ruled(_ words: [Word]) -> [TableRegion] {
        var extents: [[Ruling]] = []
        for rule in rules.horizontals where rule.box.width >= 60 {
            // Extents that agree within 4 points belong together.
            let index = extents.firstIndex { abs($0[0].box.x - rule.box.x) <= 4 && abs($0[0].box.maxX - rule.box.maxX) <= 4 }
            if let index { extents[index].append(rule) } else if extents.count < 200 { extents.append([rule]) }
        }
        return extents.flatMap { rulings -> [TableRegion] in
            guard rulings.count >= 2 else { return [] }
            let left = rulings[0].box.x
            let right = rulings[0].box.maxX
            let inside = words.filter { $0.box.midX >= left - 2 && $0.box.midX <= right + 2 }.sorted { $0.box.midY < $1.box.midY }
            var next = inside.startIndex
            var regions: [TableRegion] = []
            var start: Int?
            for index in 0..<(rulings.count - 1) {
                let (top, bottom) = (rulings[index].start.y, rulings[index + 1].start.y)
                while next < inside.endIndex, inside[next].box.midY <= top { next += 1 }
                let first = next
                while next < inside.endIndex, inside[next].box.midY < bottom { next += 1 }
                let isTable = isBand(words: Array(inside[first..<next]), from: top, to: bottom)
                if isTable, start == nil { start = index }
                if let first = start, !isTable || index == rulings.count - 2 {
                    let last = isTable ? index + 1 : index
                    region(inside, rulings: Array(rulings[first...last])).map { regions.append($0) }
                    start = nil
                }
            }
            return regions
        }
    }

    /// Whether the words between two rules are set as table rows: close to the rules, close to each other, most rows in several chunks.
    private func isBand(words: [Word], from top: Double, to bottom: Double) -> Bool {
        let rows = RowBuilder.rows(of: words, uprights: rules.uprights)
        guard let first = rows.first, let last = rows.last, let height = median(rows.map(\.height)) else { return false }
        guard first.box.y - top <= 2.2 * height, bottom - last.box.maxY <= 2.2 * height else { return false }
        let isSet = zip(rows, rows.dropFirst()).allSatisfy { $1.box.y - $0.box.maxY <= 2.2 * height }
        let split = rows.count { $0.chunks.count >= 2 }
        // A section title alone between two rules, set as tightly as a row.
        if split == 0 { return rows.count == 1 && bottom - top <= 2.6 * height }
        return isSet && Double(split) >= 0.4 * Double(rows.count)
    }

    private func region(_ words: [Word], rulings: [Ruling]) -> TableRegion? {
        guard let top = rulings.first, let bottom = rulings.last else { return nil }
        var box = Box(x: top.box.x, y: top.start.y, width: top.box.width, height: max(0.1, bottom.start.y - top.start.y))
        let rows = RowBuilder.rows(of: words, uprights: rules.uprights)
        var inside = rows.filter { $0.box.midY > box.y && $0.box.midY < box.maxY }
        guard let height = median(inside.map(\.height)), inside.count(where: { $0.chunks.count >= 2 }) >= 1 else { return nil }
        // A header may stand above the first rule, and rows below the last.
        for row in rows.reversed() where row.box.midY < box.y {
            guard row.chunks.count >= 2, (inside.first?.box.y ?? box.y) - row.box.maxY <= 1.6 * height, Self.aligned(row, inside) else {
                break
            }
            inside.insert(row, at: 0)
            box = box.union(row.box)
        }
        for row in rows where row.box.midY > box.maxY {
            guard row.chunks.count >= 2, row.box.y - (inside.last?.box.maxY ?? box.maxY) <= 1.6 * height, Self.aligned(row, inside) else {
                break
            }
            inside.append(row)
            box = box.union(row.box)
        }
        guard inside.count >= 2 else { return nil }
        let margin = box.grown(by: 1)
        return TableRegion(
            kind: .ruled, box: box, words: inside.flatMap { $0.chunks.flatMap(\.words) },
            horizontals: rules.horizontals.filter { margin.contains($0.box, tolerance: 2) },
            uprights: rules.uprights.filter { margin.overlapY($0.box) > 0 && $0.start.x >= margin.x && $0.start.x <= margin.maxX })
    }

    /// Whether most chunks of a row stand over or under chunks of the other rows.
    private static func aligned(_ row: TextRow, _ others: [TextRow]) -> Bool {
        let boxes = others.filter { $0.chunks.count >= 2 }.flatMap { $0.chunks.map(\.box) }
        let hits = row.chunks.count { chunk in boxes.contains { $0.overlapX(chunk.box) > 0 } }
        return hits * 3 >= row.chunks.count * 2
    }

    // MARK: Unruled

    /// Runs of rows with aligned chunks, where a column besides the first holds numbers.
    private func unruled(_ words: [Word], taken: [Box]) -> [TableRegion] {
        let rows = RowBuilder.rows(of: words, uprights: rules.uprights)
        var regions: [TableRegion] = []
        var run: [TextRow] = []
        func close() {
            while let last = run.last, last.chunks.count < 2 { run.removeLast() }
            while let first = run.first, first.chunks.count < 2 { run.removeFirst() }
            if let region = Self.region(run, rules: rules) { regions.append(region) }
            run = []
        }
        for row in rows {
            if let last = run.last {
                let height = max(last.height, row.height)
                let isFar = row.box.y - last.box.maxY > 1.5 * height
                let isOtherSize = row.height > 1.5 * last.height || last.height > 1.5 * row.height
                let isSingle = row.chunks.count < 2 && last.chunks.count < 2
                let isCut = taken.contains { $0.y < row.box.y && $0.maxY > last.box.maxY && $0.overlapX(row.box) > 0 }
                if isFar || isOtherSize || isSingle || isCut { close() }
            }
            run.append(row)
        }
        close()
        return regions
    }

    private static func region(_ rows: [TextRow], rules: RuleLayout) -> TableRegion? {
        let split = rows.filter { $0.chunks.count >= 2 }
        guard split.count >= 3, Double(split.count) >= 0.6 * Double(rows.count), let box = Box.union(of: rows.lazy.map(\.box)) else {
            return nil
        }
        let columns = ColumnFinder.columns(of: rows)
        guard (2...40).contains(columns.count) else { return nil }
        // Numbers in a column besides the first, in most rows: without rules nothing else tells a table from columns of text.
        let numeric = columns.indices.dropFirst().contains { column in
            let cells = split.flatMap { $0.chunks.filter { columns[column].overlapX($0.box) > 0.5 * $0.box.width } }
            let numbers = cells.count { PrintedNumber($0.text) != nil || PrintedNumber.isDash($0.text) }
            return numbers >= 2 && Double(numbers) >= 0.6 * Double(cells.count) && Double(cells.count) >= 0.5 * Double(split.count)
        }
        guard numeric else { return nil }
        // Wide text in most rows is prose with numbers in it.
        let wide = rows.count { $0.chunks.contains { $0.box.width > 0.6 * box.width && $0.words.count > 8 } }
        guard Double(wide) < 0.4 * Double(rows.count) else { return nil }
        let margin = box.grown(by: 3)
        return TableRegion(
            kind: .unruled, box: box, words: rows.flatMap(\.words),
            horizontals: rules.horizontals.filter { margin.contains($0.box, tolerance: 4) },
            uprights: [])
    }
}
