internal import Glibc
public import QdocCore
internal import QdocRuntime

/// Runs a program to its end and collects what it printed.
public struct Subprocess: Sendable {
    public struct Result: Sendable {
        /// The exit status, or 128 + the signal that ended it.
        public let status: Int32
        public let output: String
        public let errors: String
    }

    public let path: String
    /// All of the program's environment, `NAME=value`.
    public let environment: [String]

    /// - Parameter path: Absolute, or a name that is looked for in `PATH`.
    public init(_ path: String, environment: [String] = ["PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8"]) {
        self.path = path
        self.environment = environment
    }

    /// Waits for the program; standard input is empty. Call it where blocking is allowed.
    ///
    /// - Throws: `file_not_found` where it cannot be started, `work_file_failed`.
    public func run(_ arguments: String...) throws(Failure) -> Result {
        try run(arguments)
    }

    /// See `run(_:)`.
    public func run(_ arguments: [String]) throws(Failure) -> Result {
        let folder = try TemporaryFolder()
        let (output, errors) = (folder("stdout"), folder("stderr"))
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT, 0o600)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT, 0o600)

        var argv = unsafe Self.strings([path] + arguments)
        var envp = unsafe Self.strings(environment)
        defer {
            unsafe argv.forEach { unsafe free($0) }
            unsafe envp.forEach { unsafe free($0) }
        }
        var child: pid_t = 0
        guard unsafe posix_spawnp(&child, path, &actions, nil, &argv, &envp) == 0 else {
            throw Failure(.fileNotFound, "\(path) cannot be started", remedy: "build it, or install it")
        }
        var status: Int32 = 0
        while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
        let ending = status & 0x7f
        return Result(
            status: ending == 0 ? (status >> 8) & 0xff : 128 + ending,
            output: String(decoding: try Files.read(output, limit: 64 << 20), as: UTF8.self),
            errors: String(decoding: try Files.read(errors, limit: 64 << 20), as: UTF8.self))
    }

    /// Copies strings for C, ended by NULL; the caller frees each.
    private static func strings(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        var copies: [UnsafeMutablePointer<CChar>?] = unsafe []
        for text in texts { unsafe copies.append(strdup(text)) }
        unsafe copies.append(nil)
        return unsafe copies
    }
}
