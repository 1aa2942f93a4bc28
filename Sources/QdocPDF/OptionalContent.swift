/// Which layers of a document are not drawn, by its own default configuration.
///
/// What viewers and printers turn on and off by themselves (`/AS`) is left out, as poppler leaves it out.
///
/// - Source: ISO 32000-2, 8.11.
struct OptionalContent {
    private var isOffByDefault = false
    /// Objects of the groups that differ from the default.
    private var exceptions: Set<Int32> = []

    // More groups than any drawing has; more nesting than any viewer follows.
    private static let maxGroups = 10_000
    private static let maxDepth = 8

    /// A document without layers.
    init() {}

    init(_ structure: PDFStructure) {
        guard let properties = structure.value(structure.root, "/OCProperties"), let configuration = structure.value(properties, "/D")
        else {
            return
        }
        isOffByDefault = structure.value(configuration, "/BaseState").flatMap { structure.name($0) } == "/OFF"
        guard let differing = structure.value(configuration, isOffByDefault ? "/ON" : "/OFF") else { return }
        for index in 0..<min(structure.count(differing), OptionalContent.maxGroups) {
            exceptions.insert(structure.id(structure.item(differing, index)))
        }
    }

    /// Whether a group, or what a membership dictionary makes of groups, is not drawn.
    func isHidden(_ object: PDFStructure.Object, _ structure: PDFStructure) -> Bool {
        guard isOffByDefault || !exceptions.isEmpty else { return false }
        guard structure.value(object, "/Type").flatMap({ structure.name($0) }) == "/OCMD" else { return isOff(object, structure) }
        if let expression = structure.value(object, "/VE") { return !isTrue(expression, structure, depth: 0) }
        guard let groups = structure.value(object, "/OCGs") else { return false }
        let states =
            structure.isArray(groups)
            ? (0..<min(structure.count(groups), OptionalContent.maxGroups)).map { isOff(structure.item(groups, $0), structure) }
            : [isOff(groups, structure)]
        guard !states.isEmpty else { return false }
        return switch structure.value(object, "/P").flatMap({ structure.name($0) }) {
        case "/AllOn": states.contains(true)
        case "/AnyOff": !states.contains(true)
        case "/AllOff": states.contains(false)
        default: !states.contains(false)
        }
    }

    private func isOff(_ group: PDFStructure.Object, _ structure: PDFStructure) -> Bool {
        exceptions.contains(structure.id(group)) != isOffByDefault
    }

    private func isTrue(_ expression: PDFStructure.Object, _ structure: PDFStructure, depth: Int) -> Bool {
        guard structure.isArray(expression), depth < OptionalContent.maxDepth else { return !isOff(expression, structure) }
        let operands = (1..<max(1, min(structure.count(expression), 64))).lazy.map {
            isTrue(structure.item(expression, $0), structure, depth: depth + 1)
        }
        return switch structure.name(structure.item(expression, 0)) {
        case "/And": operands.allSatisfy { $0 }
        case "/Or": operands.contains(true)
        case "/Not": operands.first != true
        default: true
        }
    }
}
