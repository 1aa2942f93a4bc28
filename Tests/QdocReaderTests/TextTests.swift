import QdocCore
import QdocReader
import Testing

@Suite("Text and outcomes")
struct TextTests {
    @Test("Two columns are read one after the other, under their heading")
    func columns() {
        var page = PageBuilder()
        page.text("Our markets", x: 50, y: 60, size: 18, bold: true)
        page.prose("Trade through the ports grew again this year and the next one looks the same to us.", x: 50, y: 100)
        page.prose("Left ends here.", x: 50, y: 160)
        page.prose("Customers asked for fewer interfaces and got them before the summer began in the north.", x: 320, y: 100)
        page.text("What follows spans both columns of the page and closes it.", x: 50, y: 240)
        let blocks = page.read().blocks
        #expect(blocks.map { String($0.text.prefix(9)) } == ["Our marke", "Trade thr", "Left ends", "Customers", "What foll"])
        #expect(blocks.first?.role == .heading)
        #expect(blocks.dropFirst().allSatisfy { $0.role == .paragraph })
    }

    @Test("A hyphen at a line end goes")
    func hyphens() {
        var page = PageBuilder()
        page.text("The Northern Lights Hold-", x: 50, y: 100)
        page.text("ing moved to Bergen.", x: 50, y: 114)
        #expect(page.read().blocks.map(\.text) == ["The Northern Lights Holding moved to Bergen."])
    }

    @Test("Lines of small type beside a tall word are read one after the other")
    func besideTallWord() {
        var page = PageBuilder()
        page.text("1040NR", x: 50, y: 100, size: 26)
        page.text("Department of the Treasury", x: 140, y: 103, size: 8)
        page.text("Internal Revenue Service", x: 142, y: 113, size: 8)
        let texts = page.read().blocks.map(\.text).joined(separator: " | ")
        #expect(texts.contains("Department of the Treasury"))
        #expect(texts.contains("Internal Revenue Service"))
    }

    @Test("Lines that repeat on three pages are running, digits aside")
    func running() {
        let pages = (1...3).map { number in
            var page = PageBuilder()
            page.text("Annual Report 2025", x: 50, y: 20, size: 8)
            page.text("Page \(number)", x: 500, y: 780, size: 8)
            page.text("Section \(["A", "B", "C"][number - 1])", x: 500, y: 20, size: 8)
            page.text("Body of page \(number) stands here.", x: 50, y: 300)
            return page
        }
        let running = RunningLines(pages: pages.map { (content: $0.content, geometry: $0.geometry) })
        let roles = pages[1].read(running: running).blocks.map { ($0.text, $0.role) }
        #expect(roles.filter { $0.1 == .running }.map(\.0).sorted() == ["Annual Report 2025", "Page 2", "Section B"])
        #expect(roles.filter { $0.1 != .running }.map(\.0) == ["Body of page 2 stands here."])
    }

    @Test("A page without words is not read, unless it is blank")
    func outcomes() {
        var page = PageBuilder()
        #expect(page.read().outcome == .read)
        page.content.pictures = [Box(x: 0, y: 0, width: 600, height: 800)]
        #expect(page.read().outcome == .notRead(.noTextLayer))
        #expect(page.read(isImageFile: true).outcome == .notRead(.pictureNotRead))
        page.content.pictures = []
        page.bar(x: 10, base: 100, width: 20, height: 40)
        #expect(page.read().outcome == .notRead(.noTextLayer))
    }

    @Test("A large picture beside words brings a warning, a logo does not")
    func pictures() {
        var page = PageBuilder()
        page.text("A caption", x: 50, y: 500)
        page.content.pictures = [Box(x: 20, y: 20, width: 80, height: 40)]
        #expect(page.read().warnings.isEmpty)
        page.content.pictures.append(Box(x: 50, y: 100, width: 400, height: 300))
        #expect(page.read().warnings.map(\.code) == [.pictureNotRead])
        #expect(page.read().outcome == .read)
    }

    @Test("A page of sideways text is read as if turned, and its boxes stay where they are", arguments: [TextDirection.down, .up, .left])
    func sideways(direction: TextDirection) throws {
        var page = PageBuilder()
        page.row(["Region", "2025", "2024"], y: 100, bold: true)
        page.row(["Nordics", "493.3", "452.0"], y: 116)
        page.row(["Germany", "309.6", "291.9"], y: 132)
        page.row(["Total", "802.9", "743.9"], y: 148)
        let upright = try #require(page.read().tables.first)
        let (width, height) = (page.size.width, page.size.height)
        for index in page.content.words.indices {
            let box = page.content.words[index].box
            page.content.words[index].direction = direction
            page.content.words[index].box =
                switch direction {
                case .down: Box(x: height - box.maxY, y: box.x, width: box.height, height: box.width)
                case .up: Box(x: box.y, y: width - box.maxX, width: box.height, height: box.width)
                default: Box(x: width - box.maxX, y: height - box.maxY, width: box.width, height: box.height)
                }
        }
        if direction != .left { page.size = PageSize(width: height, height: width) }
        let table = try #require(page.read().tables.first)
        #expect(table.values == upright.values)
        let total = try #require(table.rows.last?.last?.box)
        #expect(page.content.words.contains { $0.text == "743.9" && abs($0.box.x - total.x) < 0.01 && abs($0.box.y - total.y) < 0.01 })
    }

    @Test("Text from right to left is joined in its own order")
    func leftward() {
        var page = PageBuilder()
        page.text("שלום", x: 200, y: 100)
        page.text("עולם", x: 175, y: 100)
        #expect(page.read().blocks.map(\.text) == ["שלום עולם"])
    }

    @Test("Values that no page should hold do not stop the reading")
    func hostile() {
        var page = PageBuilder()
        page.text("Revenue", x: 50, y: 100)
        for value in [Double.nan, .infinity, -.infinity, 1e300, -1e300, 0] {
            page.content.words.append(Word(text: "12", box: Box(x: value, y: value, width: value, height: value), fontSize: value))
            page.content.rulings.append(Ruling(start: Point(x: value, y: 0), end: Point(x: 5, y: value), thickness: value))
            let points = [Point(x: value, y: value), Point(x: 0, y: value), Point(x: 3, y: 4), Point(x: 9, y: 1)]
            page.content.paths.append(
                VectorPath(subpaths: [points, [], [points[0]]], isClosed: [true, false], fill: Color(red: 1, green: 1, blue: 1)))
            page.content.paths.append(VectorPath(subpaths: [points], isClosed: [false], stroke: Color(red: 1, green: 1, blue: 1)))
            page.content.pictures.append(Box(x: value, y: value, width: value, height: value))
        }
        #expect(page.read().lines.contains { $0.text.contains("Revenue") })
    }
}
