internal import CSystem
internal import Glibc
import Synchronization

/// Named threads of their own for calls that block, so that the cooperative pool never does.
///
/// - Confinement: Work runs on one of the lane's threads, first come first served. The threads live as long as the process, which is what
///   a child process needs that is to die with its parent (PDEATHSIG follows the thread that spawned it).
public final class BlockingLane: Sendable {
    private struct State {
        var jobs: [@Sendable () -> Void] = []
        var threads = 0
        var idle = 0
    }

    private let name: String
    private let width: Int
    private let state = Mutex(State())
    private let signal: Condition

    /// - Parameter width: Threads at most; they are started when there is work for them.
    public init(_ name: String, width: Int) {
        precondition(width > 0, "a lane needs a thread")
        self.name = name
        self.width = width
        signal = Condition()
    }

    /// Runs a blocking call on the lane and gives its result.
    ///
    /// A call that has begun is not interrupted by cancellation: give it a deadline of its own. One that still waits for a thread when its
    /// task is cancelled throws `CancellationError` instead of running.
    public func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try Task.checkCancellation()
        let cancelled = Flag()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
                submit {
                    guard !cancelled.isSet else {
                        continuation.resume(throwing: CancellationError())
                        return
                    }
                    continuation.resume(with: Result(catching: work))
                }
            }
        } onCancel: {
            cancelled.set()
        }
    }

    /// Runs a blocking call on the lane even where its task is cancelled: for what must be done whatever happens.
    public func runToEnd<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
            submit { continuation.resume(with: Result(catching: work)) }
        }
    }

    private func submit(_ job: @escaping @Sendable () -> Void) {
        let startsThread = state.withLock { state in
            state.jobs.append(job)
            guard state.idle < state.jobs.count, state.threads < width else { return false }
            state.threads += 1
            return true
        }
        if startsThread { Thread.start(name: name) { [self] in serve() } }
        signal.post()
    }

    private func serve() {
        while true {
            state.withLock { $0.idle += 1 }
            signal.wait()
            let job = state.withLock { state in
                state.idle -= 1
                return state.jobs.isEmpty ? nil : state.jobs.removeFirst()
            }
            job?()
        }
    }
}

/// A flag that is set once.
public final class Flag: Sendable {
    private let value = Atomic(false)

    public init() {}

    public var isSet: Bool { value.load(ordering: .acquiring) }

    /// Sets the flag; tells whether this call was the one that did.
    @discardableResult
    public func set() -> Bool {
        !value.exchange(true, ordering: .acquiringAndReleasing)
    }
}

/// A counting semaphore for threads of our own; never waited for on the cooperative pool.
@safe final class Condition: @unchecked Sendable {
    // Sendable: POSIX semaphores are made to be shared; the pointer is set once and freed with the object.
    private let semaphore: UnsafeMutablePointer<sem_t>

    init() {
        unsafe semaphore = .allocate(capacity: 1)
        unsafe sem_init(semaphore, 0, 0)
    }

    deinit {
        unsafe sem_destroy(semaphore)
        unsafe semaphore.deallocate()
    }

    func post() {
        unsafe sem_post(semaphore)
    }

    func wait() {
        while unsafe sem_wait(semaphore) != 0 {}
    }
}

/// A detached thread of our own.
public enum Thread {
    private final class Body {
        let run: @Sendable () -> Void
        let name: String

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    /// Starts a thread that runs `body` and ends with it.
    ///
    /// - Parameter name: At most 15 bytes are shown by the kernel.
    public static func start(name: String, _ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let context = unsafe Unmanaged.passRetained(Body(name: name, run: body)).toOpaque()
        let status = unsafe pthread_create(
            &thread, nil,
            { context in
                guard let context = unsafe context else { return nil }
                let body = unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue()
                unsafe qdoc_name_thread(body.name)
                body.run()
                return nil
            }, context)
        precondition(status == 0, "the system gives no more threads")
        pthread_detach(thread)
    }
}
