internal import Glibc

extension Files {
    /// What a path leads to.
    public enum Kind: Sendable, Hashable {
        case regular
        case folder
        /// A device, a pipe or a socket.
        case other
    }

    /// Which file a path leads to, whatever it is called: two paths lead to one file where these are equal.
    public struct Identity: Sendable, Hashable {
        var device: UInt64
        var number: UInt64
    }

    /// What a path leads to, links followed; nil where nothing is there.
    public static func kind(of path: String) -> Kind? {
        status(of: path).map { status in
            switch status.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .folder
            default: .other
            }
        }
    }

    /// Which file a path leads to, links followed; nil where nothing is there.
    public static func identity(of path: String) -> Identity? {
        status(of: path).map { Identity(device: UInt64($0.st_dev), number: UInt64($0.st_ino)) }
    }

    /// The permissions of a file, without the bits that let a program run as somebody else; nil where nothing is there.
    static func permissions(of path: String) -> mode_t? {
        status(of: path).map { $0.st_mode & 0o777 }
    }

    /// The path without links in it; nil where it leads nowhere.
    public static func resolved(_ path: String) -> String? {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    private static func status(of path: String) -> stat? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status : nil
    }
}
