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
    public var recognition: Recognition

    public init(
        lanes: Int = Machine.processorCount, allowUnsandboxed: Bool = false, decoderPath: String? = nil,
        recognition: Recognition = Recognition()
    ) {
        self.lanes = max(1, lanes)
        self.allowUnsandboxed = allowUnsandboxed
        self.decoderPath = decoderPath
        self.recognition = recognition
    }
}

/// Turns files into documents whose pages can be asked for; foreign bytes are parsed in sandboxed children alone.
public final class Ingest: Sendable {
    /// Bytes of a source at most: 2 GiB.
    package static let maximumBytes = 2 << 30
    /// Read and digested in one piece.
    private static let chunkBytes = 1 << 18

    private let decoder: DecodeServer
    /// The children that few sources need, made when the first of them comes.
    private let others = Mutex([DecodeProgram: DecodeServer]())
    private let limits: DecodeLimits
    let options: IngestOptions
    /// Standard input as it was read, which can be done but once.
    private let standardInput = Mutex<Snapshot?>(nil)
    let lane: BlockingLane
    let pool: WorkerPool
    let workFile: WorkFile
    let measurements = Measurements()
    private let nextOwner = Atomic<UInt64>(1)

    /// Starts nothing yet: the decoder comes up with the first source.
    ///
    /// - Throws: `decoder_missing`.
    public convenience init(options: IngestOptions, workFile: WorkFile) throws(Failure) {
        try self.init(options: options, workFile: workFile, limits: DecodeLimits())
    }

    init(options: IngestOptions, workFile: WorkFile, limits: DecodeLimits) throws(Failure) {
        decoder = try DecodeServer(path: options.decoderPath, allowUnsandboxed: options.allowUnsandboxed, limits: limits)
        self.limits = limits
        self.options = options
        // One thread more than lanes, so that a file is copied while all workers are busy.
        lane = BlockingLane("decode", width: options.lanes + 1)
        pool = WorkerPool(lanes: options.lanes)
        self.workFile = workFile
    }

    /// Opens a source.
    ///
    /// - Parameters:
    ///   - path: A file, or `-` for standard input, which is read whole the first time and remembered.
    ///   - ordinal: From 1 in the run.
    ///   - passwords: Tried in order where the source is encrypted.
    ///   - frames: Which frames of a video are its pages.
    /// - Throws: `file_not_found`, `file_unreadable`, `file_empty`, `file_too_large`, `unsupported_media`, `password_required`,
    ///   `password_wrong`, `damaged_file`, `too_many_pages`; a `decode…` or `decoder…` code; `work_file_failed`; `interrupted` when the task
    ///   is cancelled.
    public func open(
        path: String, ordinal: Int, passwords: [Secret], frames: FrameSelection = FrameSelection()
    ) async throws(Failure) -> Document {
        // The decoder comes up while the source is copied.
        async let level = startServer()
        let snapshot = await copy(path)
        let started = await level
        let taken = try snapshot.get()
        _ = try started.get()
        let readable = try await readable(taken, path: path)
        let opening = SourceOpening(
            descriptor: readable.descriptor, program: taken.mediaType.program,
            request: OpenRequest(mediaType: readable.mediaType, passwords: passwords, frames: frames), owner: newOwner())
        // What is made of a text or an office document, and which frames of a video are meant, is not in their bytes.
        let isWhole = [.document, .picture].contains(taken.mediaType.family)
        let reading = SourceReading(ingest: self, opening: opening, path: path, digest: isWhole ? taken.sha256 : nil)
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
        return Document(source: source, reading: reading, ingest: self)
    }

    func newOwner() -> WorkerPool.Owner { nextOwner.add(1, ordering: .relaxed).oldValue }

    /// The fork server of a program.
    ///
    /// - Throws: `decoder_missing`, with what brings the program.
    func server(_ program: DecodeProgram) throws(Failure) -> DecodeServer {
        guard program != .decode else { return decoder }
        return try others.withLock { others throws(Failure) in
            if let server = others[program] { return server }
            let server = try DecodeServer(
                program, allowUnsandboxed: options.allowUnsandboxed, limits: program == .ocr ? Recognition.limits : limits)
            others[program] = server
            return server
        }
    }

    private var servers: [DecodeServer] { [decoder] + others.withLock { Array($0.values) } }

    /// Kills whatever child comes up for a call that was given the flag.
    func cancelStart(_ cancelled: Flag) {
        for server in servers { server.cancelStart(cancelled) }
    }

    /// Ends every child and waits until they are gone.
    public func close() async {
        pool.retire(nil)
        // Else the lane might be waiting for a decoder that does not come up.
        let servers = servers
        for server in servers { server.retire() }
        do {
            try await lane.run { for server in servers { server.close() } }
        } catch {
            // A cancelled task gets no lane; its children end all the same, which takes a few milliseconds.
            for server in servers { server.close() }
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
    var decoderProcessID: Int32? { decoder.processID }

    private func startServer() async -> Result<String, Failure> {
        let cancelled = Flag()
        return await withTaskCancellationHandler {
            await onLane { [decoder] () throws(Failure) in try decoder.start(unless: cancelled) }
        } onCancel: {
            cancelled.set()
            decoder.cancelStart(cancelled)
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
            await onLane { [self] () throws(Failure) in
                guard path == "-" else { return try Ingest.copy(try SourceFile(path: path, limit: Ingest.maximumBytes), path, cancelled) }
                return try standardInput.withLock { known throws(Failure) in
                    if let known { return known }
                    let read = try Ingest.copy(SourceFile.standardInput(), "standard input", cancelled)
                    known = read
                    return read
                }
            }
        } onCancel: {
            cancelled.set()
        }
    }

    private static func copy(_ file: SourceFile, _ path: String, _ cancelled: Flag) throws(Failure) -> Snapshot {
        let snapshot = try SourceSnapshot()
        var digest = SHA256()
        var byteCount = 0
        var mediaType: MediaType?
        var head: [UInt8] = []
        var tail: [UInt8] = []
        while true {
            let chunk = try file.read(offset: byteCount, count: chunkBytes)
            guard !chunk.isEmpty else { break }
            if byteCount == 0 { head = chunk }
            if SniffedBytes.needsTail(head) {
                tail = Array((tail + chunk).suffix(SniffedBytes.tailBytes))
            } else if mediaType == nil {
                // What is not read is not copied either.
                mediaType = try MediaSniffer.mediaType(of: SniffedBytes(head: head, isWhole: head.count < chunkBytes), path: path)
            }
            byteCount += chunk.count
            guard byteCount <= maximumBytes else { throw SourceFile.tooLarge(path, maximumBytes) }
            guard !cancelled.isSet else { throw Failure(.interrupted, "reading was interrupted") }
            digest.update(chunk)
            try snapshot.append(chunk)
        }
        // Only a ZIP archive is not known by now, and of nothing nothing is.
        guard byteCount > 0 else { throw Failure(.fileEmpty, "\(path) is empty") }
        let kind: MediaType
        if let mediaType {
            kind = mediaType
        } else {
            kind = try MediaSniffer.mediaType(of: SniffedBytes(head: head, tail: tail, isWhole: false), path: path)
        }
        return Snapshot(
            descriptor: try snapshot.readOnly(), mediaType: kind, byteCount: byteCount, sha256: digest.hexDigest())
    }
}
