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
