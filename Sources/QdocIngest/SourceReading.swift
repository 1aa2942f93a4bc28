import QdocCore
import QdocDecoding
import QdocRuntime
import Synchronization

/// Asks workers for the pages of one source, and decides what becomes of those that crash.
final class SourceReading: Sendable {
    private struct State {
        var opening: SourceOpening
        var crashes = 0
        var timeouts = 0
        var isClosed = false
        var geometries: [Int: GeometryOutcome] = [:]
    }

    /// After so many timeouts or crashes the rest of the source is not tried.
    private static let maximumTimeouts = 2
    private static let maximumCrashes = 5

    private let ingest: Ingest
    private let path: String
    private let program: DecodeProgram
    private let owner: WorkerPool.Owner
    /// Of the bytes that alone decide what the pages are; nil where something else does too.
    private let digest: String?
    private let state: Mutex<State>

    init(ingest: Ingest, opening: SourceOpening, path: String, digest: String? = nil) {
        self.ingest = ingest
        self.path = path
        self.digest = digest
        owner = opening.owner
        program = opening.program
        let known = digest.map { ingest.measurements.pages(of: $0) } ?? [:]
        state = Mutex(State(opening: opening, geometries: known.mapValues { .success($0) }))
    }

    /// Opens the source in a first worker, which stays.
    func pageCount() async throws(Failure) -> Int {
        try await attempt { (_, opened) throws(Failure) in opened }
    }

    func page(_ request: PageRequest) async throws(Failure) -> DecodeWorker.Page {
        try await attempt(page: request.pageNumber) { (worker, _) throws(Failure) in try worker.page(request) }
    }

    /// Measures a page; its neighbours are measured in the same trip and remembered.
    func geometry(of pageNumber: Int, pageCount: Int) async throws(Failure) -> PageGeometry {
        if let known = state.withLock({ $0.geometries[pageNumber] }) { return try located(known, pageNumber) }
        let first = (pageNumber - 1) / WireLimits.geometries * WireLimits.geometries + 1
        let count = min(WireLimits.geometries, pageCount - first + 1)
        do throws(Failure) {
            return try await measure(pageNumber, first: first, count: count)
        } catch {
            guard error.code == .decodeCrashed || error.code == .decodeTimedOut else { throw error }
            // A neighbour may be to blame.
            return try await measure(pageNumber, first: pageNumber, count: 1)
        }
    }

    private func measure(_ pageNumber: Int, first: Int, count: Int) async throws(Failure) -> PageGeometry {
        let outcomes = try await attempt(page: pageNumber) { (worker, _) throws(Failure) in
            try worker.geometries(first: first, count: count)
        }
        state.withLock { state in
            for (index, outcome) in outcomes.enumerated() { state.geometries[first + index] = outcome }
        }
        if let digest { ingest.measurements.add(outcomes, first: first, of: digest) }
        return try located(outcomes[pageNumber - first], pageNumber)
    }

    private func located(_ outcome: GeometryOutcome, _ pageNumber: Int) throws(Failure) -> PageGeometry {
        try outcome.mapError { located($0, pageNumber) }.get()
    }

    /// Says on what a request failed.
    private func located(_ failure: Failure, _ pageNumber: Int?) -> Failure {
        // What is read by recognition is a page already, and named as one.
        let place = program == .ocr ? path : pageNumber.map { "\(path), page \($0)" } ?? path
        return Failure(failure.code, "\(place): \(failure.message)", remedy: failure.remedy)
    }

    func close() {
        state.withLock { $0.isClosed = true }
        ingest.pool.retire(owner)
    }

    /// Makes one request, once more in a fresh worker where the first crashed.
    ///
    /// - Parameter request: Gets the worker, and the page count where the worker was opened for it, else 0.
    private func attempt<Value: Sendable>(
        page pageNumber: Int? = nil, _ request: @escaping @Sendable (DecodeWorker, Int) throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        do throws(Failure) {
            return try await once(pageNumber, fresh: false, request)
        } catch {
            guard error.code == .decodeCrashed else { throw error }
            return try await once(pageNumber, fresh: true, request)
        }
    }

    private func once<Value: Sendable>(
        _ pageNumber: Int?, fresh: Bool, _ request: @escaping @Sendable (DecodeWorker, Int) throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        try checkTrust()
        let seat: WorkerPool.Seat?
        switch await ingest.pool.acquire(for: owner, fresh: fresh) {
        case .seat(let granted): seat = granted
        case .vacant: seat = nil
        case .cancelled: throw Failure(.interrupted, "reading was interrupted")
        }
        do throws(Failure) {
            // Others may have failed while this one waited.
            try checkTrust()
        } catch {
            ingest.pool.release(seat)
            throw error
        }
        let opening = state.withLock { $0.opening }
        let using = WorkerInUse(seat)
        let result = await withTaskCancellationHandler {
            await ingest.onLane { [ingest] () throws(Failure) in
                var opened = 0
                if using.seat == nil {
                    let worker = try ingest.server(opening.program).makeWorker(reading: opening.descriptor, unless: using.cancelled)
                    guard using.begin(WorkerPool.Seat(worker: worker, owner: opening.owner)) else {
                        throw Failure(.interrupted, "reading was interrupted")
                    }
                    let answer = try worker.open(opening.request)
                    opened = answer.pageCount
                    using.measure(worker.privateBytes)
                    self.remember(answer, opening)
                }
                guard let worker = using.seat?.worker else { throw Failure(.internalError, "a lane has no worker") }
                return try request(worker, opened)
            }
        } onCancel: {
            using.cancel()
            ingest.cancelStart(using.cancelled)
        }
        // What speaks against the source is known before whoever waits for the lane has it.
        let outcome = result.mapError { recorded($0, pageNumber) }
        let isClosed = state.withLock { $0.isClosed }
        ingest.pool.release(isClosed ? nil : kept(using.seat, after: result))
        return try outcome.get()
    }

    /// The worker to keep for the next page; nil where it is not worth it.
    private func kept<Value>(_ seat: WorkerPool.Seat?, after result: Result<Value, Failure>) -> WorkerPool.Seat? {
        guard var seat else { return nil }
        if case .failure(let failure) = result, seat.pagesServed == 0, failure.code != .pageDamaged { return nil }
        seat.pagesServed += 1
        return SourceReading.isWorn(growth: seat.worker.privateBytes - seat.baseline, pagesServed: seat.pagesServed) ? nil : seat
    }

    /// Whether a worker that has grown by so many bytes since it opened its source is replaced by a fresh one, which costs 3 ms.
    ///
    /// What a library keeps from page to page would make memory grow with the page count, and one huge page would stay for all the others.
    static func isWorn(growth: Int, pagesServed: Int) -> Bool {
        growth > 96 << 20 || growth > 32 << 20 && pagesServed >= 16
    }

    /// Later workers are given the one password that fits.
    private func remember(_ answer: DecodeWorker.Opened, _ opening: SourceOpening) {
        guard opening.request.passwords.count > 1, let index = answer.password else { return }
        state.withLock { $0.opening.request.passwords = [opening.request.passwords[index]] }
    }

    private func checkTrust() throws(Failure) {
        let (crashes, timeouts, isClosed) = state.withLock { ($0.crashes, $0.timeouts, $0.isClosed) }
        guard !isClosed else { throw Failure(.interrupted, "\(path) was closed") }
        if timeouts >= SourceReading.maximumTimeouts {
            throw Failure(.decodeTimedOut, "\(path) is not read further: decoding took too long \(timeouts) times")
        }
        if crashes >= SourceReading.maximumCrashes {
            throw Failure(.decodeCrashed, "\(path) is not read further: decoding crashed \(crashes) times")
        }
    }

    /// Counts what speaks against the source.
    private func recorded(_ failure: Failure, _ pageNumber: Int?) -> Failure {
        state.withLock { state in
            switch failure.code {
            case .decodeCrashed, .decoderProtocol: state.crashes += 1
            case .decodeTimedOut: state.timeouts += 1
            default: break
            }
        }
        return located(failure, pageNumber)
    }
}

/// The worker of a request that is under way, for whoever cancels it.
private final class WorkerInUse: Sendable {
    /// Set when the request is cancelled.
    let cancelled = Flag()
    private let state: Mutex<WorkerPool.Seat?>

    init(_ seat: WorkerPool.Seat?) {
        state = Mutex(seat)
    }

    var seat: WorkerPool.Seat? { state.withLock(\.self) }

    /// Takes a worker in; false where the request was cancelled meanwhile.
    func begin(_ seat: WorkerPool.Seat) -> Bool {
        state.withLock { state in
            guard !cancelled.isSet else { return false }
            state = seat
            return true
        }
    }

    /// Remembers what the worker uses with its source just opened.
    func measure(_ bytes: Int) {
        state.withLock { $0?.baseline = bytes }
    }

    func cancel() {
        let seat = state.withLock { seat in
            cancelled.set()
            return seat
        }
        seat?.worker.kill()
    }
}
