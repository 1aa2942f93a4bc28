import QdocCore
import QdocTesting
import Testing

/// Parts of qdoc that are built only where their libraries are; each has two package lists and a program of its own.
private let parts = ["video", "ocr"]

private let optionalPrograms = parts.map { "qdoc-\($0)" }

@Suite("Products")
struct ProductTests {
    /// Every shared library that the loader finds for a built program, by name.
    private func libraries(of program: String) throws -> [String] {
        let result = try Subprocess("ldd").run("\(Project.products)/\(program)")
        try #require(result.status == 0, "\(result.errors)")
        return result.output.split(separator: "\n").compactMap { $0.split(separator: " ").first.map { $0.filter { $0 != "\t" } } }
    }

    @Test(
        "qdoc loads no parser of foreign bytes",
        arguments: [
            "libpoppler", "libcairo", "libqpdf", "libjpeg", "libturbojpeg", "libpng", "libwebp", "libtiff", "libav", "libswscale",
            "libtesseract", "liblept", "libgif", "liblcms2",
            "libglib", "libgio", "libfreetype", "libisal",
        ])
    func hostLoadsNoParser(library: String) throws {
        let loaded = try libraries(of: "qdoc")
        #expect(loaded.contains { $0.hasPrefix("libc.so") })
        #expect(!loaded.contains { $0.hasPrefix(library) }, "\(loaded)")
    }

    @Test(
        "The children load no network library", arguments: ["qdoc-decode", "qdoc-convert"],
        ["libcurl", "libnghttp2", "libssh", "libmicrohttpd", "libsqlite3"])
    func childLoadsNoNetwork(program: String, library: String) throws {
        let loaded = try libraries(of: program)
        #expect(loaded.contains { $0.hasPrefix("libc.so") })
        #expect(!loaded.contains { $0.hasPrefix(library) }, "\(loaded)")
    }

    @Test("No program loads Foundation", arguments: ["qdoc", "qdoc-decode", "qdoc-convert"] + optionalPrograms)
    func noFoundation(program: String) throws {
        // A part that was left out is not there to be looked at.
        guard try Subprocess("test").run("-x", "\(Project.products)/\(program)").status == 0 else { return }
        let loaded = try libraries(of: program)
        #expect(!loaded.contains { $0.hasPrefix("libFoundation") || $0.hasPrefix("lib_Foundation") }, "\(loaded)")
    }
}

@Suite("Packages")
struct PackageTests {
    /// Libraries that are headers alone, so that no module map of Package.swift names them.
    private let headersOnly: Set = ["libvalijson-dev", "nlohmann-json3-dev"]

    @Test("The manifest and the scripts name the same packages to build with")
    func buildListIsTheManifests() throws {
        let providers = Set(try Manifest().targets.flatMap(\.packages))
        let optional = try parts.map { try packageList("\($0)-build") }.reduce(into: Set()) { $0.formUnion($1) }
        let always = try packageList("build")
        #expect(always.union(optional) == providers.union(headersOnly))
        #expect(always.isDisjoint(with: optional), "a newcomer's first build asks for what an optional part alone needs")
    }

    @Test("Scripts and tests know the same optional parts")
    func partsAreTheManifests() throws {
        #expect(try Project.text("scripts/setup.sh").contains("\nall_parts='\(parts.joined(separator: " "))'\n"))
        let manifest = try Project.text("Package.swift")
        #expect(
            manifest.split(separator: "Part(name: \"").dropFirst().compactMap { $0.split(separator: "\"").first.map(String.init) } == parts)
    }

    @Test("The Dockerfile installs from the same lists, all of them that each stage needs, and names no package itself")
    func dockerfileReadsTheLists() throws {
        let stages = try Project.text("Dockerfile").split(separator: "\nFROM ")
        try #require(stages.count == 3)
        let (build, runtime) = (stages[1], stages[2])
        #expect(build.hasPrefix("swift:6") && runtime.hasPrefix("debian:bookworm-slim"))
        for list in ["toolchain", "build", "runtime"] { #expect(build.contains("/packages/\(list).txt")) }
        #expect(runtime.contains("/packages/runtime.txt"))
        for stage in [build, runtime] { #expect(stage.contains("$(for part in $WITH; do echo")) }
        for stage in [build, runtime] {
            #expect(stage.contains("xargs apt-get install -y --no-install-recommends \\\n"))
            // What stands in instructions; comments may speak of a package.
            let instructions = stage.split(separator: "\n").filter { !$0.hasPrefix("#") }.joined(separator: "\n")
            let named = try packageList("toolchain").union(packageList("build")).union(packageList("runtime"))
                .filter { instructions.contains(" \($0) ") }
            #expect(named.isEmpty, "\(named)")
        }
    }

    @Test(
        "What the distribution only recommends is asked for by name",
        arguments: ["poppler-data", "fontconfig", "fonts-droid-fallback", "fonts-liberation", "tzdata"])
    func recommendedPackagesAreNamed(package: String) throws {
        #expect(try packageList("runtime").contains(package))
    }

    @Test("Every library package of the build has its counterpart at run time")
    func runtimeFollowsBuild() throws {
        // A -dev package and the package that the programs load of it.
        let counterparts = [
            "libcurl4-openssl-dev": "libcurl4", "libgmime-3.0-dev": "libgmime-3.0-0", "libpango1.0-dev": "libpangocairo-1.0-0",
            "libisal-dev": "libisal2", "libjpeg-dev": "libjpeg62-turbo", "libwebp-dev": "libwebpdemux2", "libtiff-dev": "libtiff6",
            "libgif-dev": "libgif7", "liblcms2-dev": "liblcms2-2", "libpng-dev": "libpng16-16",
            "libpoppler-cpp-dev": "libpoppler-cpp0v5", "libpoppler-glib-dev": "libpoppler-glib8", "libqpdf-dev": "libqpdf29",
            "libre2-dev": "libre2-9", "libseccomp-dev": "libseccomp2", "libsqlite3-dev": "libsqlite3-0", "libssl-dev": "libssl3",
            "libyaml-dev": "libyaml-0-2", "libavformat-dev": "libavformat59", "libavcodec-dev": "libavcodec59",
            "libavutil-dev": "libavutil57", "libswscale-dev": "libswscale6", "libtesseract-dev": "libtesseract5",
            "libleptonica-dev": "liblept5",
        ]
        for prefix in [""] + parts.map({ "\($0)-" }) {
            let runtime = try packageList("\(prefix)runtime")
            for package in try packageList("\(prefix)build").subtracting(headersOnly) {
                let loaded = try #require(counterparts[package], "\(package) has no counterpart here")
                #expect(runtime.contains(loaded))
            }
        }
    }

    @Test("Every script is plain sh and can be run", arguments: ["qdoc", "test", "install", "coverage"])
    func scriptsArePortable(name: String) throws {
        #expect(try Project.text("scripts/\(name)").hasPrefix("#!/bin/sh\n"))
        #expect(try Subprocess("test").run("-x", Project.path("scripts/\(name)")).status == 0)
    }

    @Test("The gate is scripts/test and nothing else")
    func gateIsOneCall() throws {
        let lines = try Project.text(".ci/run").split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(lines.count == 1 && lines[0].hasPrefix("exec ") && lines[0].contains("scripts/test"))
    }
}

@Suite("Documents")
struct DocumentTests {
    @Test("Every error code is documented", .enabled(if: Project.files(under: "docs").contains("docs/errors.md")))
    func codesAreDocumented() throws {
        let text = try Project.text("docs/errors.md")
        let missing = Failure.Code.allCases.map(\.rawValue).filter { !text.contains("`\($0)`") }
        #expect(missing.isEmpty, "\(missing)")
    }

    @Test("Every target of the manifest is in docs/architecture.md")
    func targetsAreDocumented() throws {
        let text = try Project.text("docs/architecture.md")
        let missing = try Manifest().targets.filter { $0.kind == .module || $0.kind == .program }.map(\.name)
            .filter { !SwiftSource.contains(word: $0, in: text) }
        #expect(missing.isEmpty, "\(missing)")
    }

    @Test("Every library that is linked is in docs/licences.md")
    func librariesAreDocumented() throws {
        let text = try Project.text("docs/licences.md")
        let packages = try packageList("build").union(parts.flatMap { try packageList("\($0)-build") })
        let missing = packages.filter { !text.contains("`\($0)`") }
        #expect(missing.isEmpty, "\(missing)")
    }
}
