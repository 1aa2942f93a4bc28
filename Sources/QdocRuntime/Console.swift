internal import CSystem
internal import Glibc
public import QdocCore

/// The standard streams of the process.
public enum Console: Sendable {
    case output
    case error

    var descriptor: Int32 {
        switch self {
        case .output: STDOUT_FILENO
        case .error: STDERR_FILENO
        }
    }

    var name: String { self == .output ? "standard output" : "standard error" }

    /// Whether a person is looking.
    public var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Columns of the terminal; nil where there is none.
    public var columns: Int? {
        let columns = Int(qdoc_terminal_columns(descriptor))
        return columns > 0 ? columns : nil
    }

    private static let abandoned = (output: Flag(), error: Flag())
    fileprivate static let lost = Flag()

    /// Whether standard output was a pipe whose reader went away, as `head` does when it has seen enough.
    public static var hasLostReader: Bool { lost.isSet }

    /// Whether nobody reads a stream that is still open.
    var isAbandoned: Bool { (self == .output ? Self.abandoned.output : Self.abandoned.error).isSet }

    /// Gives the stream up for good: from now on writing to it fails at once.
    func abandon() {
        (self == .output ? Self.abandoned.output : Self.abandoned.error).set()
    }

    var abandonment: Failure { Failure(.outputUnwritable, "nobody reads \(name)") }

    /// Writes all bytes.
    ///
    /// - Throws: `output_unwritable`.
    public func write(_ bytes: [UInt8]) throws(Failure) {
        guard !isAbandoned else { throw abandonment }
        try DescriptorOutput.write(bytes, to: descriptor, name: name)
    }

    public func write(_ text: String) throws(Failure) {
        try write(Array(text.utf8))
    }

    /// Asks for a line at the terminal that controls the process, without echo.
    ///
    /// - Parameter isCancelled: Asked ten times a second; the echo is back when this returns.
    /// - Returns: The line without its end; nil where there is no terminal, at its end of file, or when cancelled.
    public static func readSecret(prompt: String, isCancelled: () -> Bool) -> Secret? {
        let terminal = qdoc_open_terminal()
        guard terminal >= 0 else { return nil }
        defer { close(terminal) }
        guard qdoc_set_echo(terminal, 0) == 0 else { return nil }
        defer { qdoc_set_echo(terminal, 1) }
        // A prompt that cannot be written leaves a question nobody saw; the answer is waited for all the same.
        try? DescriptorOutput.write(Array(prompt.utf8), to: terminal, name: "the terminal")
        // The line end that was typed is not echoed either.
        defer { try? DescriptorOutput.write([0x0A], to: terminal, name: "the terminal") }
        var line: [UInt8] = []
        while !isCancelled() {
            let ready = qdoc_wait_for_input(terminal, 100)
            if ready == 0 { continue }
            var byte: UInt8 = 0
            guard ready > 0, unsafe read(terminal, &byte, 1) == 1 else { return nil }
            if byte == 0x0A || byte == 0x0D { return Secret(String(decoding: line, as: UTF8.self)) }
            // No password of a PDF is longer than 127 bytes, no key than a few hundred.
            guard line.count < 4096 else { return nil }
            line.append(byte)
        }
        return nil
    }
}

enum DescriptorOutput {
    static func write(_ bytes: [UInt8], to descriptor: Int32, name: String) throws(Failure) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                if descriptor == STDOUT_FILENO, errno == EPIPE { Console.lost.set() }
                throw Failure(
                    .outputUnwritable, "\(name) cannot be written: \(SystemError.last)", remedy: "check the room and the permissions there")
            }
            written += count
        }
    }
}
