import QdocTesting
import Testing

@Suite("Spelling")
struct SpellingTests {
    let sources: [SwiftSource]

    init() throws {
        sources = try SwiftSource.all.get()
    }

    @Test("The laws read code, not strings and comments")
    func scannerKnowsStrings() {
        let source = SwiftSource(
            path: "x",
            text: """
                import A  // import B
                @preconcurrency public import struct C.D
                let a = "import E \\(f("g")! + h) \\" i" + #"j " \\#(k)"#
                /* import L /* m */ n */ let o = 1
                """)
        #expect(source.imports == ["A", "C"])
        #expect(source.code[2].filter { $0 != " " } == ##"leta="(f("")!+h)"+#"(k)"#"##)
        #expect(source.code[3].filter { $0 != " " } == "leto=1")
        #expect(source.comments[0].contains("import B"))
        #expect(forcedUnwrap("a.b! + c"))
        #expect(forcedUnwrap("f()!.g"))
        #expect(!forcedUnwrap("if !a != b { !c }"))
    }

    @Test(
        "Nothing traps on what comes from outside, and no task escapes its parent",
        arguments: ["fatalError", "try!", "as!", "Task.detached", "unowned(unsafe)", "XCTest"])
    func forbiddenInCode(spelling: String) {
        let places = sources.flatMap { $0.places(ofWord: spelling) }
        #expect(places.isEmpty, "\(spelling) at \(places)")
    }

    @Test("No Foundation, and no Dispatch, is imported anywhere")
    func noFoundation() {
        let places = sources.filter { source in source.imports.contains { $0.hasPrefix("Foundation") || $0 == "Dispatch" } }.map(\.path)
        #expect(places.isEmpty, "\(places)")
    }

    @Test("No value is unwrapped by force, and no optional is implicitly unwrapped")
    func noForcedUnwrap() {
        let places = sources.flatMap { $0.places(where: forcedUnwrap) }
        #expect(places.isEmpty, "forced at \(places)")
    }

    /// Whether a line has a `!` right behind a value or a type.
    private func forcedUnwrap(_ line: String) -> Bool {
        guard line.utf8.contains(UInt8(ascii: "!")) else { return false }
        let bytes = Array(line.utf8)
        return bytes.indices.dropFirst().contains { index in
            guard bytes[index] == UInt8(ascii: "!"), index + 1 >= bytes.count || bytes[index + 1] != UInt8(ascii: "=") else { return false }
            let before = bytes[index - 1]
            return SwiftSource.isWord(before) || [")", "]", "}", "?", "\""].contains(UnicodeScalar(before))
        }
    }

    @Test("No promise is left in a comment", arguments: ["TODO", "FIXME", "XXX", "HACK"])
    func noLeftovers(mark: String) {
        let places = sources.flatMap { source in
            source.comments.indices.filter { SwiftSource.contains(word: mark, in: source.comments[$0]) }.map { "\(source.path):\($0 + 1)" }
        }
        #expect(places.isEmpty, "\(mark) at \(places)")
    }

    @Test("What the compiler cannot check is proven beside it, on the two lowest floors alone")
    func promisesAreProven() {
        let escapes = ["@unchecked Sendable", "nonisolated(unsafe)", "@safe"]
        let low = [
            "QdocCore", "QdocRuntime", "QdocPDF", "QdocImage", "QdocVideo", "QdocOCR", "QdocText", "QdocConfinement", "QdocDecoding",
            "QdocTransport", "QdocYAML",
        ]
        let folders = (low + ["QdocStore", "QdocSchema", "QdocCrypto"]).map { "Sources/\($0)/" } + ["Tests/"]
        for source in sources {
            for index in source.code.indices where escapes.contains(where: { source.code[index].contains($0) }) {
                let place = "\(source.path):\(index + 1)"
                #expect(folders.contains { source.path.hasPrefix($0) }, "\(place) stands too high")
                let near = source.comments[max(0, index - 8)...index]
                #expect(near.contains { $0.contains("//") }, "\(place) has no proof in a comment")
            }
        }
    }

    @Test("Names say what a thing is")
    func noEmptyNames() {
        let endings = ["Utils", "Util", "Helper", "Helpers", "Manager", "Common", "Impl", "Misc"]
        let declarations: Set<Substring> = ["struct", "class", "enum", "actor", "protocol", "typealias"]
        let places = sources.flatMap { source in
            source.places { line in
                let words = line.split(separator: " ")
                guard let index = words.firstIndex(where: declarations.contains), index + 1 < words.count else { return false }
                let name = words[index + 1].prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                return endings.contains { name.hasSuffix($0) }
            }
        }
        let files = sources.map(\.path).filter { path in endings.contains { path.hasSuffix("\($0).swift") } }
        #expect(places.isEmpty && files.isEmpty, "\(places) \(files)")
    }

    @Test("Every function that looks like a test is one")
    func testsAreTests() {
        for source in sources where source.path.hasPrefix("Tests/") {
            for (index, line) in source.code.enumerated() {
                guard let name = line.firstRange(of: "func test").map({ line[$0.upperBound...] }), name.first?.isUppercase == true else {
                    continue
                }
                #expect(source.code[max(0, index - 3)...index].contains { $0.contains("@Test") }, "\(source.path):\(index + 1) never runs")
            }
        }
    }

    @Test("No test sleeps")
    func testsDoNotSleep() {
        let places = sources.filter { $0.path.hasPrefix("Tests/") && !$0.path.hasPrefix("Tests/QdocBenchmarks/") }
            .flatMap { source in
                source.places {
                    $0.contains("Task.sleep") || $0.contains("nanosleep") || $0.contains("usleep")
                        || ($0.contains(" sleep(") && !$0.contains("func sleep("))
                }
            }
        #expect(places.isEmpty, "sleeps at \(places)")
    }

    @Test("No file is longer than 500 lines")
    func filesAreShort() throws {
        let folders = ["Sources", "Tests", "scripts"]
        let endings = [".swift", ".c", ".h", ".cpp", ".hpp", ".py", ".sh"]
        for path in folders.flatMap({ Project.files(under: $0) }) where endings.contains(where: path.hasSuffix) {
            let lines = try Project.text(path).utf8.reduce(0) { $0 + ($1 == 10 ? 1 : 0) }
            #expect(lines <= 500, "\(path) has \(lines) lines")
        }
    }
}
