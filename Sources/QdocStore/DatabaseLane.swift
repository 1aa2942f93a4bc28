import QdocCore
import QdocRuntime

/// A database on a thread of its own, for callers that must not block.
///
/// - Confinement: The connection is made, used and closed by the one thread of the lane, one piece of work after another.
public final class DatabaseLane: @unchecked Sendable {
    // Sendable: `database` is written by `init` before anybody else has the object, and touched only inside the lane after that.
    private let lane = BlockingLane("qdoc-store", width: 1)
    private var database: Database?
    private let path: String

    /// Opens a store on the lane; see `Database`.
    public init(_ path: String, schema: StoreSchema) async throws {
        self.path = path
        try await lane.run { [self] in database = try Database(path, schema: schema) }
    }

    /// Runs work with the connection and gives its result; a task that is cancelled before its turn throws `CancellationError` instead.
    public func run<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await lane.run { [self] in try work(opened()) }
    }

    /// Runs work whether or not its task is cancelled: for what must be written down whatever happens.
    public func runToEnd<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await lane.runToEnd { [self] in try work(opened()) }
    }

    private func opened() throws(Failure) -> Database {
        guard let database else { throw StoreFailure.unavailable(path, "it was not opened") }
        return database
    }
}
