import QdocCore
import QdocCrypto
import QdocDecoding
import QdocRuntime

/// The files that are meant by what was written on the command line: files, folders, patterns, `-`.
struct InputFiles: Hashable, Sendable {
    /// In the order they were named; those of a folder by name.
    private(set) var paths: [String] = []
    /// Those that nobody named: they were found in a folder, where other things may stand too.
    private(set) var found: Set<String> = []
    /// Files that hold the same bytes as one before them, which is read for both.
    private(set) var duplicates: [(path: String, original: String)] = []

    /// Files and folders of one call at most, and folders inside of each other: beyond it the wrong folder was named.
    private static let mostFiles = 100_000
    private static let mostDepth = 64

    /// - Throws: `file_unreadable` of a folder, `file_not_found` of one without files, `invalid_arguments`.
    init(_ arguments: [String], recursive: Bool) throws(Failure) {
        for argument in arguments {
            if argument != "-", Files.isFolder(argument) {
                let count = paths.count
                try add(folder: argument, recursive: recursive, depth: 1)
                guard paths.count > count else {
                    throw Failure(
                        .fileNotFound, "there is no file in the folder \(argument)",
                        remedy: recursive ? "name another folder" : "name another folder, or read those inside of it with --recursive")
                }
            } else {
                add(file: argument)
            }
        }
        guard paths.count(where: { $0 == "-" }) <= 1 else {
            throw Failure(.invalidArguments, "standard input can be read but once", remedy: "give - once")
        }
        try dropDuplicates()
    }

    private mutating func add(file argument: String) {
        // A shell that finds nothing, or is given the pattern in quotes, passes it on as it is.
        let isPattern = argument.contains { "*?[".contains($0) } && !Files.exists(argument)
        let matches = isPattern ? Files.matches(of: argument) : []
        paths += matches.isEmpty ? [argument] : matches.filter { !Files.isFolder($0) }
    }

    private mutating func add(folder: String, recursive: Bool, depth: Int) throws(Failure) {
        let prefix = folder.hasSuffix("/") ? folder : folder + "/"
        for entry in try Files.entries(of: folder) {
            let path = prefix + entry.name
            switch entry.kind {
            case .file:
                paths.append(path)
                found.insert(path)
                guard paths.count <= Self.mostFiles else {
                    throw Failure(
                        .invalidArguments, "\(folder) and what was named before it hold more than \(Self.mostFiles) files",
                        remedy: "name fewer")
                }
            case .folder where recursive:
                guard depth < Self.mostDepth else {
                    throw Failure(.invalidArguments, "\(path) lies more than \(Self.mostDepth) folders deep", remedy: "name it by itself")
                }
                try add(folder: path, recursive: true, depth: depth + 1)
            // A link may lead out of what was named.
            case .folder, .other: break
            }
        }
    }

    /// Leaves out files with the bytes of an earlier one. Only files of the same length are read for that.
    private mutating func dropDuplicates() throws(Failure) {
        guard paths.count > 1 else { return }
        var lengths: [Int: Int] = [:]
        let lengthOf = paths.map { $0 == "-" ? nil : Files.byteCount(of: $0) }
        for case let length? in lengthOf { lengths[length, default: 0] += 1 }
        var first: [String: String] = [:]
        var kept: [String] = []
        for (path, length) in zip(paths, lengthOf) {
            guard let length, lengths[length, default: 0] > 1, let digest = Self.digest(of: path) else {
                kept.append(path)
                continue
            }
            if let original = first[digest] {
                // Named twice, or by itself and by its folder.
                if path != original { duplicates.append((path, original)) }
            } else {
                first[digest] = path
                kept.append(path)
            }
        }
        paths = kept
    }

    /// Nil of a file that cannot be read, whose own run says why.
    private static func digest(of path: String) -> String? {
        guard let file = try? SourceFile(path: path, limit: 2 << 30) else { return nil }
        var digest = SHA256()
        var offset = 0
        while let chunk = try? file.read(offset: offset, count: 1 << 18), !chunk.isEmpty {
            digest.update(chunk)
            offset += chunk.count
        }
        return offset == file.byteCount ? digest.hexDigest() : nil
    }

    static func == (left: InputFiles, right: InputFiles) -> Bool { left.paths == right.paths && left.found == right.found }

    func hash(into hasher: inout Hasher) { hasher.combine(paths) }
}
