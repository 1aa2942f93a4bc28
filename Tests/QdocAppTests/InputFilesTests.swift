import QdocCore
import QdocRuntime
import QdocTesting
import Testing

@testable import QdocApp

@Suite struct InputFilesTests {
    private static func write(_ text: String, to path: String) throws {
        let file = try OutputFile(path, replaces: false)
        try file.write(Array(text.utf8))
        try file.commit()
    }

    /// `b.pdf`, `a.pdf`, `.hidden`, `sub/c.png`, `sub/deep/d.png`.
    private static func tree() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try Files.makeFolder("\(folder.path)/sub/deep")
        for (name, text) in [("b.pdf", "b"), ("a.pdf", "a"), (".hidden", "h"), ("sub/c.png", "cc"), ("sub/deep/d.png", "ddd")] {
            try write(text, to: "\(folder.path)/\(name)")
        }
        return folder
    }

    @Test("A folder gives its files by name, those inside of its folders on demand, nothing hidden")
    func folders() throws {
        let folder = try Self.tree()
        let flat = try InputFiles([folder.path], recursive: false)
        #expect(flat.paths == ["a.pdf", "b.pdf"].map { "\(folder.path)/\($0)" })
        #expect(flat.found == Set(flat.paths))
        let deep = try InputFiles([folder.path + "/"], recursive: true)
        #expect(deep.paths == ["a.pdf", "b.pdf", "sub/c.png", "sub/deep/d.png"].map { "\(folder.path)/\($0)" })
    }

    @Test("A folder without files is an error that names the remedy")
    func empty() throws {
        let folder = try TemporaryFolder()
        try Files.makeFolder("\(folder.path)/sub")
        #expect { try InputFiles([folder.path], recursive: false) } throws: { failure in
            (failure as? Failure)?.code == .fileNotFound && (failure as? Failure)?.remedy?.contains("--recursive") == true
        }
    }

    @Test("A pattern that no shell expanded gives what it names; a file of that very name is itself")
    func patterns() throws {
        let folder = try Self.tree()
        #expect(try InputFiles(["\(folder.path)/*.pdf"], recursive: false).paths == ["a.pdf", "b.pdf"].map { "\(folder.path)/\($0)" })
        try Self.write("x", to: "\(folder.path)/[1].pdf")
        #expect(try InputFiles(["\(folder.path)/[1].pdf"], recursive: false).paths == ["\(folder.path)/[1].pdf"])
        // What names nothing stays, so that its own error says so.
        #expect(try InputFiles(["\(folder.path)/*.gif"], recursive: false).paths == ["\(folder.path)/*.gif"])
    }

    @Test("Files with the same bytes are read once; files of the same length alone are not the same")
    func duplicates() throws {
        let folder = try Self.tree()
        try Self.write("a", to: "\(folder.path)/z.pdf")
        let files = try InputFiles(["\(folder.path)/z.pdf", folder.path], recursive: false)
        #expect(files.paths == ["z.pdf", "b.pdf"].map { "\(folder.path)/\($0)" })
        #expect(files.duplicates.map(\.path) == ["\(folder.path)/a.pdf"])
        #expect(files.duplicates.map(\.original) == ["\(folder.path)/z.pdf"])
    }

    @Test("Standard input is named once")
    func standardInput() throws {
        #expect(try InputFiles(["-"], recursive: false).paths == ["-"])
        #expect { try InputFiles(["-", "-"], recursive: false) } throws: { ($0 as? Failure)?.code == .invalidArguments }
    }

    private static func parsed(_ arguments: [String]) throws -> ParsedArguments {
        try ArgumentParser.parse(["analyze", "x"] + arguments, root: CommandTable.root)
    }

    @Test("Frames are chosen in one way, with times as people write them")
    func frames() throws {
        #expect(try ReadingChoice.frames(Self.parsed([])) == FrameSelection())
        let every = try ReadingChoice.frames(Self.parsed(["--every", "1:30", "--from", "10", "--to", "1:00:00", "--frames", "5"]))
        #expect(every == FrameSelection(choice: .every(90), from: 10, to: 3_600, limit: 5))
        #expect(try ReadingChoice.frames(Self.parsed(["--at", "1,2.5"])).choice == .at([1, 2.5]))
        #expect(try ReadingChoice.frames(Self.parsed(["--key-frames"])).choice == .keyFrames)
        for wrong in [
            ["--fps", "2", "--key-frames"], ["--fps", "0"], ["--every", "0"], ["--at", "1,,2"], ["--from", "9", "--to", "3"],
        ] {
            #expect { try ReadingChoice.frames(Self.parsed(wrong)) } throws: { ($0 as? Failure)?.code == .invalidArguments }
        }
    }
}
