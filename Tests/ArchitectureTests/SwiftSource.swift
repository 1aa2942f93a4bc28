import QdocTesting

/// A Swift file taken apart far enough for the laws: lines of code without strings and comments, and the comments alone.
struct SwiftSource {
    let path: String
    let lineCount: Int
    /// Strings and comments are blanked; code inside an interpolation stays.
    let code: [String]
    /// Only what stands in comments.
    let comments: [String]

    /// Every Swift file of the project, read once for all laws.
    static let all = Result {
        try ["Sources", "Tests"].flatMap { Project.files(under: $0, suffix: ".swift") }
            .map { SwiftSource(path: $0, text: try Project.text($0)) }
    }

    init(path: String, text: String) {
        var scanner = Scanner(Array(text.utf8))
        scanner.run()
        self.path = path
        code = scanner.code.split(separator: 10, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
        comments = scanner.comments.split(separator: 10, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
        lineCount = text.utf8.reduce(0) { $0 + ($1 == 10 ? 1 : 0) }
    }

    /// The modules of its import declarations, each once, in order.
    var imports: [String] {
        var modules: [String] = []
        for line in code {
            var words = line.split(separator: " ")[...]
            while let word = words.first, word.hasPrefix("@") || Self.access.contains(String(word)) { words.removeFirst() }
            guard words.first == "import" else { continue }
            words.removeFirst()
            if let word = words.first, Self.kinds.contains(String(word)) { words.removeFirst() }
            let module = words.first.flatMap { $0.split(separator: ".").first }.map(String.init)
            if let module, !modules.contains(module) { modules.append(module) }
        }
        return modules
    }

    private static let access: Set = ["public", "package", "internal", "fileprivate", "private"]
    private static let kinds: Set = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]

    /// The places where a word of code stands, letters, digits and `_` being part of words.
    func places(ofWord word: String) -> [String] {
        places { line in Self.contains(word: word, in: line) }
    }

    /// `file:line` of every line of code that a condition holds for.
    func places(where condition: (String) -> Bool) -> [String] {
        code.indices.filter { condition(code[$0]) }.map { "\(path):\($0 + 1)" }
    }

    static func contains(word: String, in line: String) -> Bool {
        let (line, word) = (Array(line.utf8), Array(word.utf8))
        guard let first = word.first, let last = word.last, line.count >= word.count else { return false }
        return (0...line.count - word.count).contains { start in
            line[start] == first && line[start..<start + word.count].elementsEqual(word)
                && (start == 0 || !isWord(line[start - 1]) || !isWord(first))
                && (start + word.count == line.count || !isWord(line[start + word.count]) || !isWord(last))
        }
    }

    static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"), 128...:
            true
        default: false
        }
    }
}

/// Copies each byte to the code or to the comments and a space to the other; line ends go to both.
private struct Scanner {
    private let bytes: [UInt8]
    private var index = 0
    private(set) var code: [UInt8] = []
    private(set) var comments: [UInt8] = []

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func run() {
        while index < bytes.count { element() }
    }

    private func at(_ text: StaticString) -> Bool {
        index + text.utf8CodeUnitCount <= bytes.count
            && "\(text)".utf8.elementsEqual(bytes[index..<index + text.utf8CodeUnitCount])
    }

    private enum Side { case code, comment, neither }

    private mutating func take(_ side: Side, _ count: Int = 1) {
        let end = min(bytes.count, index + count)
        let blank = bytes[index..<end].map { $0 == 10 ? 10 : 32 as UInt8 }
        code += side == .code ? bytes[index..<end] : blank[...]
        comments += side == .comment ? bytes[index..<end] : blank[...]
        index = end
    }

    /// Takes bytes up to the next of a set, at least one.
    private mutating func takeRun(_ side: Side, until stops: [UInt8]) {
        let end = bytes[(index + 1)...].firstIndex { stops.contains($0) } ?? bytes.count
        take(side, end - index)
    }

    /// One comment, string or run of code.
    private mutating func element() {
        switch bytes[index] {
        case UInt8(ascii: "/") where at("//"): takeRun(.comment, until: [10])
        case UInt8(ascii: "/") where at("/*"): blockComment()
        case UInt8(ascii: "\""): string()
        case UInt8(ascii: "#") where at("#\"") || at("##\""): string()
        default: takeRun(.code, until: Array("/\"#()".utf8))
        }
    }

    private mutating func blockComment() {
        var depth = 0
        repeat {
            if at("/*") {
                depth += 1
                take(.comment, 2)
            } else if at("*/") {
                depth -= 1
                take(.comment, 2)
            } else {
                take(.comment)
            }
        } while depth > 0 && index < bytes.count
    }

    private mutating func string() {
        var hashes = 0
        while at("#") {
            hashes += 1
            take(.code)
        }
        let quotes = at("\"\"\"") ? 3 : 1
        take(.code, quotes)
        let end = [UInt8](repeating: UInt8(ascii: "\""), count: quotes) + [UInt8](repeating: UInt8(ascii: "#"), count: hashes)
        let escape = [UInt8(ascii: "\\")] + [UInt8](repeating: UInt8(ascii: "#"), count: hashes)
        while index < bytes.count, quotes == 3 || bytes[index] != 10 {
            guard bytes[index] == end[0] || bytes[index] == escape[0] else {
                takeRun(.neither, until: [end[0], escape[0], 10])
                continue
            }
            let rest = bytes[index...]
            if rest.starts(with: end) { return take(.code, end.count) }
            guard rest.starts(with: escape) else {
                take(.neither)
                continue
            }
            take(.neither, escape.count)
            if at("(") { interpolation() } else { take(.neither) }
        }
    }

    /// The code between the parentheses of an interpolation, which may hold strings again.
    private mutating func interpolation() {
        var depth = 0
        repeat {
            switch bytes[index] {
            case UInt8(ascii: "("):
                depth += 1
                take(.code)
            case UInt8(ascii: ")"):
                depth -= 1
                take(.code)
            default: element()
            }
        } while depth > 0 && index < bytes.count
    }
}
