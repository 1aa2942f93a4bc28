import QdocCore
import QdocPDF
import Testing

@Suite struct DrawingTests {
    private func content(_ content: String, page: String = "", resources: String = "", objects: String = "") throws -> PageContent {
        let bytes = WrittenPDF.bytes(content, page: page, resources: resources, objects: objects)
        return try PDFDocument(bytes: bytes).content(of: 1, parts: [.rulings, .paths, .pictures])
    }

    @Test("Reads bars to the last digit, through transformations")
    func readsBars() throws {
        let path = try #require(try content("q 2 0 0 2 10 0 cm 0 0.5 0 rg 5.125 10 4 12.345678 re f Q").paths.first)
        #expect(path.fill == Color(red: 0, green: 128, blue: 0) && path.stroke == nil && path.lineWidth == 0)
        let box = try #require(path.box)
        #expect(abs(box.x - 20.25) < 1e-9 && abs(box.width - 8) < 1e-9)
        #expect(abs(box.height - 24.691356) < 1e-9 && abs(box.maxY - 80) < 1e-9)
    }

    @Test("Takes straight strokes and thin bars for rulings, and the line of a chart not")
    func findsRulings() throws {
        let content = try content("2 w 10 20 m 110 20 l S 10 30 0.5 60 re f 10 10 m 50 40 l 90 20 l S [3 2] 0 d 1 w 0 0 m 50 50 l S")
        #expect(content.rulings.count == 2)
        let line = try #require(content.rulings.first)
        #expect(line.isHorizontal && line.start == Point(x: 10, y: 80) && line.end == Point(x: 110, y: 80) && line.thickness == 2)
        let bar = try #require(content.rulings.last)
        #expect(!bar.isHorizontal && abs(bar.thickness - 0.5) < 1e-9 && abs(bar.start.x - 10.25) < 1e-9)
        #expect(content.paths.count == 4)
        #expect(content.paths.map(\.isDashed) == [false, false, false, true])
    }

    @Test("Gives coordinates as displayed on turned pages")
    func turnsPaths() throws {
        let box = try #require(try content("10 20 30 5 re f", page: "/Rotate 90").paths.first?.box)
        #expect(box == Box(x: 20, y: 10, width: 5, height: 30))
    }

    @Test("Follows forms, clips to their boxes and finds pictures")
    func followsForms() throws {
        let objects = """
            6 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 50 50]/Matrix[1 0 0 1 100 0]/Length 29>>stream
            0 0 40 20 re f /Self Do 0 0 1
            endstream endobj
            7 0 obj<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Length 1>>stream
            A
            endstream endobj

            """
        let content = try content(
            "q 30 0 0 40 10 10 cm /I Do Q /A Do q 0 0 5 5 re W n 100 80 20 10 re f Q",
            resources: "/XObject<</A 6 0 R/Self 6 0 R/I 7 0 R>>", objects: objects)
        #expect(content.pictures == [Box(x: 10, y: 50, width: 30, height: 40)])
        #expect(content.paths.map(\.box) == [Box(x: 100, y: 80, width: 40, height: 20)])
    }

    @Test("Flattens curves closely")
    func flattensCurves() throws {
        // A quarter of a circle of radius 50 around the lower left corner.
        let path = try #require(try content("50 0 m 50 27.614 27.614 50 0 50 c S").paths.first)
        let points = try #require(path.subpaths.first)
        #expect(points.count > 8)
        for point in points {
            let radius = (point.x * point.x + (100 - point.y) * (100 - point.y)).squareRoot()
            #expect(abs(radius - 50) < 0.05)
        }
    }

    @Test(
        "Reads colours of all device spaces",
        arguments: [
            ("0.5 g", Color(red: 128, green: 128, blue: 128)), ("1 0 0 rg", Color(red: 255, green: 0, blue: 0)),
            ("0 1 1 0 k", Color(red: 255, green: 0, blue: 0)), ("/S cs 1 scn", Color(red: 0, green: 0, blue: 255)),
            ("/I cs 1 sc", Color(red: 10, green: 20, blue: 30)),
        ])
    func readsColours(setting: String, color: Color) throws {
        let spaces = """
            /ColorSpace<</S[/Separation/Blue/DeviceRGB<</FunctionType 2/Domain[0 1]/C0[1 1 1]/C1[0 0 1]/N 1>>]
            /I[/Indexed/DeviceRGB 1<0000000A141E>]>>
            """
        #expect(try content("\(setting) 10 10 50 50 re f", resources: spaces).paths.first?.fill == color)
    }

    @Test("Keeps no path of a page with more than a chart can have")
    func boundsPaths() throws {
        let content = try content(String(repeating: "1 1 9 9 re f\n", count: ContentLimits.paths + 1))
        #expect(content.paths.isEmpty)
    }
}
