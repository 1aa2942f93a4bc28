internal import Glibc
internal import QdocCore
internal import QdocRuntime

/// The project's own folders, as tests see them.
public enum Project {
    /// The package root, found from this file's place in it.
    public static let root: String = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()

    /// The folder of documents shared with other projects: `QDOC_SHARED`, else `../shared` beside the package; nil where neither is there.
    public static let shared: String? = [Environment.current["QDOC_SHARED"], root + "/../shared"]
        .compactMap { $0 }.first { Files.exists($0 + "/data/MANIFEST.jsonl") }

    /// A document of `shared/data`, nil where the folder is absent.
    public static func sharedData(_ path: String) -> String? {
        shared.map { "\($0)/data/\(path)" }
    }

    /// The path of a file of the project.
    public static func path(_ relative: String) -> String {
        "\(root)/\(relative)"
    }

    /// The folder that holds this test program and, beside it, the programs it depends on.
    public static var products: String { Files.programFolder }

    /// The text of a file of the project.
    ///
    /// - Throws: `file_not_found`, `file_unreadable`, `file_too_large` (above 16 MiB).
    public static func text(_ relative: String) throws -> String {
        String(decoding: try Files.read(path(relative), limit: 16 << 20), as: UTF8.self)
    }

    /// The files under a folder of the project, as paths relative to the root, sorted; hidden ones are left out.
    public static func files(under folder: String, suffix: String = "") -> [String] {
        Files.names(in: path(folder)).filter { !$0.hasPrefix(".") }.flatMap { name in
            let relative = "\(folder)/\(name)"
            return isFolder(path(relative)) ? files(under: relative, suffix: suffix) : relative.hasSuffix(suffix) ? [relative] : []
        }
    }

    /// Whether a path names a folder; a symbolic link is none.
    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
