/// What is known of the fonts of a document.
///
/// - Source: ISO 32000-2, 9.5-9.9.
struct FontFacts {
    struct Font {
        /// Bytes of a character in a string.
        var bytes = 1
        /// Size of its letters by the stated font size: 1 but for fonts whose letters are drawings in a space of their own.
        var height = 1.0
        /// Its name, where the document does not bring it and a reader need not have it.
        var missing: String?
    }

    /// By the number of the object.
    private var known: [Int32: Font] = [:]
    /// Whether the fonts of a resource dictionary, by its number, are all there.
    private var complete: [Int32: Bool] = [:]

    // Dictionaries that forms bring are looked into so deep; so many forms of one page.
    private static let maxDepth = 3
    private static let maxForms = 64

    /// The fonts every reader has; and what poppler, as other readers do, takes for one of them.
    ///
    /// - Source: ISO 32000-1, 9.6.2.2; the names that libpoppler 22.12 holds beside them.
    private static let standard: Set<String> = [
        "Helvetica", "Times", "Courier", "Symbol", "ZapfDingbats", "Arial", "TimesNewRoman", "CourierNew",
    ]

    /// Whether a page has fonts that may be missing, by its resources and those of its forms alone.
    mutating func mayMiss(_ page: PDFStructure.Object, _ structure: PDFStructure) -> Bool {
        guard let resources = structure.inherited(page, "/Resources") else { return false }
        var forms = FontFacts.maxForms
        return !isComplete(resources, structure, 0, &forms)
    }

    private mutating func isComplete(_ resources: PDFStructure.Object, _ structure: PDFStructure, _ depth: Int, _ forms: inout Int) -> Bool
    {
        let id = structure.id(resources)
        if id > 0, let known = complete[id] { return known }
        let fonts = structure.value(resources, "/Font")
        var isComplete = true
        for key in fonts.map({ structure.keys($0) }) ?? [] where font(key, resources, structure).missing != nil { isComplete = false }
        if isComplete, depth < FontFacts.maxDepth, let objects = structure.value(resources, "/XObject") {
            for key in structure.keys(objects) where isComplete && forms > 0 {
                guard let form = structure.value(objects, key), structure.isStream(form),
                    let inner = structure.value(structure.dictionary(ofStream: form), "/Resources")
                else { continue }
                forms -= 1
                isComplete = self.isComplete(inner, structure, depth + 1, &forms)
            }
        }
        if id > 0 { complete[id] = isComplete }
        return isComplete
    }

    /// The font of a name in a resource dictionary.
    mutating func font(_ name: String, _ resources: PDFStructure.Object, _ structure: PDFStructure) -> Font {
        guard let object = structure.value(resources, "/Font").flatMap({ structure.value($0, name) }) else { return Font() }
        let id = structure.id(object)
        if id > 0, let font = known[id] { return font }
        let font = FontFacts.read(object, structure)
        if id > 0 { known[id] = font }
        return font
    }

    private static func read(_ object: PDFStructure.Object, _ structure: PDFStructure) -> Font {
        func name(_ key: String) -> String? { structure.value(object, key).flatMap { structure.name($0) } }
        switch name("/Subtype") {
        case "/Type3":
            let matrix = Matrix(structure.numbers(structure.value(object, "/FontMatrix"))) ?? Matrix(0.001, 0, 0, 0.001, 0, 0)
            let box = structure.numbers(structure.value(object, "/FontBBox")) ?? []
            let scale = (matrix.c * matrix.c + matrix.d * matrix.d).squareRoot()
            // A box holds all letters with what hangs below the line: 1.2 times the size in common fonts. One of no height is not stated.
            let height = box.count == 4 && box[3] != box[1] ? abs(box[3] - box[1]) / 1.2 : 1 / max(scale, 1e-9)
            return Font(height: scale * height)
        case "/Type0":
            let descendants = structure.value(object, "/DescendantFonts")
            let descendant = descendants.map { structure.isArray($0) ? structure.item($0, 0) : $0 } ?? 0
            return Font(bytes: 2, missing: isEmbedded(descendant, structure) ? nil : name("/BaseFont").map(plain))
        default:
            let base = name("/BaseFont").map(plain)
            return Font(missing: isEmbedded(object, structure) || base.map(isStandard) ?? false ? nil : base)
        }
    }

    private static func isEmbedded(_ font: PDFStructure.Object, _ structure: PDFStructure) -> Bool {
        guard let descriptor = structure.value(font, "/FontDescriptor") else { return false }
        return ["/FontFile", "/FontFile2", "/FontFile3"].contains { structure.value(descriptor, $0) != nil }
    }

    /// Without the slash, and without the mark of a subset: six capitals and a plus sign.
    private static func plain(_ name: String) -> String {
        let name = name.dropFirst()
        let mark = name.prefix { $0 != "+" }
        return String(mark.count == 6 && mark.count < name.count ? name.dropFirst(7) : name)
    }

    private static func isStandard(_ name: String) -> Bool {
        var family = name.prefix { $0 != "-" && $0 != "," }
        for ending in ["PSMT", "PS", "MT"] where family.hasSuffix(ending) {
            family = family.dropLast(ending.count)
            break
        }
        return standard.contains(String(family)) && !["Narrow", "Black", "Condensed"].contains { name.contains($0) }
    }
}
