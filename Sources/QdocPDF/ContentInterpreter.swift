import QdocCore

/// Runs the drawing operators of a page, and no text: paths, clips, colours, forms and pictures.
///
/// poppler hands out no paths, and a drawing through cairo's SVG surface rounds coordinates and grows without bound on patterns.
///
/// - Source: ISO 32000-2, 8.4-8.10.
struct ContentInterpreter {
    private struct State {
        var matrix: Matrix
        var clip: Box
        var fillSpace = ColorSpace.gray
        var strokeSpace = ColorSpace.gray
        var fill = Color.black
        var stroke = Color.black
        var lineWidth = 1.0
        var isDashed = false
        var fillsNothing = false
        var strokesNothing = false
        /// Text that is drawn for a search alone, as character recognition lays it over a scan.
        var textIsInvisible = false
    }

    private(set) var collector: DrawingCollector
    /// Where the last picture was drawn from its unit square.
    private(set) var pictureMatrix: Matrix?
    /// Whether anything is drawn that the collector does not see: text, a shading, the data of an inline image.
    private(set) var hasOtherMarks = false
    /// Whether to go no further once there are such marks.
    var stopsAtOtherMarks = false
    private let structure: PDFStructure
    private var state: State
    private var path = DrawnPath()
    private var pendingClip = false
    private var numbers: [Double] = []
    private var tag: String?
    private var name: String?
    private let layers: OptionalContent
    /// Sequences of marked content that are open, one inside of the other, and are not drawn.
    private var hiddenSequences = 0
    private var hasDash = false
    private var isInArray = false
    private var bytesLeft = ContentInterpreter.maxBytes
    private var openForms: Set<Int32> = []
    private var spaces: [String: ColorSpace] = [:]

    /// Bytes of content that are run for a page, forms counted each time they are drawn: a form that draws itself a million times ends here.
    private static let maxBytes = 32 << 20
    private static let maxDepth = 12
    private static let maxStates = 512
    // The most components a colour can have (ISO 32000-2, annex C).
    private static let maxOperands = 33

    init(_ structure: PDFStructure, layers: OptionalContent, base: Matrix, page: Box, parts: ContentParts) {
        self.structure = structure
        self.layers = layers
        collector = DrawingCollector(page: page, parts: parts)
        state = State(matrix: base, clip: page)
    }

    mutating func run(page: PDFStructure.Object) {
        guard let content = structure.content(ofPage: page) else { return }
        run(content, resources: structure.inherited(page, "/Resources") ?? 0)
    }

    mutating func run(_ content: [UInt8], resources: PDFStructure.Object, depth: Int = 0) {
        guard content.count <= bytesLeft else { return }
        bytesLeft -= content.count
        spaces = [:]
        var saved: [State] = []
        // Whether each open sequence of marked content is a layer that is not drawn.
        var sequences: [Bool] = []
        defer { hiddenSequences -= sequences.count { $0 } }
        var lexer = ContentLexer(content)
        while !collector.isFull, !(stopsAtOtherMarks && hasOtherMarks) {
            switch lexer.next() {
            case .end: return
            case .number(let value):
                if isInArray {
                    hasDash = hasDash || value > 0
                } else if numbers.count < ContentInterpreter.maxOperands {
                    numbers.append(value)
                }
            case .name(let text):
                tag = tag ?? text
                name = text
            case .arrayStart:
                isInArray = true
                hasDash = false
            case .arrayEnd: isInArray = false
            case .string, .other: break
            case .command(let code):
                switch code {
                case Command.save: if saved.count < ContentInterpreter.maxStates { saved.append(state) }
                case Command.restore: state = saved.popLast() ?? state
                case Command.beginMarked, Command.beginMarkedWith:
                    let isHidden = code == Command.beginMarkedWith && tag == "/OC" && isHiddenLayer(resources)
                    guard sequences.count < ContentInterpreter.maxStates else { break }
                    sequences.append(isHidden)
                    hiddenSequences += isHidden ? 1 : 0
                case Command.endMarked: hiddenSequences -= sequences.popLast() == true ? 1 : 0
                case Command.inlineData:
                    lexer.skipInlineImage()
                    guard hiddenSequences == 0 else { break }
                    hasOtherMarks = true
                    collector.picture(state.matrix.box(0, 0, 1, 1), clip: state.clip)
                case Command.draw: draw(resources, depth)
                default: perform(code, resources)
                }
                numbers.removeAll(keepingCapacity: true)
                (tag, name) = (nil, nil)
                isInArray = false
            }
        }
    }

    private func isHiddenLayer(_ resources: PDFStructure.Object) -> Bool {
        guard let name, let layer = structure.value(resources, "/Properties").flatMap({ structure.value($0, name) }) else { return false }
        return layers.isHidden(layer, structure)
    }

    private func operand(_ index: Int) -> Double { numbers.indices.contains(index) ? numbers[index] : 0 }
    private func point(_ index: Int) -> Point { state.matrix.apply(operand(index), operand(index + 1)) }

    private mutating func perform(_ code: UInt32, _ resources: PDFStructure.Object) {
        switch code {
        case Command.move: path.move(to: point(0))
        case Command.line: path.line(to: point(0))
        case Command.curve: path.curve(point(0), point(2), to: point(4))
        case Command.curveFromStart: path.curve(path.last ?? point(0), point(0), to: point(2))
        case Command.curveToEnd: path.curve(point(0), point(2), to: point(2))
        case Command.close: path.close()
        case Command.rectangle: rectangle()
        case Command.stroke: paint(fills: false, strokes: true)
        case Command.closeStroke: paint(fills: false, strokes: true, closes: true)
        case Command.fill, Command.fillOld, Command.fillEvenOdd: paint(fills: true, strokes: false)
        case Command.both, Command.bothEvenOdd: paint(fills: true, strokes: true)
        case Command.closeBoth, Command.closeBothEvenOdd: paint(fills: true, strokes: true, closes: true)
        case Command.endPath: paint(fills: false, strokes: false)
        case Command.clip, Command.clipEvenOdd: pendingClip = true
        case Command.concatenate: if let matrix = Matrix(numbers) { state.matrix = matrix.then(state.matrix) }
        case Command.lineWidth: state.lineWidth = operand(0)
        case Command.dash: state.isDashed = hasDash
        case Command.parameters: parameters(resources)
        case Command.textMode: state.textIsInvisible = operand(0) == 3
        case Command.showText, Command.showTexts, Command.nextLineText, Command.spacedText:
            hasOtherMarks = hasOtherMarks || hiddenSequences == 0 && !state.textIsInvisible
        case Command.shading: hasOtherMarks = hasOtherMarks || hiddenSequences == 0
        default: color(code, resources)
        }
    }

    private mutating func color(_ code: UInt32, _ resources: PDFStructure.Object) {
        switch code {
        case Command.fillGray: setFill(.gray)
        case Command.strokeGray: setStroke(.gray)
        case Command.fillRGB: setFill(.rgb)
        case Command.strokeRGB: setStroke(.rgb)
        case Command.fillCMYK: setFill(.cmyk)
        case Command.strokeCMYK: setStroke(.cmyk)
        case Command.fillSpace:
            state.fillSpace = space(resources)
            state.fill = state.fillSpace.initial
        case Command.strokeSpace:
            state.strokeSpace = space(resources)
            state.stroke = state.strokeSpace.initial
        case Command.fillColor, Command.fillColorN: state.fill = name == nil ? state.fillSpace.color(numbers) : .middleGray
        case Command.strokeColor, Command.strokeColorN: state.stroke = name == nil ? state.strokeSpace.color(numbers) : .middleGray
        default: break
        }
    }

    private mutating func setFill(_ space: ColorSpace) {
        state.fillSpace = space
        state.fill = space.color(numbers)
    }

    private mutating func setStroke(_ space: ColorSpace) {
        state.strokeSpace = space
        state.stroke = space.color(numbers)
    }

    private mutating func space(_ resources: PDFStructure.Object) -> ColorSpace {
        guard let name else { return .unknown }
        if let known = ColorSpace(deviceName: name) ?? spaces[name] { return known }
        let object = structure.value(resources, "/ColorSpace").flatMap { structure.value($0, name) }
        let space = object.map { structure.colorSpace($0) } ?? .unknown
        spaces[name] = space
        return space
    }

    private mutating func parameters(_ resources: PDFStructure.Object) {
        guard let name, let dictionary = structure.value(resources, "/ExtGState").flatMap({ structure.value($0, name) }) else { return }
        func number(_ key: String) -> Double? { structure.value(dictionary, key).flatMap { structure.number($0) } }
        if let width = number("/LW") { state.lineWidth = width }
        if let alpha = number("/ca") { state.fillsNothing = alpha <= 0 }
        if let alpha = number("/CA") { state.strokesNothing = alpha <= 0 }
        if let dash = structure.value(dictionary, "/D"), structure.count(dash) > 0 {
            state.isDashed = structure.numbers(structure.item(dash, 0))?.contains { $0 > 0 } ?? false
        }
    }

    private mutating func rectangle() {
        let (x, y, width, height) = (operand(0), operand(1), operand(2), operand(3))
        path.move(to: state.matrix.apply(x, y))
        path.line(to: state.matrix.apply(x + width, y))
        path.line(to: state.matrix.apply(x + width, y + height))
        path.line(to: state.matrix.apply(x, y + height))
        path.close()
    }

    private mutating func paint(fills: Bool, strokes: Bool, closes: Bool = false) {
        if closes { path.close() }
        let fill = fills && !state.fillsNothing ? state.fill : nil
        let stroke = strokes && !state.strokesNothing ? state.stroke : nil
        if !path.isEmpty, hiddenSequences == 0, fill != nil || stroke != nil {
            collector.paint(
                path, fill: fill, stroke: stroke, lineWidth: abs(state.lineWidth) * state.matrix.scale, isDashed: state.isDashed,
                clip: state.clip)
        }
        if pendingClip, let box = path.box {
            // An empty clip hides everything: a box outside of the page does the same.
            state.clip = state.clip.intersection(box) ?? Box(x: -1e6, y: -1e6, width: 0, height: 0)
        }
        pendingClip = false
        path = DrawnPath()
    }

    private mutating func draw(_ resources: PDFStructure.Object, _ depth: Int) {
        guard hiddenSequences == 0, let name,
            let object = structure.value(resources, "/XObject").flatMap({ structure.value($0, name) }), structure.isStream(object)
        else { return }
        let dictionary = structure.dictionary(ofStream: object)
        if let layer = structure.value(dictionary, "/OC"), layers.isHidden(layer, structure) { return }
        guard structure.value(dictionary, "/Subtype").flatMap({ structure.name($0) }) == "/Form" else {
            pictureMatrix = state.matrix
            collector.picture(state.matrix.box(0, 0, 1, 1), clip: state.clip)
            return
        }
        let id = structure.id(object)
        guard depth < ContentInterpreter.maxDepth, openForms.insert(id).inserted, let content = structure.bytes(ofStream: object) else {
            return
        }
        let outer = (state, path, spaces)
        if let matrix = Matrix(structure.numbers(structure.value(dictionary, "/Matrix"))) { state.matrix = matrix.then(state.matrix) }
        if let box = structure.numbers(structure.value(dictionary, "/BBox")), box.count == 4,
            let clip = state.clip.intersection(state.matrix.box(box[0], box[1], box[2], box[3]))
        {
            state.clip = clip
        }
        path = DrawnPath()
        run(content, resources: structure.value(dictionary, "/Resources") ?? resources, depth: depth + 1)
        (state, path, spaces) = outer
        openForms.remove(id)
    }
}

/// Operators by the code of their letters.
private enum Command {
    static let save = ContentLexer.code("q")
    static let restore = ContentLexer.code("Q")
    static let concatenate = ContentLexer.code("cm")
    static let lineWidth = ContentLexer.code("w")
    static let dash = ContentLexer.code("d")
    static let parameters = ContentLexer.code("gs")
    static let move = ContentLexer.code("m")
    static let line = ContentLexer.code("l")
    static let curve = ContentLexer.code("c")
    static let curveFromStart = ContentLexer.code("v")
    static let curveToEnd = ContentLexer.code("y")
    static let close = ContentLexer.code("h")
    static let rectangle = ContentLexer.code("re")
    static let stroke = ContentLexer.code("S")
    static let closeStroke = ContentLexer.code("s")
    static let fill = ContentLexer.code("f")
    static let fillOld = ContentLexer.code("F")
    static let fillEvenOdd = ContentLexer.code("f*")
    static let both = ContentLexer.code("B")
    static let bothEvenOdd = ContentLexer.code("B*")
    static let closeBoth = ContentLexer.code("b")
    static let closeBothEvenOdd = ContentLexer.code("b*")
    static let endPath = ContentLexer.code("n")
    static let clip = ContentLexer.code("W")
    static let clipEvenOdd = ContentLexer.code("W*")
    static let fillGray = ContentLexer.code("g")
    static let strokeGray = ContentLexer.code("G")
    static let fillRGB = ContentLexer.code("rg")
    static let strokeRGB = ContentLexer.code("RG")
    static let fillCMYK = ContentLexer.code("k")
    static let strokeCMYK = ContentLexer.code("K")
    static let fillSpace = ContentLexer.code("cs")
    static let strokeSpace = ContentLexer.code("CS")
    static let fillColor = ContentLexer.code("sc")
    static let fillColorN = ContentLexer.code("scn")
    static let strokeColor = ContentLexer.code("SC")
    static let strokeColorN = ContentLexer.code("SCN")
    static let inlineData = ContentLexer.code("ID")
    static let beginMarked = ContentLexer.code("BMC")
    static let beginMarkedWith = ContentLexer.code("BDC")
    static let endMarked = ContentLexer.code("EMC")
    static let textMode = ContentLexer.code("Tr")
    static let showText = ContentLexer.code("Tj")
    static let showTexts = ContentLexer.code("TJ")
    static let nextLineText = ContentLexer.code("'")
    static let spacedText = ContentLexer.code("\"")
    static let shading = ContentLexer.code("sh")
    static let draw = ContentLexer.code("Do")
}
