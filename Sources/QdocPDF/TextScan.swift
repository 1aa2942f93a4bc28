/// Reads of a page's content how large its text is, and in which fonts, without drawing anything.
///
/// - Source: ISO 32000-2, 9.3, 9.4.
struct TextScan {
    private struct State {
        var matrix: Matrix
        var size = 0.0
        var font = FontFacts.Font()
        var isInvisible = false
    }

    private let structure: PDFStructure
    private let layers: OptionalContent
    private(set) var fonts: FontFacts
    private(set) var missingFonts: [String] = []
    /// Whether the content was too long to be read whole.
    private(set) var isTooLong = false
    private var state: State
    /// Characters by size, in twentieths of a point.
    private var characters: [Int: Int] = [:]
    private var bytesLeft = TextScan.maxBytes
    private var openForms: Set<Int32> = []
    private var hiddenSequences = 0

    /// Bytes of content as stored, which may unfold to a thousand times as much, and as read.
    private static let maxStored = 1 << 20
    private static let maxBytes = 8 << 20
    private static let maxDepth = 6
    private static let maxStates = 512
    private static let steps = 20.0
    /// The share of characters that may be smaller: footnote marks and stray signs.
    private static let smallShare = 0.05

    init(_ structure: PDFStructure, layers: OptionalContent, base: Matrix, fonts: FontFacts) {
        self.structure = structure
        self.layers = layers
        self.fonts = fonts
        state = State(matrix: base)
    }

    /// Points: the size below which only a twentieth of the characters are; nil of a page without text.
    var smallestSize: Double? {
        let count = characters.reduce(0) { $0 + $1.value }
        guard count > 0, !isTooLong else { return nil }
        var smaller = 0
        for (size, number) in characters.sorted(by: { $0.key < $1.key }) {
            smaller += number
            if Double(smaller) > TextScan.smallShare * Double(count) { return Double(size) / TextScan.steps }
        }
        return nil
    }

    mutating func run(page: PDFStructure.Object) {
        guard structure.storedContentBytes(ofPage: page) <= TextScan.maxStored else {
            isTooLong = true
            return
        }
        guard let content = structure.content(ofPage: page) else { return }
        run(content, resources: structure.inherited(page, "/Resources") ?? 0, depth: 0)
    }

    mutating func run(_ content: [UInt8], resources: PDFStructure.Object, depth: Int) {
        guard content.count <= bytesLeft else {
            isTooLong = true
            return
        }
        bytesLeft -= content.count
        var lexer = ContentLexer(content)
        var saved: [State] = []
        var known: [String: FontFacts.Font] = [:]
        var sequences: [Bool] = []
        defer { hiddenSequences -= sequences.count { $0 } }
        var text = Matrix()
        var numbers: [Double] = []
        var (tag, name): (String?, String?)
        var shown = 0
        while true {
            switch lexer.next() {
            case .end: return
            case .number(let value): if numbers.count < 6 { numbers.append(value) }
            case .name(let word):
                tag = tag ?? word
                name = word
            case .string(let count): shown += count
            case .arrayStart, .arrayEnd, .other: continue
            case .command(let code):
                switch code {
                case Command.save: if saved.count < TextScan.maxStates { saved.append(state) }
                case Command.restore: state = saved.popLast() ?? state
                case Command.concatenate: if let matrix = Matrix(numbers) { state.matrix = matrix.then(state.matrix) }
                case Command.beginText: text = Matrix()
                case Command.textMatrix: text = Matrix(numbers) ?? text
                case Command.textMode: state.isInvisible = numbers.first == 3
                case Command.font:
                    guard let name, let size = numbers.last else { break }
                    let font = known[name] ?? fonts.font(name, resources, structure)
                    known[name] = font
                    (state.font, state.size) = (font, size)
                case Command.show, Command.showMany, Command.showNext, Command.showSpaced: show(shown, text)
                case Command.draw:
                    if let name, hiddenSequences == 0 { draw(name, resources, depth) }
                case Command.beginMarked, Command.beginMarkedWith:
                    guard sequences.count < TextScan.maxStates else { break }
                    let layer = name.flatMap { name in structure.value(resources, "/Properties").flatMap { structure.value($0, name) } }
                    let isHidden =
                        code == Command.beginMarkedWith && tag == "/OC" && (layer.map { layers.isHidden($0, structure) } ?? false)
                    sequences.append(isHidden)
                    hiddenSequences += isHidden ? 1 : 0
                case Command.endMarked: hiddenSequences -= sequences.popLast() == true ? 1 : 0
                case Command.inlineData: lexer.skipInlineImage()
                default: break
                }
                numbers.removeAll(keepingCapacity: true)
                (tag, name) = (nil, nil)
                shown = 0
            }
        }
    }

    private mutating func show(_ bytes: Int, _ text: Matrix) {
        guard bytes > 0, !state.isInvisible, hiddenSequences == 0 else { return }
        let matrix = text.then(state.matrix)
        let size = abs(state.size) * state.font.height * (matrix.c * matrix.c + matrix.d * matrix.d).squareRoot()
        let step = (size * TextScan.steps).rounded()
        guard step >= 1, step < 1e9 else { return }
        characters[Int(step), default: 0] += max(1, bytes / state.font.bytes)
        if let missing = state.font.missing, !missingFonts.contains(missing), missingFonts.count < 64 { missingFonts.append(missing) }
    }

    private mutating func draw(_ name: String, _ resources: PDFStructure.Object, _ depth: Int) {
        guard depth < TextScan.maxDepth, let object = structure.value(resources, "/XObject").flatMap({ structure.value($0, name) }),
            structure.isStream(object)
        else { return }
        let dictionary = structure.dictionary(ofStream: object)
        guard structure.value(dictionary, "/Subtype").flatMap({ structure.name($0) }) == "/Form",
            !(structure.value(dictionary, "/OC").map { layers.isHidden($0, structure) } ?? false)
        else { return }
        let id = structure.id(object)
        guard structure.storedBytes(stream: object) <= TextScan.maxStored, openForms.insert(id).inserted else { return }
        defer { openForms.remove(id) }
        guard let content = structure.bytes(ofStream: object) else { return }
        let outer = state
        if let matrix = Matrix(structure.numbers(structure.value(dictionary, "/Matrix"))) { state.matrix = matrix.then(state.matrix) }
        run(content, resources: structure.value(dictionary, "/Resources") ?? resources, depth: depth + 1)
        state = outer
    }
}

private enum Command {
    static let save = ContentLexer.code("q")
    static let restore = ContentLexer.code("Q")
    static let concatenate = ContentLexer.code("cm")
    static let beginText = ContentLexer.code("BT")
    static let textMatrix = ContentLexer.code("Tm")
    static let textMode = ContentLexer.code("Tr")
    static let font = ContentLexer.code("Tf")
    static let show = ContentLexer.code("Tj")
    static let showMany = ContentLexer.code("TJ")
    static let showNext = ContentLexer.code("'")
    static let showSpaced = ContentLexer.code("\"")
    static let draw = ContentLexer.code("Do")
    static let beginMarked = ContentLexer.code("BMC")
    static let beginMarkedWith = ContentLexer.code("BDC")
    static let endMarked = ContentLexer.code("EMC")
    static let inlineData = ContentLexer.code("ID")
}
