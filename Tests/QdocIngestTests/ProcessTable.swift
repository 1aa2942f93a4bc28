internal import Glibc

/// What tests see of processes, and files that only the system can make.
enum ProcessTable {
    /// Kills a process and waits until it and others are gone; nil: kills the others.
    static func kill(_ pid: Int32?, andAll others: [Int32]) async {
        if let pid { Glibc.kill(pid, SIGKILL) } else { for other in others { Glibc.kill(other, SIGKILL) } }
        for other in others { while isAlive(other) { await Task.yield() } }
    }

    /// Whether a process runs; one that ended and waits to be reaped does not.
    static func isAlive(_ pid: Int32) -> Bool {
        let status = read("/proc/\(pid)/stat")
        guard let name = status.lastIndex(of: ")") else { return false }
        return status[name...].dropFirst(2).first != "Z"
    }

    static func makeFIFO(_ path: String) -> Bool {
        unsafe mkfifo(path, 0o600) == 0
    }

    static func makeExecutable(_ path: String) -> Bool {
        unsafe chmod(path, 0o700) == 0
    }

    static func resize(_ path: String, to count: Int) -> Bool {
        unsafe truncate(path, count) == 0
    }

    /// Process ids of the children of a process with one thread.
    static func children(of pid: Int32) -> [Int32] {
        let text = read("/proc/\(pid)/task/\(pid)/children")
        return text.split(separator: " ").compactMap { Int32($0) }
    }

    /// How many payload files this process holds.
    static func payloads() -> Int {
        (0..<1024).count { number in
            var buffer = [CChar](repeating: 0, count: 256)
            let count = unsafe readlink("/proc/self/fd/\(number)", &buffer, buffer.count - 1)
            guard count > 0 else { return false }
            return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self).contains("qdoc-payload")
        }
    }

    private static func read(_ path: String) -> String {
        let descriptor = unsafe open(path, O_RDONLY)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
    }
}
