internal import Glibc
public import QdocCore
internal import QdocRuntime

/// A folder that is removed, with everything in it, when the last reference goes.
public final class TemporaryFolder: Sendable {
    public let path: String

    /// Makes the folder under `TMPDIR`, or `/tmp`.
    ///
    /// - Throws: `output_unwritable`.
    public init() throws(Failure) {
        let base = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/qdoc-test-XXXXXX".utf8CString)
        let made = unsafe template.withUnsafeMutableBufferPointer { buffer in
            unsafe buffer.baseAddress.flatMap { unsafe mkdtemp($0) }.map { unsafe String(cString: $0) }
        }
        guard let made else { throw Failure(.outputUnwritable, "no folder can be made in \(base)", remedy: "set TMPDIR") }
        path = made
    }

    /// The path of a name inside.
    public func callAsFunction(_ name: String) -> String {
        "\(path)/\(name)"
    }

    /// Writes a file and returns its path.
    ///
    /// - Throws: `output_unwritable`.
    @discardableResult
    public func write(_ bytes: [UInt8], to name: String) throws(Failure) -> String {
        let file = self(name)
        let descriptor = unsafe creat(file, 0o600)
        guard descriptor >= 0 else { throw Failure(.outputUnwritable, "\(file) cannot be made") }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes[written...].withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
            }
            guard count > 0 else { throw Failure(.outputUnwritable, "\(file) cannot be written") }
            written += count
        }
        return file
    }

    /// Writes a text file and returns its path.
    ///
    /// - Throws: `output_unwritable`.
    @discardableResult
    public func write(_ text: String, to name: String) throws(Failure) -> String {
        try write(Array(text.utf8), to: name)
    }

    deinit {
        Self.remove(path)
    }

    /// Depth first, links not followed; what cannot be removed stays for the system's own cleaning.
    private static func remove(_ path: String) {
        if Project.isFolder(path) {
            for name in Files.names(in: path) { remove("\(path)/\(name)") }
        }
        unsafe Glibc.remove(path)
    }
}
