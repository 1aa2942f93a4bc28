import QdocCore

/// A quarter turn that makes sideways text run to the right, and its way back.
///
/// Wide tables often stand sideways on an upright page.
struct PageTurn {
    /// The way the text of the page runs.
    let direction: TextDirection
    /// Of the page as displayed.
    let size: PageSize

    /// The turn that a page needs: the direction of most of its characters.
    init(_ content: PageContent, size: PageSize) {
        var counts: [TextDirection: Int] = [:]
        for word in content.words { counts[word.direction, default: 0] += word.text.count }
        let most = counts.filter { $0.key != .slanted }.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }
        direction = most?.key ?? .right
        self.size = size
    }

    var isNeeded: Bool { direction != .right }

    var turnedSize: PageSize {
        direction == .down || direction == .up ? PageSize(width: size.height, height: size.width) : size
    }

    /// A point of the page as it stands after the turn.
    private func turned(_ point: Point) -> Point {
        switch direction {
        case .down: Point(x: point.y, y: size.width - point.x)
        case .up: Point(x: size.height - point.y, y: point.x)
        case .left: Point(x: size.width - point.x, y: size.height - point.y)
        case .right, .slanted: point
        }
    }

    private func back(_ point: Point) -> Point {
        switch direction {
        case .down: Point(x: size.width - point.y, y: point.x)
        case .up: Point(x: point.y, y: size.height - point.x)
        case .left: Point(x: size.width - point.x, y: size.height - point.y)
        case .right, .slanted: point
        }
    }

    private func turned(_ box: Box) -> Box {
        Box(from: turned(Point(x: box.x, y: box.y)), to: turned(Point(x: box.maxX, y: box.maxY)))
    }

    func back(_ box: Box) -> Box {
        Box(from: back(Point(x: box.x, y: box.y)), to: back(Point(x: box.maxX, y: box.maxY)))
    }

    func turned(_ content: PageContent) -> PageContent {
        guard isNeeded else { return content }
        var copy = content
        for index in copy.words.indices {
            copy.words[index].box = turned(copy.words[index].box)
            // Words that run another way stay out of the reading as they would on an upright page.
            copy.words[index].direction = copy.words[index].direction == direction ? .right : .slanted
        }
        for index in copy.rulings.indices {
            copy.rulings[index].start = turned(copy.rulings[index].start)
            copy.rulings[index].end = turned(copy.rulings[index].end)
        }
        for index in copy.paths.indices {
            copy.paths[index].subpaths = copy.paths[index].subpaths.map { $0.map(turned) }
        }
        copy.pictures = copy.pictures.map(turned)
        return copy
    }

    // MARK: The way back

    func back(_ text: PlacedText) -> PlacedText { PlacedText(text: text.text, box: back(text.box)) }

    func back(_ reading: PageReading) -> PageReading {
        guard isNeeded else { return reading }
        var copy = reading
        copy.blocks = reading.blocks.map { block in
            var turned = block
            turned.box = back(block.box)
            for index in turned.lines.indices { turned.lines[index].box = back(turned.lines[index].box) }
            for index in turned.words.indices { turned.words[index].box = back(turned.words[index].box) }
            return turned
        }
        copy.tables = reading.tables.map { table in
            var turned = table
            turned.box = back(table.box)
            turned.title = table.title.map(back)
            turned.measurePlace = table.measurePlace.map(back)
            turned.columns = table.columns.map { $0.map(back) }
            turned.header = table.header.map { $0.map(back) }
            turned.rows = table.rows.map { $0.map(back) }
            return turned
        }
        copy.charts = reading.charts.map { ChartFound(kind: $0.kind, box: back($0.box)) }
        copy.keyFigures = reading.keyFigures.map { figure in
            var turned = figure
            turned.labelPlace = back(figure.labelPlace)
            turned.place = back(figure.place)
            turned.labelLines = figure.labelLines.map(back)
            turned.valueLines = figure.valueLines.map(back)
            turned.measurePlace = figure.measurePlace.map(back)
            turned.period = figure.period.map(back)
            return turned
        }
        return copy
    }

    private func back(_ cell: TableCell) -> TableCell {
        var turned = cell
        turned.box = cell.box.map(back)
        return turned
    }
}
