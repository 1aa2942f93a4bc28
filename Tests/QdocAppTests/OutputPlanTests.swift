import QdocCore
import QdocRuntime
import QdocTesting
import Testing

@testable import QdocApp

@Suite struct OutputPlanTests {
    private func plan(_ files: [String], _ output: String? = nil, _ format: String? = nil, force: Bool = false) throws(Failure)
        -> OutputPlan
    {
        try OutputPlan(files: files, output: output, format: format, replaces: force)
    }

    @Test("The suffix picks the format; standard output gets text unless told otherwise")
    func formats() throws {
        let folder = try TemporaryFolder()
        #expect(try plan(["a.pdf"]).format == .text)
        #expect(try plan(["a.pdf"], "-", "json").targets == [.standardOutput])
        #expect(try plan(["a.pdf"], folder("r.json")).format == .json)
        #expect(try plan(["a.pdf"], folder("r.txt")).format == .text)
        #expect(try plan(["a.pdf"], folder("r.out"), "json").format == .json)
        for format in ReportFormat.allCases { #expect(try plan(["a.pdf"], folder("r.\(format.suffix)")).format == format) }
        #expect(throws: Failure.self) { try plan(["a.pdf"], folder("r.docx")) }
        // One web page behind the other is none.
        #expect(throws: Failure.self) { try plan(["a.pdf", "b.pdf"], nil, "html") }
        #expect(try plan(["a.pdf", "b.pdf"], nil, "md").format == .markdown)
    }

    @Test("A folder gets one report for each file, and no two of one name")
    func folders() throws {
        let folder = try TemporaryFolder()
        #expect(
            try plan(["x/a.pdf", "y/a.pdf", "b.tar.gz", ".hidden"], folder.path + "/").targets == [
                .file(folder("a.json")), .file(folder("a-2.json")), .file(folder("b.tar.json")), .file(folder(".hidden.json")),
            ])
        #expect(try plan(["a.pdf"], folder("new") + "/").folder == folder("new"))
        #expect(try plan(["a.pdf", "b.pdf"], folder("new"), "text").targets == [.file(folder("new/a.txt")), .file(folder("new/b.txt"))])
    }

    @Test("Nothing is replaced silently")
    func existing() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("old", to: "a.json")
        #expect(throws: Failure.self) { try plan(["a.pdf"], path) }
        #expect(throws: Failure.self) { try plan(["a.pdf"], folder.path) }
        #expect(try plan(["a.pdf"], path, force: true).targets == [.file(path)])
    }

    @Test("Several reports never go into one file")
    func several() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("old", to: "plain")
        for output in [folder("r.json"), folder("r.txt"), path] {
            let failure = #expect(throws: Failure.self) { try plan(["a.pdf", "b.pdf"], output, force: true) }
            #expect(failure?.code == .invalidArguments)
        }
        #expect(try plan(["a.pdf", "b.pdf"], folder("r.json/")).folder == folder("r.json"))
    }

    @Test("No document that is read is replaced, whatever it is called, nor a device or a pipe")
    func inputs() throws {
        let folder = try TemporaryFolder()
        let input = try folder.write("%PDF", to: "a.json")
        #expect(try Subprocess("/bin/ln").run(input, folder("b.json")).status == 0)
        for output in [input, folder("b.json"), folder("./a.json")] {
            let failure = #expect(throws: Failure.self) { try plan([input], output, force: true) }
            #expect(failure?.code == .invalidArguments)
        }
        #expect(try Subprocess("/usr/bin/mkfifo").run(folder("pipe")).status == 0)
        for (path, isForced) in [("/dev/null", true), ("/dev/null", false), (folder("pipe"), true)] {
            let failure = #expect(throws: Failure.self) { try plan(["a.pdf"], path, "json", force: isForced) }
            #expect(failure?.code == .outputUnwritable)
        }
        #expect(Files.kind(of: folder("pipe")) == .other)
    }

    @Test("A file that is replaced keeps its permissions")
    func permissions() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("old", to: "a.json")
        #expect(try Subprocess("/bin/chmod").run("640", path).status == 0)
        let file = try OutputFile(path, replaces: true)
        try file.write(Array("new".utf8))
        try file.commit()
        #expect(try Subprocess("/usr/bin/stat").run("-c", "%a", path).output == "640\n")
    }

    @Test("A file appears whole or not at all, and a file that came meanwhile stays")
    func atomic() throws {
        let folder = try TemporaryFolder()
        do {
            let file = try OutputFile(folder("a"), replaces: false)
            try file.write([1, 2, 3])
            #expect(!Files.exists(folder("a")))
        }
        #expect(Files.names(in: folder.path) == [])
        do {
            let file = try OutputFile(folder("a"), replaces: false)
            try file.write(Array("new".utf8))
            _ = try folder.write("theirs", to: "a")
            #expect(throws: Failure.self) { try file.commit() }
        }
        #expect(try Files.read(folder("a"), limit: 100) == Array("theirs".utf8))
        let other = try OutputFile(folder("a"), replaces: true)
        try other.write(Array("new".utf8))
        try other.commit()
        #expect(try Files.read(folder("a"), limit: 100) == Array("new".utf8))
        #expect(Files.names(in: folder.path) == ["a"])
    }

    @Test("The default model is replaced in the configuration and nothing else")
    func use() {
        #expect(UseCommand.text("", model: "local") == "model: local\n")
        #expect(
            UseCommand.text("# mine\njobs: 2\nmodel: openai/a\nwindow: 4\n", model: "openai/b")
                == "# mine\njobs: 2\nmodel: openai/b\nwindow: 4\n")
        #expect(UseCommand.text("jobs: 2", model: "local") == "model: local\njobs: 2\n")
    }

    @Test("The worst of several runs decides the exit status")
    func status() {
        #expect(ExitStatus.complete.joined(.partial) == .partial)
        #expect(ExitStatus.failed.joined(.partial) == .failed)
        #expect(ExitStatus(.missingKey) == .usage)
        #expect(ExitStatus(.fileNotFound) == .failed)
    }
}
