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

    /// Writes bytes at the end.
    ///
    /// - Throws: `output_unwritable`.
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
