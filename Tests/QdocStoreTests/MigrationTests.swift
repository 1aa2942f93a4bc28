import QdocCore
import QdocStore
import QdocTesting
import Testing

/// Five shapes of a store, each with a row of its own time.
private let steps = (1...5).map { step in
    Migration(
        "step \(step)",
        [
            step == 1
                ? "CREATE TABLE t (id TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID" : "ALTER TABLE t ADD COLUMN c\(step) INTEGER",
            "INSERT INTO t (id) VALUES ('step \(step)')",
        ])
}

private func schema(_ count: Int) -> StoreSchema { StoreSchema(applicationID: 9, migrations: Array(steps.prefix(count))) }

@Suite("Migrations")
struct MigrationTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("A store of every older shape becomes the newest", arguments: 1...5)
    func upgrade(from old: Int) throws {
        _ = try Database(folder("s"), schema: schema(old))
        let database = try Database(folder("s"), schema: schema(5))
        #expect(try database.rows("SELECT id FROM t").count == 5)
        #expect(try database.rows("SELECT number FROM migration ORDER BY number").map { try $0.integer("number") } == [1, 2, 3, 4, 5])
        #expect(try database.rows("SELECT c5 FROM t").count == 5)
    }

    @Test("One that breaks off leaves the store in the shape before, whole", arguments: 1...5, [0, 1, 2])
    func brokenOff(step: Int, statement: Int) throws {
        var broken = schema(5)
        broken.migrations[step - 1].statements.insert("SELECT no_such_column", at: statement)
        #expect(throws: Failure.self) { _ = try Database(folder("s"), schema: broken) }
        if step > 1 {
            let old = try Database(folder("s"), schema: schema(step - 1))
            #expect(try old.rows("SELECT id FROM t").count == step - 1)
        }
        let database = try Database(folder("s"), schema: schema(5))
        #expect(try database.rows("SELECT id FROM t").count == 5)
    }

    @Test("A store of a newer qdoc is refused and left alone")
    func newer() throws {
        _ = try Database(folder("s"), schema: schema(5))
        for old in 1...4 {
            do {
                _ = try Database(folder("s"), schema: schema(old))
                Issue.record("opened")
            } catch {
                #expect(error.code == .storeUnavailable && error.message.contains("newer"))
            }
        }
        #expect(try Database(folder("s"), schema: schema(5)).rows("SELECT id FROM t").count == 5)
    }

    @Test("Several connections that open a new store at once make it once")
    func together() async throws {
        let path = folder("s")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let lane = try await DatabaseLane(path, schema: schema(5))
                    let count = try await lane.run { try $0.rows("SELECT id FROM t").count }
                    #expect(count == 5)
                }
            }
            try await group.waitForAll()
        }
    }
}

@Suite("File lock")
struct FileLockTests {
    @Test("says whether its maker lives, whatever ended it")
    func lifetime() throws {
        let folder = try TemporaryFolder()
        let path = folder("a.lock")
        do {
            let lock = try #require(try FileLock.make(path))
            withExtendedLifetime(lock) {
                guard case .held = FileLock.attempt(path) else {
                    Issue.record("a living maker's lock was taken")
                    return
                }
                #expect(FileLock.names(in: folder.path, ending: ".lock") == ["a"])
            }
        }
        guard case .taken(let lock) = FileLock.attempt(path) else {
            Issue.record("a dead maker's lock was not taken")
            return
        }
        lock.remove()
        guard case .absent = FileLock.attempt(path) else {
            Issue.record("the file is still there")
            return
        }
    }
}
