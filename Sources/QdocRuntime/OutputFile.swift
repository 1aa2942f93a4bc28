internal import CSystem
internal import Glibc
public import QdocCore
import Synchronization

/// A file that appears under its name when it is whole: written beside it, synced, then renamed.
public final class OutputFile: Sendable {
    private let path: String
    private let temporary: String
    private let replaces: Bool
    private let descriptor: Int32
    private let isOpen = Mutex(true)

    /// Begins a file.
    ///
    /// - Parameter replaces: Whether a file of that name may be replaced.
    /// - Throws: `output_exists`, `output_unwritable`.
    public init(_ path: String, replaces: Bool) throws(Failure) {
        try Self.check(path, replaces: replaces)
        self.path = path
        self.replaces = replaces
        var generator = SystemRandomNumberGenerator()
        temporary = "\(path).\(String(generator.next() as UInt32, radix: 36)).part"
        descriptor = unsafe qdoc_create(temporary)
        guard descriptor >= 0 else {
            throw Failure(
                .outputUnwritable, "\(path) cannot be written: \(SystemError.last)",
                remedy: "check that the folder is there and may be written to")
        }
        // Where the permissions cannot be kept, those of a new file stand.
        if replaces, let permissions = Files.permissions(of: path) { fchmod(descriptor, permissions) }
    }

    /// Tells early that a file could not be written in the end.
    ///
    /// - Throws: `output_exists`, or `output_unwritable` of a folder, a device or a pipe.
    public static func check(_ path: String, replaces: Bool) throws(Failure) {
        switch Files.kind(of: path) {
        case nil: return
        case .regular?: break
        case .folder?: throw Failure(.outputUnwritable, "\(path) is a folder", remedy: "name a file in it")
        case .other?:
            throw Failure(.outputUnwritable, "\(path) is a device or a pipe", remedy: "leave out -o and redirect standard output")
        }
        guard replaces else {
            throw Failure(.outputExists, "\(path) is there already", remedy: "choose another name, or replace it with --force")
        }
    }

    deinit {
        if isOpen.withLock(\.self) {
            close(descriptor)
            unsafe unlink(temporary)
        }
    }

    public func write(_ bytes: [UInt8]) throws(Failure) {
        try DescriptorOutput.write(bytes, to: descriptor, name: path)
    }

    /// Puts the file in its place. A file that is not committed vanishes.
    ///
    /// - Throws: `output_exists` where one has appeared meanwhile, `output_unwritable`.
    public func commit() throws(Failure) {
        guard fsync(descriptor) == 0 else { throw failure() }
        if replaces {
            // What has come meanwhile is no file to replace either.
            try Self.check(path, replaces: true)
            guard unsafe rename(temporary, path) == 0 else { throw failure() }
        } else if unsafe qdoc_rename_exclusive(temporary, path) != 0 {
            guard errno != EEXIST else {
                throw Failure(.outputExists, "\(path) is there already", remedy: "choose another name, or replace it with --force")
            }
            // Some network file systems cannot rename without replacing; a link never replaces.
            guard unsafe link(temporary, path) == 0 else { throw failure() }
            unsafe unlink(temporary)
        }
        isOpen.withLock { $0 = false }
        close(descriptor)
    }

    private func failure() -> Failure {
        Failure(.outputUnwritable, "\(path) cannot be written: \(SystemError.last)", remedy: "check the room and the permissions there")
    }
}

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
