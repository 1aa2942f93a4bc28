internal import CSystem
internal import Glibc

/// The text of an error number.
public struct SystemError: Error, Sendable, Hashable, CustomStringConvertible {
    public let number: Int32

    public init(_ number: Int32) {
        self.number = number
    }

    /// Of the system call that failed just now on this thread.
    public static var last: SystemError { SystemError(errno) }

    public var description: String {
        unsafe String(cString: strerror(number))
    }
}

/// The environment as it was when the process started.
public struct Environment: Sendable {
    private let variables: [String: String]

    public init(_ variables: [String: String]) {
        self.variables = variables
    }

    /// The process's own.
    public static let current: Environment = {
        var variables: [String: String] = [:]
        var index: Int32 = 0
        while let text = unsafe qdoc_environment_entry(index) {
            let parts = unsafe String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            index += 1
        }
        return Environment(variables)
    }()

    /// The folder of files that vanish with the process: `TMPDIR`, or `/tmp`.
    public var workFolder: String { self["TMPDIR"] ?? "/tmp" }

    /// A variable that is set to something, else nil.
    public subscript(_ name: String) -> String? {
        variables[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// Time of day.
public enum WallClock {
    /// Microseconds since 1970-01-01 UTC.
    public static func now() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }

    /// Writes a time as RFC 3339 in UTC with milliseconds, `2026-11-20T09:30:00.123Z`.
    public static func rfc3339(_ microseconds: Int64) -> String {
        var seconds = time_t(microseconds / 1_000_000)
        var parts = unsafe tm()
        unsafe gmtime_r(&seconds, &parts)
        func pad(_ value: some BinaryInteger, _ width: Int = 2) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let date = unsafe "\(pad(Int(parts.tm_year) + 1900, 4))-\(pad(parts.tm_mon + 1))-\(pad(parts.tm_mday))"
        let clock = unsafe "\(pad(parts.tm_hour)):\(pad(parts.tm_min)):\(pad(parts.tm_sec)).\(pad(microseconds / 1_000 % 1_000, 3))"
        return "\(date)T\(clock)Z"
    }
}
