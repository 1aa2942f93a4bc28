import QdocCore
import QdocReader
import Testing

@Suite("Charts found")
struct ChartTests {
    @Test("Bars on one base line with labels are a chart, and their labels are no table")
    func bars() {
        var page = PageBuilder()
        for (index, value) in [92.0, 103, 112, 119, 128].enumerated() {
            let x = 80 + 80 * Double(index)
            page.bar(x: x, base: 400, width: 40, height: value)
            page.text("\(value)", x: x + 5, y: 388 - value, size: 8)
            page.text("\(2021 + index)", x: x + 10, y: 404, size: 8)
        }
        page.rule(70, 460, y: 400)
        let reading = page.read()
        #expect(reading.charts.map(\.kind) == [.bar])
        #expect(reading.warnings.map(\.code) == [.chartNotRead])
        #expect(reading.tables.isEmpty)
        #expect(reading.keyFigures.isEmpty)
    }

    @Test("Tiles and table stripes of one size are no bars, and bars without labels are decoration")
    func decoration() {
        var page = PageBuilder()
        for index in 0..<5 { page.bar(x: 50 + 100 * Double(index), base: 200, width: 80, height: 60) }
        page.text("Revenue and profit", x: 60, y: 160)
        #expect(page.read().charts.isEmpty)
        var cover = PageBuilder()
        for index in 0..<5 { cover.bar(x: 50 + 100 * Double(index), base: 600, width: 80, height: 60 + 30 * Double(index)) }
        cover.text("Annual Report", x: 50, y: 100, size: 30)
        #expect(cover.read().charts.isEmpty)
    }

    @Test("A slanted open polyline with labels is a line chart, a frame is not")
    func lines() {
        var page = PageBuilder()
        let points = (0..<6).map { Point(x: 100 + 60 * Double($0), y: 300 - 20 * Double($0 % 3)) }
        page.content.paths.append(VectorPath(subpaths: [points], isClosed: [false], stroke: Color(red: 1, green: 2, blue: 3), lineWidth: 1))
        for (index, point) in points.enumerated() { page.text("Q\(index)", x: point.x - 4, y: 305, size: 8) }
        #expect(page.read().charts.map(\.kind) == [.line])
        let frame = [Point(x: 100, y: 100), Point(x: 100, y: 300), Point(x: 400, y: 300)]
        page.content.paths = [VectorPath(subpaths: [frame], isClosed: [false], stroke: Color(red: 1, green: 2, blue: 3), lineWidth: 1)]
        #expect(page.read().charts.isEmpty)
    }

    @Test("Sectors around one point are a pie")
    func pie() {
        // Points of the unit circle at multiples of 15 degrees, from the half-angle identities' tabulated values.
        let cosine: [Double] = [1, 0.9659, 0.8660, 0.7071, 0.5, 0.2588, 0]
        func point(_ step: Int) -> Point {
            let quarter = step / 6
            let (c, s) = (cosine[step % 6], cosine[6 - step % 6])
            let turned = [(c, s), (-s, c), (-c, -s), (s, -c)][quarter % 4]
            return Point(x: 200 + 80 * turned.0, y: 300 + 80 * turned.1)
        }
        var page = PageBuilder()
        for (index, range) in [0...9, 9...17, 17...24].enumerated() {
            let sector = [Point(x: 200, y: 300)] + range.map(point)
            page.content.paths.append(
                VectorPath(subpaths: [sector], isClosed: [true], fill: Color(red: UInt8(60 * index), green: 9, blue: 9)))
        }
        page.text("Nordics", x: 285, y: 296)
        page.text("Germany", x: 150, y: 386)
        #expect(page.read().charts.map(\.kind) == [.pie])
    }
}
