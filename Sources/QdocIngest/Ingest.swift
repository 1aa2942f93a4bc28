public import QdocCore
import QdocCrypto
import QdocDecoding
public import QdocRuntime
import Synchronization

/// How sources are read.
public struct IngestOptions: Sendable, Hashable {
    /// Pages decoded at the same time, each by a process of its own.
    public var lanes: Int
    /// Whether to read foreign bytes even where the system gives no sandbox.
    public var allowUnsandboxed: Bool
    /// The decoder; nil: beside the program.
    public var decoderPath: String?

    public init(lanes: Int = Machine.processorCount, allowUnsandboxed: Bool = false, decoderPath: String? = nil) {
        self.lanes = max(1, lanes)
        self.allowUnsandboxed = allowUnsandboxed
        self.decoderPath = decoderPath
    }
}

/// Turns files into documents whose pages can be asked for; foreign bytes are parsed in sandboxed children alone.
public final class Ingest: Sendable {
    /// Bytes of a source at most: 2 GiB.
    package static let maximumBytes = 2 << 30
    /// Read and digested in one piece.
    private static let chunkBytes = 1 << 18

    let server: DecodeServer
    let lane: BlockingLane
    let pool: WorkerPool
    let workFile: WorkFile
    private let nextOwner = Atomic<UInt64>(1)

    /// Starts nothing yet: the decoder comes up with the first source.
    ///
    /// - Throws: `decoder_missing`.
    public convenience init(options: IngestOptions, workFile: WorkFile) throws(Failure) {
        try self.init(options: options, workFile: workFile, limits: DecodeLimits())
    }

    init(options: IngestOptions, workFile: WorkFile, limits: DecodeLimits) throws(Failure) {
        server = try DecodeServer(path: options.decoderPath, allowUnsandboxed: options.allowUnsandboxed, limits: limits)
        // One thread more than lanes, so that a file is copied while all workers are busy.
        lane = BlockingLane("decode", width: options.lanes + 1)
        pool = WorkerPool(lanes: options.lanes)
        self.workFile = workFile
    }

    /// Opens a source.
    ///
    /// - Parameters:
    ///   - ordinal: From 1 in the run.
    ///   - passwords: Tried in order where the source is encrypted.
    /// - Throws: `file_not_found`, `file_unreadable`, `file_empty`, `file_too_large`, `unsupported_media`, `password_required`,
    ///   `password_wrong`, `damaged_file`, `too_many_pages`; a `decode…` or `decoder…` code; `work_file_failed`; `interrupted` when the task
    ///   is cancelled.
    public func open(path: String, ordinal: Int, passwords: [Secret]) async throws(Failure) -> Document {
        // The decoder comes up while the source is copied.
        async let level = startServer()
        let snapshot = await copy(path)
        let started = await level
        let taken = try snapshot.get()
        _ = try started.get()
        let opening = SourceOpening(snapshot: taken, passwords: passwords, owner: nextOwner.add(1, ordering: .relaxed).oldValue)
        let reading = SourceReading(ingest: self, opening: opening, path: path)
        let pageCount: Int
        do throws(Failure) {
            pageCount = try await reading.pageCount()
        } catch {
            reading.close()
            throw error
        }
        let source = Source(
            ordinal: ordinal, path: path, sha256: taken.sha256, mediaType: taken.mediaType, byteCount: taken.byteCount, pageCount: pageCount
        )
        return Document(source: source, reading: reading, workFile: workFile)
    }

    /// Ends every child and waits until they are gone.
    public func close() async {
        pool.retire(nil)
        // Else the lane might be waiting for a decoder that does not come up.
        server.retire()
        do {
            try await lane.run { [server] in server.close() }
        } catch {
            // A cancelled task gets no lane; its children end all the same, which takes a few milliseconds.
            server.close()
        }
    }

    /// What holds the children, `seccomp+landlock`; starts the decoder where it does not run yet.
    public var confinement: String {
        get async {
            switch await startServer() {
            case .success(let level): level
            case .failure(let failure): "unavailable: \(failure.message)"
            }
        }
    }

    /// The process id of the fork server while it runs.
    var decoderProcessID: Int32? { server.processID }

    private func startServer() async -> Result<String, Failure> {
        let cancelled = Flag()
        return await withTaskCancellationHandler {
            await onLane { [server] () throws(Failure) in try server.start(unless: cancelled) }
        } onCancel: {
            cancelled.set()
            server.cancelStart(cancelled)
        }
    }

    /// Runs a blocking call on the lane; a cancelled task gets `interrupted`.
    func onLane<Value: Sendable>(_ work: @escaping @Sendable () throws(Failure) -> Value) async -> Result<Value, Failure> {
        do {
            return try await lane.run {
                do throws(Failure) { return .success(try work()) } catch { return .failure(error) }
            }
        } catch {
            return .failure(Failure(.interrupted, "reading was interrupted"))
        }
    }

    private func copy(_ path: String) async -> Result<Snapshot, Failure> {
        let cancelled = Flag()
        return await withTaskCancellationHandler {
            await onLane { () throws(Failure) in try Ingest.copy(path, unless: cancelled) }
        } onCancel: {
            cancelled.set()
        }
    }

    private static func copy(_ path: String, unless cancelled: Flag) throws(Failure) -> Snapshot {
        let file = try SourceFile(path: path, limit: maximumBytes)
        let snapshot = try SourceSnapshot()
        var digest = SHA256()
        var byteCount = 0
        var mediaType: MediaType?
        while true {
            let chunk = try file.read(offset: byteCount, count: chunkBytes)
            guard !chunk.isEmpty else { break }
            if mediaType == nil { mediaType = try MediaSniffer.mediaType(of: Array(chunk.prefix(MediaSniffer.window)), path: path) }
            byteCount += chunk.count
            guard byteCount <= maximumBytes else { throw SourceFile.tooLarge(path, maximumBytes) }
            guard !cancelled.isSet else { throw Failure(.interrupted, "reading was interrupted") }
            digest.update(chunk)
            try snapshot.append(chunk)
        }
        guard let mediaType else { throw Failure(.fileEmpty, "\(path) is empty") }
        return Snapshot(
            descriptor: try snapshot.readOnly(), mediaType: mediaType, byteCount: byteCount, sha256: digest.hexDigest())
    }
}

/// A source as it was when it was opened, whatever becomes of the file.
struct Snapshot: Sendable {
    /// For reading only.
    let descriptor: Descriptor
    let mediaType: MediaType
    let byteCount: Int
    let sha256: String
}

/// How a worker is to open its source.
struct SourceOpening: Sendable {
    let snapshot: Snapshot
    var passwords: [Secret]
    let owner: WorkerPool.Owner
}
