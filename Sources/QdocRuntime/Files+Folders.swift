internal import Glibc
public import QdocCore

extension Files {
    /// Whether a path names a folder.
    public static func isFolder(_ path: String) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return false }
        return status.st_mode & S_IFMT == S_IFDIR
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
