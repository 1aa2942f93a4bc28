internal import CSystem
internal import Glibc
public import QdocCore
public import QdocRuntime
import Synchronization

/// Has texts, mail and office documents converted to PDF by `qdoc-convert`: one process for each, in a confinement that suits it.
///
/// - Confinement: `convert` blocks; make it on a `BlockingLane`, whose threads live as long as the process (the child is killed when the
///   thread that started it ends).
public final class DocumentConverter: Sendable {
    private let path: String
    private let allowUnsandboxed: Bool
    /// The children at work, each with the flag of its call; none of them is reaped as long as it stands here.
    private let running = Mutex<[(flag: Flag, pid: pid_t)]>([])

    /// Time the child has to come up, and what its own 90 seconds are given beside them.
    private static let start = Duration.seconds(10)
    private static let patience = Duration.seconds(100)

    /// Starts nothing yet.
    ///
    /// - Parameter path: The program; nil: `qdoc-convert` beside this one, then in `../libexec/qdoc`.
    /// - Throws: `decoder_missing`.
    public init(path: String? = nil, allowUnsandboxed: Bool) throws(Failure) {
        self.path = try DecodeServer.check(path.map { [$0] } ?? DecodeServer.places(of: .convert), .convert)
        self.allowUnsandboxed = allowUnsandboxed
    }

    /// Converts one document.
    ///
    /// - Parameters:
    ///   - source: The document, for reading.
    ///   - cancelled: To be set, and given to `cancel`, by whoever does not want to wait for it.
    /// - Returns: The PDF, for reading only; nobody can change it any more.
    /// - Throws: `decoder_missing` (LibreOffice too), `decoder_mismatch`, `decoder_protocol`, `sandbox_unavailable`, `damaged_file`,
    ///   `file_too_large`, `decode_timed_out`, `decode_limit`, `decode_crashed`, `work_file_failed`, `interrupted`.
    public func convert(
        _ source: Descriptor, mediaType: MediaType, unless cancelled: Flag = Flag()
    ) throws(Failure) -> (descriptor: Descriptor, byteCount: Int) {
        let output = try SourceSnapshot()
        let (control, pid) = try spawn(unless: cancelled)
        // The child goes last: while it is not reaped its number is nobody else's.
        defer {
            running.withLock { $0.removeAll { $0.pid == pid } }
            kill(pid, SIGKILL)
            qdoc_wait_child(pid)
        }
        try hello(control, cancelled)
        guard control.send(Array(mediaType.rawValue.utf8), [source, output.descriptor]) else { throw ended(cancelled) }
        switch try reply(control, within: DocumentConverter.patience, cancelled) {
        case .failed(let failure): throw cancelled.isSet ? DocumentConverter.interrupted : failure
        case .ended(status: 0): break
        default: throw .wire("a conversion ends with another word")
        }
        let pdf = try output.readOnly()
        var kind = CChar(0)
        var size: off_t = 0
        guard unsafe qdoc_file_kind(pdf.number, &kind, &size) == 0, size > 0 else { throw .wire("a conversion left nothing") }
        return (pdf, Int(size))
    }

    /// Kills the conversion of the call that was given the flag, with all its processes; the call fails with `interrupted`. Blocks nobody.
    public func cancel(_ cancelled: Flag) {
        running.withLock { running in
            for child in running where child.flag === cancelled { kill(child.pid, SIGKILL) }
        }
    }

    /// Conversions at work, for tests.
    var runningCount: Int { running.withLock { $0.count } }

    private func spawn(unless cancelled: Flag) throws(Failure) -> (Descriptor, pid_t) {
        let (control, peer) = try Descriptor.socketPair()
        let argument = allowUnsandboxed ? "--serve-unsandboxed" : "--serve"
        return try running.withLock { running throws(Failure) in
            guard !cancelled.isSet else { throw DocumentConverter.interrupted }
            let pid = unsafe qdoc_spawn_child(path, argument, peer.number)
            guard pid > 0 else {
                throw Failure(.decoderMissing, "\(path) cannot be started: \(SystemError.last)", remedy: "install qdoc-convert beside qdoc")
            }
            running.append((cancelled, pid))
            return (control, pid)
        }
    }

    private func hello(_ control: Descriptor, _ cancelled: Flag) throws(Failure) {
        guard case .ready(let build, _) = try reply(control, within: DocumentConverter.start, cancelled), build == DecoderBuild.id else {
            throw Failure(
                .decoderMismatch, "\(path) speaks another protocol than this program, \(DecoderBuild.id)",
                remedy: "install qdoc and qdoc-convert from the same package")
        }
    }

    private func reply(_ control: Descriptor, within limit: Duration, _ cancelled: Flag) throws(Failure) -> Reply {
        switch control.receive(until: ContinuousClock.now + limit) {
        case .message(let bytes, _): return try Reply.decode(bytes)
        case .ended: throw ended(cancelled)
        case .timedOut: throw Failure(.decodeTimedOut, "\(path) does not answer")
        }
    }

    private func ended(_ cancelled: Flag) -> Failure {
        cancelled.isSet ? DocumentConverter.interrupted : Failure(.decodeCrashed, "\(path) ended unexpectedly")
    }

    private static let interrupted = Failure(.interrupted, "converting was interrupted")
}
