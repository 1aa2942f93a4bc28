internal import CSystem
internal import Glibc
public import QdocCore

/// Small files of our own: pipelines, configuration, keys. Foreign documents come in through QdocIngest.
public enum Files {
    /// Reads a whole file.
    ///
    /// - Parameter limit: Bytes; a longer file is refused with `file_too_large`.
    /// - Throws: `file_not_found`, `file_unreadable`, `file_too_large`.
    public static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        let descriptor = unsafe qdoc_open(path, O_RDONLY)
        guard descriptor >= 0 else {
            let cause = SystemError.last
            if cause.number == ENOENT { throw Failure(.fileNotFound, "\(path) does not exist", remedy: "check the path") }
            throw Failure(.fileUnreadable, "\(path) cannot be opened: \(cause)", remedy: "check its permissions")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { buffer in unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw Failure(.fileUnreadable, "\(path) cannot be read: \(SystemError.last)", remedy: "check that it is a regular file")
            }
            bytes.append(contentsOf: chunk[..<count])
            guard bytes.count <= limit else {
                throw Failure(.fileTooLarge, "\(path) is larger than \(limit) bytes", remedy: "check that it is the file you meant")
            }
        }
    }

    /// Whether a path names anything.
    public static func exists(_ path: String) -> Bool {
        unsafe access(path, F_OK) == 0
    }

    /// The names in a folder, sorted; empty where it cannot be read.
    public static func names(in folder: String) -> [String] {
        guard let directory = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The folder of the running program, from `/proc/self/exe`.
    public static var programFolder: String {
        guard let resolved = unsafe realpath("/proc/self/exe", nil) else { return "." }
        defer { unsafe free(resolved) }
        let path = unsafe String(cString: resolved)
        return path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }
}
