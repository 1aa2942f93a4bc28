internal import CSystem
internal import Glibc
public import QdocCore
public import QdocRuntime
import Synchronization

/// What a worker may use for one request.
public struct DecodeLimits: Sendable, Hashable {
    /// Time until the worker is killed.
    public var wall: Duration
    /// Seconds of CPU time; the kernel ends a worker that uses more.
    public var cpuSeconds: Int
    /// Time a fork server or a worker has to come up.
    public var start: Duration

    public init(wall: Duration = .seconds(10), cpuSeconds: Int = 8, start: Duration = .seconds(10)) {
        self.wall = wall
        self.cpuSeconds = cpuSeconds
        self.start = start
    }
}

/// The host's side of the fork server: starts it, has it fork workers, starts it once more should it die, ends it.
///
/// - Confinement: every call blocks; make them on a `BlockingLane`, whose threads live as long as the process (the children are killed
///   when the thread that started them ends).
public final class DecodeServer: Sendable {
    private struct Running {
        let control: Descriptor
        let pid: pid_t
        let level: String
        let since = ContinuousClock.now
    }

    private enum State {
        case idle(starts: Int)
        /// A process comes up; the flag is of the call that waits for it.
        case starting(pid: pid_t, starts: Int, Flag)
        case running(Running, starts: Int)
        case closed
    }

    private let program: DecodeProgram
    private let path: String
    private let allowUnsandboxed: Bool
    private let limits: DecodeLimits
    private let state = Mutex(State.idle(starts: 0))
    /// Held by the one call that brings the fork server up, which may take seconds; the state stays free for whoever ends it.
    private let launching = Mutex(())

    /// How often the fork server is started at most: once, and once more after it died. A service runs for months: a death after long
    /// enough a life is not counted.
    private static let maximumStarts = 2
    private static let longLife = Duration.seconds(600)

    /// Starts nothing yet.
    ///
    /// - Parameter path: The program; nil: beside this one, then in `../libexec/qdoc`.
    /// - Throws: `decoder_missing`.
    public init(
        _ program: DecodeProgram = .decode, path: String? = nil, allowUnsandboxed: Bool, limits: DecodeLimits = DecodeLimits()
    ) throws(Failure) {
        self.program = program
        self.path = try DecodeServer.check(path.map { [$0] } ?? DecodeServer.places(of: program), program)
        self.allowUnsandboxed = allowUnsandboxed
        self.limits = limits
    }

    deinit {
        close()
    }

    /// Starts the fork server unless it runs.
    ///
    /// - Parameter cancelled: To be set, and given to `cancelStart`, by whoever does not want to wait for it.
    /// - Returns: The level of confinement, `seccomp+landlock`.
    /// - Throws: `decoder_missing`, `decoder_mismatch`, `sandbox_unavailable`, `decode_crashed`, `interrupted`.
    public func start(unless cancelled: Flag = Flag()) throws(Failure) -> String {
        try running(unless: cancelled).level
    }

    /// Kills a fork server that comes up for the call that was given the flag, which fails with `interrupted`. Blocks nobody.
    public func cancelStart(_ cancelled: Flag) {
        state.withLock { state in
            guard case .starting(let pid, let starts, let flag) = state, flag === cancelled else { return }
            // Not reaped as long as the state names it.
            kill(pid, SIGKILL)
            state = .idle(starts: starts - 1)
        }
    }

    /// The process id of the fork server that runs or comes up, for tests and diagnosis.
    package var processID: Int32? {
        state.withLock { state in
            switch state {
            case .running(let running, _): running.pid
            case .starting(let pid, _, _): pid
            case .idle, .closed: nil
            }
        }
    }

    /// Has a worker forked that reads one source.
    ///
    /// - Throws: As `start`, and `decode_crashed` where the fork server or the worker died under it.
    public func makeWorker(reading source: Descriptor, unless cancelled: Flag = Flag()) throws(Failure) -> DecodeWorker {
        let payload = try Payload()
        return try awaitWorker(try order([source, payload.descriptor], unless: cancelled), payload)
    }

    /// Asks for a worker; gives the host's end of its socket, the only one that the host keeps, so that the worker's end shows.
    private func order(_ descriptors: [Descriptor], unless cancelled: Flag) throws(Failure) -> Descriptor {
        let (socket, peer) = try Descriptor.socketPair()
        let request: [UInt8] = [0]
        if try running(unless: cancelled).control.send(request, [peer] + descriptors) { return socket }
        reapDead()
        guard try running(unless: cancelled).control.send(request, [peer] + descriptors) else { throw DecodeServer.died }
        return socket
    }

    /// Has nothing started any more, and kills a fork server that comes up. Blocks nobody; one that runs is for `close` to end.
    public func retire() {
        state.withLock { state in
            switch state {
            case .idle: break
            case .starting(let pid, _, _): kill(pid, SIGKILL)
            case .running, .closed: return
            }
            state = .closed
        }
    }

    /// Ends the fork server and its workers, and waits until they are gone. It can't be started again.
    public func close() {
        retire()
        let previous = state.withLock { state in
            defer { state = .closed }
            return state
        }
        if case .running(let running, _) = previous { DecodeServer.end(running) }
        // Whoever was bringing one up reaps it.
        launching.withLock { _ in }
    }

    private func awaitWorker(_ socket: Descriptor, _ payload: Payload) throws(Failure) -> DecodeWorker {
        let deadline = ContinuousClock.now + limits.start
        var process: (pid: Int32, pidfd: Descriptor)?
        var isReady = false
        // The worker's word and the server's about it come in any order.
        while true {
            if isReady, let process {
                return DecodeWorker(socket: socket, payload: payload, pid: process.pid, pidfd: process.pidfd, limits: limits)
            }
            switch socket.receive(until: deadline) {
            case .timedOut:
                if let process { qdoc_pidfd_kill(process.pidfd.number) }
                throw Failure(.decodeTimedOut, "the decoder does not come up")
            case .ended:
                reapDead()
                throw DecodeServer.died
            case .message(let bytes, let descriptors):
                switch try Reply.decode(bytes) {
                case .started(let pid):
                    guard let pidfd = descriptors.first else { throw .wire("a process came without its descriptor") }
                    process = (pid, pidfd)
                case .ready(let build, let level):
                    try check(build: build, level: level)
                    isReady = true
                case .failed(let failure): throw failure
                case .ended(let status): throw DecodeWorker.crash(status)
                default: throw .wire("a worker answers before it is asked")
                }
            }
        }
    }

    private func running(unless cancelled: Flag) throws(Failure) -> Running {
        try launching.withLock { _ throws(Failure) in
            switch try begin(unless: cancelled) {
            case .running(let running): return running
            case .starting(let control, let pid): return try finish(control, pid)
            }
        }
    }

    private enum Beginning {
        case running(Running)
        case starting(control: Descriptor, pid: pid_t)
    }

    /// Spawns the process, which takes a millisecond, unless it runs.
    private func begin(unless cancelled: Flag) throws(Failure) -> Beginning {
        try state.withLock { state throws(Failure) in
            switch state {
            case .running(let running, _): return .running(running)
            case .closed, .starting: throw Failure(.interrupted, "the decoder is shut down")
            case .idle(let starts):
                guard !cancelled.isSet else { throw DecodeServer.interrupted }
                guard starts < DecodeServer.maximumStarts else { throw DecodeServer.died }
                state = .idle(starts: starts + 1)
                let (control, pid) = try spawn()
                state = .starting(pid: pid, starts: starts + 1, cancelled)
                return .starting(control: control, pid: pid)
            }
        }
    }

    /// Waits for the process to come up; reaps it where it does not, or was killed meanwhile.
    private func finish(_ control: Descriptor, _ pid: pid_t) throws(Failure) -> Running {
        let level = Result { () throws(Failure) in try hello(control) }
        let outcome: Result<Running, Failure> = state.withLock { state in
            // Cancelled or closed: whatever it said meanwhile, it is dead.
            guard case .starting(_, let starts, _) = state else { return .failure(DecodeServer.interrupted) }
            let running = level.map { Running(control: control, pid: pid, level: $0) }
            switch running {
            case .success(let running): state = .running(running, starts: starts)
            case .failure: state = .idle(starts: starts)
            }
            return running
        }
        if case .failure = outcome {
            kill(pid, SIGKILL)
            qdoc_wait_child(pid)
        }
        return try outcome.get()
    }

    /// Starts the program; only the child keeps its end of the socket, so that its death shows.
    private func spawn() throws(Failure) -> (control: Descriptor, pid: pid_t) {
        let (control, peer) = try Descriptor.socketPair()
        let argument = allowUnsandboxed ? "--serve-unsandboxed" : "--serve"
        let pid = unsafe qdoc_spawn_child(path, argument, peer.number)
        guard pid > 0 else {
            throw Failure(.decoderMissing, "\(path) cannot be started: \(SystemError.last)", remedy: program.remedy)
        }
        return (control, pid)
    }

    private func hello(_ control: Descriptor) throws(Failure) -> String {
        switch control.receive(until: ContinuousClock.now + limits.start) {
        case .timedOut: throw Failure(.decodeTimedOut, "\(path) does not come up")
        case .ended:
            throw Failure(.decoderMismatch, "\(path) ended at once", remedy: "install qdoc and \(program.rawValue) from the same package")
        case .message(let bytes, _):
            let reply: Reply
            do throws(Failure) { reply = try Reply.decode(bytes) } catch { throw mismatch("another protocol") }
            guard case .ready(let build, let level) = reply else { throw mismatch("another protocol") }
            try check(build: build, level: level)
            return level
        }
    }

    private func check(build: String, level: String) throws(Failure) {
        guard build == DecoderBuild.id else { throw mismatch("build \(build)") }
        guard allowUnsandboxed || level.split(separator: "+").contains("seccomp") else {
            throw Failure(
                .sandboxUnavailable, "this system gives no sandbox: the decoder is held by \(level)",
                remedy: "run where the kernel grants seccomp, or accept the risk with --allow-unsandboxed")
        }
    }

    private func mismatch(_ what: String) -> Failure {
        Failure(
            .decoderMismatch, "\(path) speaks \(what), this program \(DecoderBuild.id)",
            remedy: "install qdoc and \(program.rawValue) from the same package")
    }

    /// Forgets a fork server that died; its workers died with it.
    private func reapDead() {
        state.withLock { state in
            guard case .running(let running, let starts) = state else { return }
            // A live one says nothing after its hello; what can be received is its end.
            guard case .ended = running.control.receive(until: ContinuousClock.now) else { return }
            qdoc_wait_child(running.pid)
            let livedLong = running.since.duration(to: .now) > DecodeServer.longLife
            state = .idle(starts: livedLong ? 0 : starts)
        }
    }

    private static func end(_ running: Running) {
        // Its end of the control socket reads the end of the host, kills and reaps its workers and leaves.
        shutdown(running.control.number, Int32(SHUT_WR))
        if case .timedOut = running.control.receive(until: ContinuousClock.now + .seconds(2)) { kill(running.pid, SIGKILL) }
        qdoc_wait_child(running.pid)
    }

    private static let interrupted = Failure(.interrupted, "the decoder was stopped while it came up")
    private static let died = Failure(.decodeCrashed, "the decoder ended unexpectedly")

    static func places(of program: DecodeProgram) -> [String] {
        let folder = Files.programFolder
        return ["\(folder)/\(program.rawValue)", "\(folder)/../libexec/qdoc/\(program.rawValue)"]
    }

    static func check(_ paths: [String], _ program: DecodeProgram) throws(Failure) -> String {
        for path in paths where unsafe access(path, X_OK) == 0 {
            var kind = CChar(0)
            if unsafe qdoc_path_kind(path, &kind) == 0, UInt8(bitPattern: kind) == UInt8(ascii: "f") { return path }
        }
        throw Failure(
            .decoderMissing, "\(program.purpose) without \(program.rawValue), which is not at \(paths.joined(separator: " nor at "))",
            remedy: program.remedy)
    }
}
