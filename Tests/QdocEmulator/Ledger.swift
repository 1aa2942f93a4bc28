internal import Glibc
public import QdocCore
internal import QdocRuntime
import Synchronization

/// The provider's own book: a line of JSON for whatever happened to a request, on disk before the first byte of a paid answer leaves.
public final class Ledger: Sendable {
    /// What happened.
    public enum Event: String, Sendable {
        case received, refused, billed
        /// The answer of a billed request went out to its end.
        case finished
        /// The client went, or a fault ended the answer.
        case dropped
    }

    /// A line.
    public struct Entry: Sendable, Hashable {
        /// Microseconds since 1970-01-01 UTC.
        public var time: Int64
        /// Of the request, from 1.
        public var number: Int
        public var connection: Int
        public var path: String
        public var model: String
        /// Of the body, lower-case hexadecimal.
        public var bodySHA256: String
        /// Numbers that the texts give to the images.
        public var images: [Int]
        /// Of the texts and images alone, whatever the other fields are.
        public var promptDigest: String
        public var event: Event
        public var inputTokens: Int
        public var outputTokens: Int
        /// `thinking` or `plain` once billed, a refusal's status, a fault's name.
        public var state: String

        /// As it stands in the file.
        public var json: JSONValue {
            [
                "time": .number(JSONNumber(Int(time))), "number": .int(number), "connection": .int(connection), "path": .string(path),
                "model": .string(model), "bodySHA256": .string(bodySHA256), "images": .array(images.map { .int($0) }),
                "promptDigest": .string(promptDigest), "event": .string(event.rawValue), "inputTokens": .int(inputTokens),
                "outputTokens": .int(outputTokens), "state": .string(state),
            ]
        }
    }

    private let descriptor: Int32?
    private let kept = Mutex<[Entry]>([])

    /// - Parameter path: Of a file that is appended to; nil keeps the lines in memory alone.
    init(_ path: String?) throws {
        descriptor = path.map { unsafe open($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600) }
        if let descriptor, descriptor < 0 { throw SystemError.last }
    }

    deinit {
        if let descriptor { close(descriptor) }
    }

    /// Lines that are kept in memory; the file has all of them.
    private static let limit = 200_000

    /// The lines so far, the oldest of very many aside.
    public var entries: [Entry] { kept.withLock { $0 } }

    /// Appends a line; that a request was received is made durable by the line that follows it.
    func append(_ entry: Entry) {
        // One write each: lines of several threads do not mix.
        let line = Array((JSONWriter.text(entry.json) + "\n").utf8)
        kept.withLock { kept in
            if kept.count >= Self.limit { kept.removeFirst(Self.limit / 2) }
            kept.append(entry)
        }
        guard let descriptor else { return }
        let written = unsafe line.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        precondition(written == line.count, "the ledger cannot be written")
        if entry.event != .received {
            let status = fdatasync(descriptor)
            precondition(status == 0, "the ledger cannot be made durable")
        }
    }
}
