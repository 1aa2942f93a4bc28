internal import Glibc
public import QdocCore

extension Files {
    /// Whether a path names a folder.
    public static func isFolder(_ path: String) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return false }
        return status.st_mode & S_IFMT == S_IFDIR
    }

    /// Length of a regular file, links followed; nil of anything else.
    public static func byteCount(of path: String) -> Int? {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// What stands in a folder, by its own kind: a link is a link, wherever it leads.
    public struct Entry: Sendable, Hashable {
        public enum Kind: Sendable, Hashable {
            case file
            case folder
            /// Links, devices, sockets, FIFOs.
            case other
        }

        public var name: String
        public var kind: Kind
    }

    /// What stands in a folder, hidden things aside, by name.
    ///
    /// - Throws: `file_unreadable`.
    public static func entries(of folder: String) throws(Failure) -> [Entry] {
        guard let directory = unsafe opendir(folder) else {
            throw Failure(.fileUnreadable, "the folder \(folder) cannot be read: \(SystemError.last)")
        }
        defer { unsafe closedir(directory) }
        var entries: [Entry] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            guard !name.hasPrefix(".") else { continue }
            var status = stat()
            // What is gone by now was never seen.
            guard unsafe lstat("\(folder)/\(name)", &status) == 0 else { continue }
            let kind: Entry.Kind =
                switch status.st_mode & S_IFMT {
                case S_IFREG: .file
                case S_IFDIR: .folder
                default: .other
                }
            entries.append(Entry(name: name, kind: kind))
        }
        return entries.sorted { $0.name < $1.name }
    }

    /// The paths that a pattern with `*`, `?` and `[…]` names, by name; none where it names none.
    public static func matches(of pattern: String) -> [String] {
        var found = unsafe glob_t()
        defer { unsafe globfree(&found) }
        guard unsafe glob(pattern, 0, nil, &found) == 0 else { return [] }
        return unsafe (0..<Int(found.gl_pathc)).compactMap { index in unsafe found.gl_pathv[index].map { unsafe String(cString: $0) } }
    }

    /// Whether somebody other than its owner, or an owner who is neither this user nor root, may write a file.
    public static func isWritableByOthers(_ path: String) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return false }
        return status.st_mode & (S_IWGRP | S_IWOTH) != 0 || (status.st_uid != geteuid() && status.st_uid != 0)
    }

    /// Whether this user may make files in a folder.
    public static func isWritableFolder(_ path: String) -> Bool {
        guard isFolder(path) else { return false }
        return unsafe access(path, W_OK | X_OK) == 0
    }

    /// The folder that relative paths begin at; `/` where it is gone.
    public static var workingFolder: String {
        guard let path = unsafe getcwd(nil, 0) else { return "/" }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }

    /// Lets relative paths begin at another folder.
    ///
    /// - Throws: `file_not_found`.
    public static func changeFolder(_ path: String) throws(Failure) {
        guard unsafe chdir(path) == 0 else {
            throw Failure(.fileNotFound, "the folder \(path) cannot be entered: \(SystemError.last)", remedy: "check that it is there")
        }
    }

    /// Makes a folder and those above it.
    ///
    /// - Throws: `output_unwritable`.
    public static func makeFolder(_ path: String) throws(Failure) {
        guard !path.isEmpty, !isFolder(path) else { return }
        if let slash = path.lastIndex(of: "/") { try makeFolder(String(path[..<slash])) }
        guard unsafe mkdir(path, 0o777) == 0 || errno == EEXIST else {
            throw Failure(
                .outputUnwritable, "the folder \(path) cannot be made: \(SystemError.last)", remedy: "check the permissions above it")
        }
    }
}
