// swift-tools-version: 6.2
import Glibc
import PackageDescription

/// Settings every Swift target shares: Swift 6 mode, strict memory safety, warnings are errors.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// A distribution library as a C module: a module map and a thin header, no logic.
func library(_ name: String, _ pkgConfig: String, _ packages: String...) -> Target {
    .systemLibrary(name: name, path: "Sources/Modules/\(name)", pkgConfig: pkgConfig, providers: [.apt(packages)])
}

/// C or C++ that Swift cannot call: variadics, setjmp, kernel calls, C++ APIs, embedded files.
func shim(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/Modules/\(name)")
}

func module(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func program(_ name: String, _ dependencies: Target.Dependency...) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: Target.Dependency..., exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict)
}

/// A part of qdoc that needs large libraries, and is built only where they are: all of it is the program `qdoc-NAME`.
struct Part {
    /// As `QDOC_WITHOUT` and `scripts/install --with` name it.
    let name: String
    /// A header of its libraries.
    let header: String
    /// What is left out where it is not built; everything else works without.
    let targets: [String]

    /// The scripts say what is left out by `QDOC_WITHOUT=PART,PART`, so that what was found once is not remembered by SwiftPM for ever.
    /// By hand, without that variable, a part is built where its header is.
    var isBuilt: Bool {
        if let without = Context.environment["QDOC_WITHOUT"] {
            return !without.split(separator: ",").contains { $0 == name }
        }
        let folders = ["", "x86_64-linux-gnu/", "aarch64-linux-gnu/"].map { "/usr/include/\($0)" } + ["/usr/local/include/"]
        return folders.contains { access($0 + header, R_OK) == 0 }
    }
}

let videoTargets = [
    "CAVFormat", "CAVCodec", "CAVUtil", "CSWScale", "CVideo", "QdocVideo", "qdoc-video", "CVideoFixtures", "QdocVideoProbe",
    "QdocVideoTests",
]

let parts = [
    Part(name: "video", header: "libavformat/avformat.h", targets: videoTargets),
    Part(name: "ocr", header: "tesseract/capi.h", targets: ["CTesseract", "QdocOCR", "qdoc-ocr", "QdocOCRTests"]),
]

let leftOut = Set(parts.filter { !$0.isBuilt }.flatMap(\.targets))

/// A target, without what is left out of it; nil where it is left out itself.
func built(_ target: Target) -> Target? {
    target.dependencies.removeAll {
        if case .byNameItem(let name, _) = $0 { leftOut.contains(name) } else { false }
    }
    return leftOut.contains(target.name) ? nil : target
}

let package = Package(
    name: "qdoc",
    products: ["qdoc", "qdoc-decode", "qdoc-convert", "qdoc-video", "qdoc-ocr"].filter { !leftOut.contains($0) }.map {
        .executable(name: $0, targets: [$0])
    },
    targets: [
        // Distribution libraries.
        library("CPoppler", "poppler-glib", "libpoppler-glib-dev"),
        library("CPopplerCpp", "poppler-cpp", "libpoppler-cpp-dev"),
        library("CQPDF", "libqpdf", "libqpdf-dev"),
        library("CJPEG", "libjpeg", "libjpeg-dev"),
        library("CPNG", "libpng", "libpng-dev"),
        library("CWebP", "libwebpdemux", "libwebp-dev"),
        library("CTIFF", "libtiff-4", "libtiff-dev"),
        library("CGIF", "libgif", "libgif-dev"),
        library("CLCMS", "lcms2", "liblcms2-dev"),
        library("CISAL", "libisal", "libisal-dev"),
        library("CSeccomp", "libseccomp", "libseccomp-dev"),
        library("CPango", "pangocairo", "libpango1.0-dev"),
        library("CGMime", "gmime-3.0", "libgmime-3.0-dev"),
        library("CCurl", "libcurl", "libcurl4-openssl-dev"),
        library("CSQLite", "sqlite3", "libsqlite3-dev"),
        library("CYAML", "yaml-0.1", "libyaml-dev"),
        library("CCrypto", "libcrypto", "libssl-dev"),
        library("CRE2", "re2", "libre2-dev"),
        library("CAVFormat", "libavformat", "libavformat-dev"),
        library("CAVCodec", "libavcodec", "libavcodec-dev"),
        library("CAVUtil", "libavutil", "libavutil-dev"),
        library("CSWScale", "libswscale", "libswscale-dev"),
        library("CTesseract", "lept", "libtesseract-dev", "libleptonica-dev"),
        shim("CSystem"),
        shim("CPageText", ["CPopplerCpp"]),
        shim("CImageCodecs", ["CJPEG", "CPNG", "CWebP", "CTIFF", "CGIF", "CLCMS", "CISAL"]),
        shim("CConfinement", ["CSeccomp"]),
        shim("CPageLayout", ["CPango"]),
        shim("CMail", ["CGMime"]),
        shim("CVideo", ["CAVFormat", "CAVCodec", "CAVUtil", "CSWScale"]),
        shim("CSchemaValidator", ["CRE2"]),
        shim("CEmbedded"),

        // Floor 0: values, then process services.
        module("QdocCore"),
        module("QdocRuntime", "QdocCore", "CSystem"),

        // Floor 1: one wrapper for each library family.
        module("QdocPDF", "QdocCore", "CPoppler", "CPageText", "CQPDF", "CISAL"),
        module("QdocText", "QdocCore", "CPageLayout", "CMail"),
        module("QdocImage", "QdocCore", "CImageCodecs"),
        module("QdocOCR", "QdocCore", "CTesseract"),
        module("QdocVideo", "QdocCore", "CVideo"),
        module("QdocConfinement", "QdocCore", "CConfinement"),
        module("QdocDecoding", "QdocCore", "QdocRuntime", "CSystem"),
        module("QdocTransport", "QdocCore", "QdocRuntime", "CCurl"),
        module("QdocStore", "QdocCore", "QdocRuntime", "CSystem", "CSQLite"),
        module("QdocYAML", "QdocCore", "CYAML"),
        module("QdocSchema", "QdocCore", "CSchemaValidator"),
        module("QdocCrypto", "QdocCore", "CCrypto"),
        module("QdocEmbedded", "CEmbedded"),

        // Floor 2: the stages; they never meet each other.
        module("QdocIngest", "QdocCore", "QdocRuntime", "QdocDecoding", "QdocCrypto"),
        module("QdocPrompt", "QdocCore"),
        module("QdocModel", "QdocCore", "QdocRuntime", "QdocTransport", "QdocCrypto", "QdocYAML", "QdocEmbedded"),
        module("QdocJournal", "QdocCore", "QdocRuntime", "QdocStore", "QdocCrypto"),
        module("QdocReader", "QdocCore"),
        module("QdocExtract", "QdocCore", "QdocSchema"),
        module("QdocProof", "QdocCore"),
        module("QdocReport", "QdocCore", "QdocRuntime", "QdocCrypto", "QdocEmbedded"),

        // Floor 3: the only place where the stages meet.
        module(
            "QdocPipeline", "QdocCore", "QdocRuntime", "QdocYAML", "QdocSchema", "QdocCrypto", "QdocIngest", "QdocPrompt",
            "QdocModel", "QdocJournal", "QdocTransport", "QdocReader", "QdocExtract", "QdocProof", "QdocReport", "QdocEmbedded"),

        // Floor 5: composition root.
        module(
            "QdocApp", "QdocCore", "QdocRuntime", "QdocYAML", "QdocEmbedded", "QdocCrypto", "QdocDecoding", "QdocTransport", "QdocIngest",
            "QdocPrompt", "QdocModel",
            "QdocJournal", "QdocReader", "QdocReport", "QdocPipeline"),

        // Floor 6: the programs.
        program("qdoc", "QdocApp"),
        program("qdoc-convert", "QdocCore", "QdocText", "QdocDecoding", "QdocConfinement"),
        program("qdoc-decode", "QdocCore", "QdocPDF", "QdocImage", "QdocDecoding", "QdocConfinement"),
        program("qdoc-ocr", "QdocCore", "QdocRuntime", "QdocOCR", "QdocDecoding", "QdocConfinement"),
        program("qdoc-video", "QdocCore", "QdocVideo", "QdocImage", "QdocDecoding", "QdocConfinement"),

        // Tests.
        .target(
            name: "QdocTesting", dependencies: ["QdocCore", "QdocRuntime"], path: "Tests/QdocTesting", swiftSettings: strict),
        .target(
            name: "QdocEmulator", dependencies: ["QdocCore", "QdocRuntime", "QdocCrypto", "QdocTesting"], path: "Tests/QdocEmulator",
            swiftSettings: strict),
        .executableTarget(
            name: "QdocEmulatorServer", dependencies: ["QdocCore", "QdocRuntime", "QdocEmulator"], path: "Tests/QdocEmulatorServer",
            swiftSettings: strict),
        .executableTarget(
            name: "QdocProbe", dependencies: ["QdocCore", "QdocRuntime", "QdocJournal"], path: "Tests/QdocProbe", swiftSettings: strict),
        .executableTarget(
            name: "QdocImageProbe", dependencies: ["QdocCore", "QdocImage", "QdocTransport"], path: "Tests/QdocImageProbe",
            swiftSettings: strict),
        .executableTarget(
            name: "QdocVideoProbe", dependencies: ["QdocCore", "QdocVideo"], path: "Tests/QdocVideoProbe", swiftSettings: strict),
        .target(name: "CVideoFixtures", dependencies: ["CAVFormat", "CAVCodec", "CAVUtil"], path: "Tests/CVideoFixtures"),
        .executableTarget(
            name: "QdocBenchmarks",
            dependencies: [
                "QdocCore", "QdocRuntime", "QdocTransport", "QdocModel", "QdocIngest", "QdocExtract", "QdocProof", "QdocTesting",
            ],
            path: "Tests/QdocBenchmarks",
            exclude: [
                "_bench.py", "first_request.py", "jpeg_tables.py", "legibility.py", "memory.py", "end_to_end.py", "pages.py",
                "pages_peer.py",
                "photos.py", "text_quality.py", "video_scenes.py",
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "QdocFuzzing",
            dependencies: [
                "QdocCore", "QdocRuntime", "QdocTransport", "QdocYAML", "QdocDecoding", "QdocExtract", "QdocImage", "QdocIngest",
                "QdocModel", "QdocPDF", "QdocReport",
            ], path: "Tests/QdocFuzzing", exclude: ["Corpus"], swiftSettings: strict),
        tests("QdocFuzzingTests", "QdocCore", "QdocTesting", "QdocFuzzing"),
        tests("QdocEmulatorTests", "QdocCore", "QdocRuntime", "QdocTransport", "QdocEmulator", "QdocTesting", "QdocEmulatorServer"),
        tests("QdocCoreTests", "QdocCore", "QdocTesting"),
        tests("QdocRuntimeTests", "QdocCore", "QdocRuntime", "QdocTesting"),
        tests("QdocPDFTests", "QdocCore", "QdocPDF", "QdocImage", "QdocTesting"),
        tests("QdocImageTests", "QdocCore", "QdocImage", "QdocTesting"),
        tests(
            "QdocOCRTests", "QdocCore", "QdocRuntime", "QdocPDF", "QdocImage", "QdocOCR", "QdocDecoding", "QdocTesting", "qdoc-ocr"),
        tests(
            "QdocVideoTests", "QdocCore", "QdocRuntime", "QdocVideo", "QdocDecoding", "QdocTransport", "QdocIngest", "QdocModel",
            "QdocJournal", "QdocReport", "QdocPipeline", "QdocEmulator", "QdocTesting", "CVideoFixtures", "qdoc-decode", "qdoc-video"),
        tests("QdocDecodingTests", "QdocCore", "QdocRuntime", "QdocDecoding", "QdocTesting", "qdoc-decode", "qdoc-convert"),
        tests("QdocTransportTests", "QdocCore", "QdocRuntime", "QdocTransport", "QdocTesting"),
        tests("QdocStoreTests", "QdocCore", "QdocRuntime", "QdocStore", "QdocTesting"),
        tests("QdocYAMLTests", "QdocCore", "QdocYAML"),
        tests("QdocSchemaTests", "QdocCore", "QdocRuntime", "QdocSchema"),
        tests("QdocCryptoTests", "QdocCore", "QdocCrypto"),
        tests("QdocIngestTests", "QdocCore", "QdocRuntime", "QdocIngest", "QdocTesting", "qdoc-decode", "qdoc-convert"),
        tests("QdocPromptTests", "QdocCore", "QdocPrompt", "QdocTesting"),
        tests("QdocModelTests", "QdocCore", "QdocRuntime", "QdocCrypto", "QdocTransport", "QdocYAML", "QdocModel", "QdocTesting"),
        tests("QdocJournalTests", "QdocCore", "QdocRuntime", "QdocStore", "QdocJournal", "QdocTesting", "QdocProbe"),
        tests("QdocReaderTests", "QdocCore", "QdocReader", "QdocTesting"),
        tests("QdocExtractTests", "QdocCore", "QdocExtract", "QdocTesting"),
        tests("QdocProofTests", "QdocCore", "QdocReader", "QdocExtract", "QdocProof", "QdocTesting"),
        tests("QdocReportTests", "QdocCore", "QdocRuntime", "QdocSchema", "QdocReport", "QdocTesting", exclude: ["Golden"]),
        tests(
            "QdocPipelineTests", "QdocCore", "QdocRuntime", "QdocEmulator", "QdocTransport", "QdocModel", "QdocJournal", "QdocIngest",
            "QdocPrompt", "QdocSchema",
            "QdocPipeline", "QdocReport", "QdocReader", "QdocExtract", "QdocTesting", "qdoc-decode", exclude: ["Answers", "Golden"]),
        tests(
            "QdocAppTests", "QdocCore", "QdocRuntime", "QdocSchema", "QdocJournal", "QdocModel", "QdocReport", "QdocApp", "QdocTesting",
            "QdocProbe",
            "qdoc",
            "qdoc-decode", exclude: ["Golden"]),
        tests("ArchitectureTests", "QdocCore", "QdocTesting", "qdoc", "qdoc-decode", "qdoc-convert"),
    ].compactMap(built),
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
