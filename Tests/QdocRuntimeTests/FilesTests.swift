import QdocCore
import QdocRuntime
import QdocTesting
import Testing

@Suite("Files")
struct FilesTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("A file is read up to the limit and not beyond")
    func limit() throws {
        let path = try folder.write([1, 2, 3], to: "a")
        #expect(try Files.read(path, limit: 3) == [1, 2, 3])
        #expect { try Files.read(path, limit: 2) } throws: { ($0 as? Failure)?.code == .fileTooLarge }
    }

    @Test("What is not there and what is no file have codes of their own")
    func failures() throws {
        #expect { try Files.read(folder("none"), limit: 1) } throws: { ($0 as? Failure)?.code == .fileNotFound }
        #expect { try Files.read(folder.path, limit: 1) } throws: { ($0 as? Failure)?.code == .fileUnreadable }
        #expect(!Files.exists(folder("none")) && Files.exists(folder.path))
    }

    @Test("Names come sorted, and none of a folder that is not there")
    func names() throws {
        for name in ["b", "a", ".c"] { try folder.write("", to: name) }
        #expect(Files.names(in: folder.path) == [".c", "a", "b"])
        #expect(Files.names(in: folder("none")).isEmpty)
    }

    @Test("Folders are made with those above them, where no file is in the way")
    func folders() throws {
        try Files.makeFolder(folder("x/y/z"))
        #expect(Files.isFolder(folder("x/y/z")) && Files.isWritableFolder(folder("x")))
        try Files.makeFolder(folder("x/y/z"))
        try folder.write("", to: "file")
        #expect(!Files.isFolder(folder("file")))
        #expect { try Files.makeFolder(folder("file/z")) } throws: { ($0 as? Failure)?.code == .outputUnwritable }
    }
}
