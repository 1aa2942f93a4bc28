import QdocTesting
import Testing

/// The floors, lowest first. A target imports lower floors only, never a sibling.
private let floors: [[String]] = [
    [
        "CPoppler", "CPopplerCpp", "CQPDF", "CJPEG", "CPNG", "CWebP", "CTIFF", "CGIF", "CLCMS", "CISAL", "CSeccomp", "CCurl", "CSQLite",
        "CYAML", "CCrypto", "CRE2", "CEmbedded", "CAVFormat", "CAVCodec", "CAVUtil", "CSWScale", "CTesseract", "CPango", "CGMime",
    ],
    ["CSystem", "CPageText", "CImageCodecs", "CConfinement", "CSchemaValidator", "CPageLayout", "CMail", "CVideo"],
    ["QdocCore"],
    ["QdocRuntime"],
    [
        "QdocPDF", "QdocImage", "QdocVideo", "QdocOCR", "QdocText", "QdocConfinement", "QdocDecoding", "QdocTransport", "QdocStore",
        "QdocYAML",
        "QdocSchema",
        "QdocCrypto",
        "QdocEmbedded",
    ],
    ["QdocIngest", "QdocPrompt", "QdocModel", "QdocJournal", "QdocReader", "QdocExtract", "QdocProof", "QdocReport"],
    ["QdocPipeline"],
    ["QdocApp"],
    ["qdoc", "qdoc-decode", "qdoc-convert", "qdoc-video", "qdoc-ocr"],
]

private func floor(of target: String) -> Int? {
    floors.firstIndex { $0.contains(target) }
}

/// The highest floor that may touch C and pointers: process services and the wrappers.
private let wrappers = 4

/// Modules of the toolchain and the C library that need no declaration.
private let system: Set = ["Swift", "Glibc", "Synchronization"]

@Suite("Floors")
struct LayerTests {
    let manifest: Manifest

    init() throws {
        manifest = try Manifest()
    }

    private func sources(of target: Manifest.Target) throws -> [SwiftSource] {
        try SwiftSource.all.get().filter { $0.path.hasPrefix(target.folder + "/") }
    }

    @Test("The manifest was read: every folder of Sources and Tests with code is a target of it")
    func manifestIsWhole() throws {
        let declared = Set(manifest.targets.map(\.folder))
        let found = Set(
            (Project.files(under: "Sources") + Project.files(under: "Tests", suffix: ".swift")).map { path in
                path.split(separator: "/").prefix(path.hasPrefix("Sources/Modules/") ? 3 : 2).joined(separator: "/")
            })
        #expect(found.subtracting(declared).isEmpty)
        #expect(manifest.target("QdocReport")?.dependencies == ["QdocCore", "QdocRuntime", "QdocCrypto", "QdocEmbedded"])
        #expect(manifest.target("QdocTesting")?.dependencies.contains("QdocCore") == true)
        #expect(manifest.target("CPoppler")?.packages == ["libpoppler-glib-dev"])
    }

    @Test("Every target that is shipped stands on a floor")
    func everyTargetHasAFloor() {
        let shipped = Set(manifest.targets.filter { $0.kind != .tests }.map(\.name))
        #expect(shipped == Set(floors.joined()))
    }

    @Test("A target depends on lower floors only, never on a sibling")
    func dependenciesGoDown() throws {
        for target in manifest.targets where target.kind != .tests {
            let own = try #require(floor(of: target.name))
            for dependency in target.dependencies {
                let other = try #require(floor(of: dependency), "\(target.name) depends on \(dependency), which is not shipped")
                #expect(other < own, "\(target.name) depends on \(dependency), which is not below it")
            }
        }
    }

    @Test("Only process services and wrappers touch C")
    func wrappersAloneTouchC() throws {
        for target in manifest.targets where target.kind == .module || target.kind == .program {
            let own = try #require(floor(of: target.name))
            let libraries = target.dependencies.filter { $0.hasPrefix("C") }
            #expect(own <= wrappers || libraries.isEmpty, "\(target.name) depends on \(libraries)")
        }
    }

    @Test("A target imports only what the manifest declares for it")
    func importsAreDeclared() throws {
        for target in manifest.targets {
            let allowed = target.dependencies.union(system).union(target.kind == .tests ? ["Testing"] : [])
            for source in try sources(of: target) {
                let undeclared = source.imports.filter { !allowed.contains($0) }
                #expect(undeclared.isEmpty, "\(source.path) imports \(undeclared)")
            }
        }
    }

    @Test("No pointer and nothing unsafe stands above the wrappers")
    func pointersStayBelow() throws {
        for target in manifest.targets where target.kind == .module || target.kind == .program {
            guard let own = floor(of: target.name), own > wrappers || target.name == "QdocCore" else { continue }
            for source in try sources(of: target) {
                let places = source.places { line in
                    line.contains("Unsafe") || line.contains("OpaquePointer") || SwiftSource.contains(word: "unsafe", in: line)
                }
                #expect(places.isEmpty, "pointers at \(places)")
            }
        }
    }

    @Test("No public declaration of a wrapper takes or returns a pointer")
    func wrappersHandOutValues() throws {
        for target in manifest.targets where target.kind == .module {
            for source in try sources(of: target) {
                for (line, signature) in publicSignatures(of: source) {
                    let holds = signature.contains("Unsafe") || signature.contains("OpaquePointer")
                    #expect(!holds, "\(source.path):\(line) has a pointer in its signature")
                }
            }
        }
    }

    /// Public declarations up to their body, with the number of their first line.
    private func publicSignatures(of source: SwiftSource) -> [(line: Int, text: String)] {
        source.code.indices.compactMap { index in
            guard SwiftSource.contains(word: "public", in: source.code[index]), !source.code[index].contains("import") else { return nil }
            var text = ""
            for line in source.code[index...] {
                text += line
                let depth = text.reduce(0) { $0 + ($1 == "(" ? 1 : $1 == ")" ? -1 : 0) }
                if depth <= 0 { break }
            }
            return (index + 1, text.firstIndex(of: "{").map { String(text[..<$0]) } ?? text)
        }
    }

    @Test("What a wrapper or a stage makes public is named outside it; what only tests name is package")
    func publicIsUsed() throws {
        let shipped = manifest.targets.filter { $0.kind == .module || $0.kind == .program }
        let words = try Dictionary(uniqueKeysWithValues: shipped.map { ($0.name, try identifiers(of: $0)) })
        // What a protocol of the language asks for is called without its name.
        let witnesses: Set = ["makeIterator", "makeAsyncIterator", "next"]
        for target in shipped where [wrappers, wrappers + 1].contains(floor(of: target.name)) {
            let outside = words.filter { $0.key != target.name }.values
            for source in try sources(of: target) {
                for (index, line) in source.code.enumerated() {
                    guard let name = Self.publicName(in: line), !witnesses.contains(name) else { continue }
                    #expect(outside.contains { $0.contains(name) }, "\(source.path):\(index + 1): nobody outside names \(name)")
                }
            }
        }
    }

    private func identifiers(of target: Manifest.Target) throws -> Set<String> {
        Set(
            try sources(of: target).flatMap { source in
                source.code.flatMap { line in
                    line.utf8.split { !SwiftSource.isWord($0) }.map { String(Substring($0)) }
                }
            })
    }

    /// The name of the public function or static constant that a line declares. Types and members of values are used without their names.
    private static func publicName(in line: String) -> String? {
        let words = line.utf8.split { !SwiftSource.isWord($0) }.map { String(Substring($0)) }
        guard words.contains("public"), words.contains("func") || words.contains("static") else { return nil }
        return words.firstIndex { ["func", "let", "var"].contains($0) }.flatMap { $0 + 1 < words.count ? words[$0 + 1] : nil }
    }

    @Test("The parser child knows no network")
    func childHasNoNetwork() throws {
        let child = try #require(manifest.target("qdoc-decode"))
        var reached = child.dependencies
        while true {
            let next = reached.reduce(into: reached) { $0.formUnion(manifest.target($1)?.dependencies ?? []) }
            if next == reached { break }
            reached = next
        }
        #expect(reached.isDisjoint(with: ["QdocTransport", "CCurl", "QdocModel", "QdocPipeline", "QdocApp"]))
        #expect(reached.isSuperset(of: ["QdocPDF", "CPoppler"]))
    }

    @Test("The program and its stages know no parser of foreign bytes")
    func hostHasNoParser() throws {
        for target in manifest.targets where target.kind == .module || target.kind == .program {
            guard !["qdoc-decode", "qdoc-convert", "qdoc-video", "qdoc-ocr"].contains(target.name) else { continue }
            #expect(
                target.dependencies.isDisjoint(with: ["QdocPDF", "QdocImage", "QdocOCR", "QdocText", "QdocVideo", "QdocConfinement"]),
                "\(target.name)")
        }
    }
}
