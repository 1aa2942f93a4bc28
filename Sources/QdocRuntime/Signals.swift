internal import CSystem
internal import Glibc

/// A wish of the outside that the process should end.
public enum StopSignal: Int32, Sendable {
    case hangUp = 1
    case interrupt = 2
    case terminate = 15

    /// What a shell expects of a process that a signal ended.
    public var exitStatus: Int32 { 128 + rawValue }
}

/// Turns signals into calls.
public enum Signals {
    /// Keeps the stop signals from ending the process; to be called once, first of all.
    public static func hold() {
        let status = qdoc_hold_signals()
        precondition(status == 0, "the signal handlers cannot be set")
    }

    /// Calls the handler on a thread of its own for each stop signal that comes.
    public static func watch(_ handler: @escaping @Sendable (StopSignal) -> Void) {
        Thread.start(name: "qdoc-signals") {
            while let signal = StopSignal(rawValue: qdoc_next_signal()) { handler(signal) }
        }
    }
}

/// Ends the process.
public enum ProcessExit {
    /// Ends it in order: buffers of the C library are written.
    public static func end(_ status: Int32) -> Never { exit(status) }
    /// Ends it at once.
    public static func now(_ status: Int32) -> Never { _exit(status) }
}
