import QdocCore
import Testing

@testable import QdocPDF

/// What a page may hold besides text and paths, and how large it may be.
@Suite struct CompletenessTests {
    private let red: [UInt8] = [0, 0, 255]
    private let white: [UInt8] = [255, 255, 255]

    /// The page drawn at a point a pixel, for asking single pixels, as blue, green, red.
    private func drawn(_ document: PDFDocument, _ size: PixelSize = PixelSize(width: 200, height: 100)) throws -> (Int, Int) -> [UInt8] {
        let buffer = PixelBuffer()
        try document.render(1, size: size, into: buffer)
        return { x, y in Array(buffer.bytes[y * buffer.stride + 4 * x..<y * buffer.stride + 4 * x + 3]) }
    }

    private func words(_ document: PDFDocument) throws -> [String] { try document.content(of: 1, parts: .words).words.map(\.text) }

    // MARK: Sizes

    @Test("Reads pages from a stamp to a plan", arguments: [10.0, 200, 14_400])
    func readsSizes(side: Double) throws {
        let content = "1 0 0 rg 0 0 \(side / 2) \(side) re f BT /F \(side / 10) Tf \(side / 10) \(side / 2) Td (plan) Tj ET"
        let document = try PDFDocument(bytes: WrittenPDF.bytes(content, mediaBox: "0 0 \(side) \(side)"))
        #expect(try document.geometry(of: 1).size == PageSize(width: side, height: side))
        let pixel = try drawn(document, PixelSize(width: 400, height: 400))
        #expect(pixel(10, 390) == red && pixel(390, 390) == white)
        let word = try #require(try document.content(of: 1, parts: .words).words.first)
        #expect(word.text == "plan" && abs(word.box.x - side / 10) < side / 100 && abs(word.fontSize - side / 10) < side / 1000)
    }

    @Test("Measures in points where the page has units of its own", arguments: [0, 90])
    func followsUserUnit(rotation: Int) throws {
        let bytes = WrittenPDF.bytes(
            "1 0 0 rg 0 0 100 100 re f 0 g BT /F 10 Tf 20 50 Td (plan) Tj ET", page: "/UserUnit 10/Rotate \(rotation)")
        let document = try PDFDocument(bytes: bytes)
        let isTurned = rotation == 90
        let geometry = try document.measure(1)
        #expect(geometry.size == (isTurned ? PageSize(width: 1000, height: 2000) : PageSize(width: 2000, height: 1000)))
        #expect(geometry.smallestText == 100)
        let content = try document.content(of: 1, parts: .all)
        let word = try #require(content.words.first)
        #expect(abs((isTurned ? word.box.y : word.box.x) - 200) < 20 && word.fontSize == 100)
        let path = try #require(content.paths.first?.box)
        #expect(path == Box(x: 0, y: 0, width: 1000, height: 1000))
        let pixel = try drawn(document, isTurned ? PixelSize(width: 100, height: 200) : PixelSize(width: 200, height: 100))
        #expect(pixel(5, 5) == red && (isTurned ? pixel(5, 195) : pixel(195, 5)) == white)
    }

    @Test("Reads the rotation a page inherits, and one beyond a turn", arguments: [(450, 90), (-90, 270), (45, 0)])
    func turns(stated: Int, rotation: Int) throws {
        #expect(try PDFDocument(bytes: WrittenPDF.bytes("", page: "/Rotate \(stated)")).geometry(of: 1).rotation == rotation)
    }

    // MARK: Layers

    private func layered(_ content: String, configuration: String, more: String = "") throws -> PDFDocument {
        var text = String(
            decoding: WrittenPDF.bytes(content, resources: "/Properties<</L 30 0 R/M 31 0 R>>/XObject<</X 32 0 R>>"), as: UTF8.self)
        let layers = "/OCProperties<</OCGs[30 0 R]/D<<\(configuration)>>>>"
        text.replace("/Type/Catalog", with: "/Type/Catalog\(layers)")
        let form = "0 0 100 100 re f"
        let objects = """
            30 0 obj<</Type/OCG/Name(Draft)>>endobj
            31 0 obj<</Type/OCMD/OCGs[30 0 R]\(more)>>endobj
            32 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 200 100]/OC 30 0 R/Length \(form.utf8.count)>>stream
            \(form)
            endstream endobj

            """
        text.replace("trailer", with: objects + "trailer")
        return try PDFDocument(bytes: Array(text.utf8))
    }

    @Test(
        "Neither draws nor reads a layer that is off",
        arguments: ["/OFF[30 0 R]", "/BaseState/OFF", "/ON[30 0 R]", "/BaseState/OFF/ON[30 0 R]"])
    func followsLayers(configuration: String) throws {
        let isOn = configuration.contains("/ON")
        for name in ["L", "M"] {
            let content =
                "1 0 0 rg /OC /\(name) BDC 0 0 100 100 re f BT /F 10 Tf 150 50 Td (draft) Tj ET EMC BT /F 10 Tf 150 20 Td (text) Tj ET"
            let document = try layered(content, configuration: configuration)
            #expect(try words(document) == (isOn ? ["draft", "text"] : ["text"]))
            #expect(try document.content(of: 1, parts: .paths).paths.count == (isOn ? 1 : 0))
            #expect(try drawn(document)(50, 50) == (isOn ? red : white))
        }
        let document = try layered("1 0 0 rg /X Do", configuration: configuration)
        #expect(try document.content(of: 1, parts: .paths).paths.count == (isOn ? 1 : 0))
        #expect(try drawn(document)(50, 50) == (isOn ? red : white))
    }

    @Test(
        "Follows what several layers together decide",
        arguments: [
            ("/P/AllOff", true), ("/P/AnyOff", true), ("/P/AllOn", false), ("/P/AnyOn", false), ("/VE[/Not 30 0 R]", true),
            ("/VE[/And 30 0 R[/Not 30 0 R]]", false), ("/VE[/Or 30 0 R[/Not 30 0 R]]", true),
        ])
    func followsMembership(policy: String, isSeen: Bool) throws {
        let document = try layered("1 0 0 rg /OC /M BDC 0 0 100 100 re f EMC", configuration: "/OFF[30 0 R]", more: policy)
        #expect(try document.content(of: 1, parts: .paths).paths.count == (isSeen ? 1 : 0))
        #expect(try drawn(document)(50, 50) == (isSeen ? red : white))
    }

    // MARK: Forms and annotations

    private func form(_ field: String, needsAppearances: Bool, annotation: String = "/Subtype/Widget") throws -> PDFDocument {
        var text = String(decoding: WrittenPDF.bytes("", page: "/Annots[40 0 R]"), as: UTF8.self)
        let catalogue =
            "/AcroForm<</Fields[40 0 R]/DA(/F 12 Tf 0 g)/DR<</Font<</F 3 0 R>>>>\(needsAppearances ? "/NeedAppearances true" : "")>>"
        text.replace("/Type/Catalog", with: "/Type/Catalog\(catalogue)")
        let look = "1 0 0 rg 0 0 100 50 re f"
        let objects = """
            40 0 obj<</Type/Annot\(annotation)/F 4/Rect[20 20 120 70]\(field)>>endobj
            41 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 100 50]/Length \(look.utf8.count)>>stream
            \(look)
            endstream endobj

            """
        text.replace("trailer", with: objects + "trailer")
        return try PDFDocument(bytes: Array(text.utf8))
    }

    @Test("Draws form fields and annotations by their appearances")
    func drawsAppearances() throws {
        let field = try form("/FT/Tx/T(name)/AP<</N 41 0 R>>", needsAppearances: false)
        #expect(try drawn(field)(50, 50) == red)
        let stamp = try form("/AP<</N 41 0 R>>", needsAppearances: false, annotation: "/Subtype/Stamp")
        #expect(try drawn(stamp)(50, 50) == red)
    }

    @Test("Draws and reads a field that has a value and no appearance", arguments: [true, false])
    func makesAppearances(needsAppearances: Bool) throws {
        let document = try form("/FT/Tx/T(name)/V(Smith)/DA(/F 12 Tf 0 g)", needsAppearances: needsAppearances)
        let pixel = try drawn(document)
        #expect((20..<120).contains { x in (30..<80).contains { pixel(x, $0) != white } })
        #expect(try words(document) == ["Smith"])
    }

    // MARK: Fonts and sizes of text

    private func fonts(_ font: String, text: String = "BT /X 10 Tf (a) Tj ET") throws -> [String] {
        let bytes = WrittenPDF.bytes(text, objects: "50 0 obj<</Type/Font\(font)>>endobj\n", fonts: "/X 50 0 R")
        return try PDFDocument(bytes: bytes).content(of: 1, parts: .words).missingFonts
    }

    @Test("Names the fonts that the document does not bring and no reader must have")
    func namesMissingFonts() throws {
        #expect(try fonts("/Subtype/TrueType/BaseFont/Frutiger-Light") == ["Frutiger-Light"])
        #expect(
            try fonts("/Subtype/Type0/BaseFont/ABCDEF+MSung/DescendantFonts[<</Type/Font/Subtype/CIDFontType0/BaseFont/MSung>>]") == [
                "MSung"
            ])
        for name in ["Helvetica-Oblique", "ArialMT", "Arial,Bold", "TimesNewRomanPS-BoldMT", "CourierNewPSMT", "ZapfDingbats"] {
            #expect(try fonts("/Subtype/TrueType/BaseFont/\(name)").isEmpty, "\(name)")
        }
        #expect(try fonts("/Subtype/TrueType/BaseFont/ArialNarrow") == ["ArialNarrow"])
        #expect(try fonts("/Subtype/Type3/FontMatrix[0.001 0 0 0.001 0 0]/CharProcs<<>>").isEmpty)
        #expect(try fonts("/Subtype/TrueType/BaseFont/Frutiger", text: "BT /F 10 Tf (a) Tj ET").isEmpty)
        #expect(try fonts("/Subtype/TrueType/BaseFont/Frutiger/FontDescriptor<</Type/FontDescriptor/FontFile2 11 0 R>>").isEmpty)
    }

    private func smallest(_ content: String, page: String = "", resources: String = "", objects: String = "") throws -> Double? {
        let bytes = WrittenPDF.bytes(content, page: page, resources: resources, objects: objects)
        return try PDFDocument(bytes: bytes).measure(1).smallestText
    }

    @Test("Measures the smallest text of a page before it is drawn")
    func measuresText() throws {
        let line = String(repeating: "a", count: 60)
        #expect(try smallest("") == nil)
        #expect(try smallest("BT /F 10 Tf (\(line)) Tj ET") == 10)
        // A footnote mark among a hundred letters does not count, a caption does.
        #expect(try smallest("BT /F 10 Tf [(\(line)) -20 (\(line))] TJ /F 5 Tf (1) Tj ET") == 10)
        #expect(try smallest("BT /F 10 Tf (\(line)) Tj /F 5 Tf <31323334353637383930> Tj ET") == 5)
        #expect(try smallest("q 0.5 0 0 0.5 0 0 cm BT /F 1 Tf 16 0 0 16 0 0 Tm (a\\(\\051b) Tj ET Q") == 8)
        #expect(try smallest("BT /F 10 Tf (\(line)) Tj 3 Tr /F 2 Tf (\(line)) Tj ET") == 10)
        #expect(try smallest("BT /F 7 Tf 0 7 -7 0 50 0 Tm (\(line)) Tj ET", page: "/Rotate 90") == 49)
        let form = "BT /F 6 Tf (abc) Tj ET"
        let object = """
            32 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 200 100]/Matrix[2 0 0 2 0 0]/Length \(form.utf8.count)>>stream
            \(form)
            endstream endobj

            """
        #expect(try smallest("/X Do", resources: "/XObject<</X 32 0 R>>", objects: object) == 12)
    }
}
