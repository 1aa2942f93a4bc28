import Glibc
import QdocCore
import QdocStore
import QdocTesting
import Testing

private let schema = StoreSchema(
    applicationID: 0x1234, migrations: [Migration("first", ["CREATE TABLE t (id TEXT NOT NULL PRIMARY KEY, n INTEGER, b BLOB) STRICT"])])

/// The permissions of a file.
private func mode(_ path: String) -> mode_t {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
}

/// The code that a piece of work fails with.
private func code(_ work: () throws -> Void) -> Failure.Code? {
    do {
        try work()
        return nil
    } catch {
        return (error as? Failure)?.code
    }
}

@Suite("Database")
struct DatabaseTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("Every setting is what was asked for, read back over the same connection")
    func settings() throws {
        let database = try Database(folder("s"), schema: schema)
        let expected: [(String, SQLValue)] = [
            ("journal_mode", "persist"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1), ("trusted_schema", 0),
            ("application_id", 0x1234), ("auto_vacuum", 2),
        ]
        for (name, value) in expected {
            let row = try #require(try database.row("SELECT \(name) AS v FROM pragma_\(name)"))
            if case .integer(let number) = value {
                #expect(try row.integer("v") == number, "\(name)")
            } else {
                #expect(try row.text("v") == "persist")
            }
        }
    }

    @Test("Write-ahead mode is refused below SQLite 3.51.3 and nowhere else")
    func writeAheadGuard() {
        let safe: [(Int32, Bool)] = [
            (3_040_001, false), (3_050_007, false), (3_051_002, false), (3_051_003, true), (3_052_000, true), (4_000_000, true),
        ]
        for (version, isSafe) in safe {
            #expect(JournalMode.wal.isSafe(withSQLite: version) == isSafe, "\(version)")
            #expect(JournalMode.persist.isSafe(withSQLite: version))
        }
        let settings = StoreSettings(journalMode: .wal)
        let opened = code { _ = try Database(folder("wal"), schema: schema, settings: settings) }
        #expect(opened == .storeUnavailable || opened == nil)
    }

    @Test("A store and its folders are for their owner alone, a store that was open to others too")
    func permissions() throws {
        let path = folder("a/b/store")
        _ = try Database(path, schema: schema)
        #expect(mode(path) == 0o600 && mode(folder("a")) == 0o700 && mode(folder("a/b")) == 0o700)
        #expect(mode(path + "-journal") == 0o600)
        unsafe chmod(path, 0o644)
        _ = try Database(path, schema: schema)
        #expect(mode(path) == 0o600)
    }

    @Test("Values come back as they were bound")
    func values() throws {
        let database = try Database(folder("s"), schema: schema)
        let numbers: [Int64?] = [.min, -1, 0, 1, .max, nil]
        let texts = ["", "a\u{0}b", "é𝄞", String(repeating: "x", count: 100_000)]
        for text in texts { try database.execute("INSERT INTO t VALUES (?, 1, ?)", [.text(text), .blob(Array(text.utf8))]) }
        for text in texts {
            let row = try #require(try database.row("SELECT id, b FROM t WHERE id = ?", [.text(text)]))
            #expect(try row.text("id") == text)
            #expect(try row.blob("b") == Array(text.utf8))
        }
        for number in numbers {
            try database.execute("UPDATE t SET n = ?", [.optional(number)])
            #expect(try database.row("SELECT n FROM t")?.optionalInteger("n") == number)
        }
        #expect(try database.execute("DELETE FROM t") == texts.count)
    }

    @Test("A value of another type than the one asked for is a damaged store, a missing column a fault of ours")
    func types() throws {
        let database = try Database(folder("s"), schema: schema)
        let row = try #require(try database.row("SELECT 1 AS n, 'x' AS t, NULL AS z"))
        #expect(code { _ = try row.text("n") } == .storeDamaged)
        #expect(code { _ = try row.integer("t") } == .storeDamaged)
        #expect(code { _ = try row.integer("z") } == .storeDamaged)
        #expect(code { _ = try row.blob("t") } == .storeDamaged)
        #expect(code { _ = try row.text("absent") } == .internalError)
        #expect(code { _ = try database.rows("SELECT ?") } == .internalError)
        #expect(code { _ = try database.rows("SELEC") } == .internalError)
    }

    @Test("A transaction that throws leaves nothing, one that ends leaves all")
    func transactions() throws {
        let database = try Database(folder("s"), schema: schema)
        #expect(
            code {
                try database.transaction {
                    try database.execute("INSERT INTO t (id) VALUES ('a')")
                    throw Failure(.interrupted, "test")
                }
            } == .interrupted)
        #expect(try database.rows("SELECT id FROM t").isEmpty)
        try database.transaction { _ = try database.execute("INSERT INTO t (id) VALUES ('b')") }
        #expect(try database.rows("SELECT id FROM t").count == 1)
    }

    @Test("Another connection's transaction is waited for, and then reported")
    func busy() throws {
        let first = try Database(folder("s"), schema: schema)
        let second = try Database(folder("s"), schema: schema, busyTimeout: 1)
        try first.transaction {
            _ = try first.execute("INSERT INTO t (id) VALUES ('a')")
            #expect(code { try second.transaction {} } == .storeUnavailable)
        }
        try second.transaction { _ = try second.execute("INSERT INTO t (id) VALUES ('b')") }
        #expect(try first.rows("SELECT id FROM t").count == 2)
    }

    @Test("A connection that met an input or output error is used no more, and nothing repairs it but opening anew")
    func poison() throws {
        let database = try Database(folder("s"), schema: schema)
        try database.execute("INSERT INTO t (id) VALUES ('a')")
        #expect(
            code {
                try database.transaction {
                    try database.execute("INSERT INTO t (id) VALUES ('b')")
                    database.poison(with: Failure(.storeUnavailable, "test"))
                    _ = try database.execute("INSERT INTO t (id) VALUES ('c')")
                }
            } == .storeUnavailable)
        #expect(code { _ = try database.rows("SELECT 1") } == .storeUnavailable)
        #expect(try Database(folder("s"), schema: schema).rows("SELECT id FROM t").count == 1)
        database.close()
    }

    @Test("Deleted bytes are gone from the disk after a transaction without trace")
    func withoutTrace() throws {
        let secret = "a sentence that nobody shall find"
        let path = folder("s")
        let database = try Database(path, schema: schema)
        for number in 0..<200 { try database.execute("INSERT INTO t (id) VALUES (?)", [.text("\(secret) \(number)")]) }
        func found() throws -> Bool {
            // By another process: closing the file in this one would drop SQLite's locks.
            try [path, path + "-journal"].contains { try Subprocess("grep").run("-a", "-q", secret, $0).status == 0 }
        }
        #expect(try found())
        try database.transactionWithoutTrace { _ = try database.execute("DELETE FROM t") }
        #expect(try !found())
    }
}

@Suite("Stores that cannot be used")
struct UnusableStoreTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("A file that is no database, or another program's, is left alone")
    func foreign() throws {
        let garbage = String(repeating: "no database ", count: 1_000)
        try folder.write(garbage, to: "garbage")
        #expect(code { _ = try Database(folder("garbage"), schema: schema) } == .storeDamaged)
        _ = try Database(folder("other"), schema: StoreSchema(applicationID: 7, migrations: schema.migrations))
        #expect(code { _ = try Database(folder("other"), schema: schema) } == .storeDamaged)
        let renamed = StoreSchema(applicationID: 0x1234, migrations: [Migration("another", schema.migrations[0].statements)])
        _ = try Database(folder("renamed"), schema: renamed)
        #expect(code { _ = try Database(folder("renamed"), schema: schema) } == .storeDamaged)
    }

    @Test("A store with a page overwritten is damaged, not empty")
    func damaged() throws {
        let path = folder("s")
        do {
            let database = try Database(path, schema: schema)
            try database.transaction {
                for number in 0..<2_000 { try database.execute("INSERT INTO t (id) VALUES (?)", [.text("row \(number)")]) }
            }
            database.close()
        }
        // Everything behind the first page.
        let spoilt = try Subprocess("sh").run("-c", "yes | dd of=\(path) bs=4096 seek=1 count=20 iflag=fullblock conv=notrunc")
        #expect(spoilt.status == 0)
        #expect(
            code {
                let database = try Database(path, schema: schema)
                _ = try database.rows("SELECT id FROM t ORDER BY n")
            } == .storeDamaged)
    }

    @Test("What is no file, or lies where nothing can be made, is unavailable, and the failure names it")
    func unavailable() throws {
        try folder.write("x", to: "file")
        for path in [folder.path, folder("file") + "/store", "/proc/qdoc/store", "/dev/null"] {
            do {
                _ = try Database(path, schema: schema)
                Issue.record("\(path) was opened")
            } catch {
                #expect(error.code == .storeUnavailable && error.message.contains(path) && error.remedy != nil)
            }
        }
    }

    @Test("A full store refuses, keeps what it had, and goes on when there is room")
    func full() throws {
        let database = try Database(folder("s"), schema: schema)
        try database.execute("INSERT INTO t (id) VALUES ('kept')")
        _ = try database.rows("PRAGMA max_page_count = 20")
        let big = SQLValue.text(String(repeating: "x", count: 200_000))
        #expect(code { _ = try database.execute("INSERT INTO t (id) VALUES (?)", [big]) } == .storeFull)
        #expect(code { try database.transaction { _ = try database.execute("INSERT INTO t (id) VALUES (?)", [big]) } } == .storeFull)
        #expect(try database.rows("SELECT id FROM t").count == 1)
        _ = try database.rows("PRAGMA max_page_count = 1000000")
        try database.execute("INSERT INTO t (id) VALUES (?)", [big])
    }

    @Test("Free room is measured")
    func freeSpace() throws {
        try StoreFile.checkFreeSpace(1, for: folder.path)
        #expect(code { try StoreFile.checkFreeSpace(.max, for: folder.path) } == .storeFull)
        #expect(code { try StoreFile.checkFreeSpace(1, for: folder("absent")) } == .storeUnavailable)
    }

    @Test(
        "A disk that is full at any of 50 sizes, and one that is read-only, give typed failures and lose nothing",
        .enabled(if: geteuid() == 0))
    func realDisk() throws {
        let disk = folder("disk")
        unsafe mkdir(disk, 0o700)
        guard try Subprocess("mount").run("-t", "tmpfs", "-o", "size=2m", "tmpfs", disk).status == 0 else { return }
        defer { _ = try? Subprocess("umount").run("-l", disk) }
        var rows = 0
        let ballast = disk + "/ballast"
        do {
            let database = try Database(disk + "/s", schema: schema)
            for size in 1...50 {
                // What is free: one page of 4 KiB, two, ….
                let script =
                    "rm -f \(ballast); free=$(stat -f -c %f \(disk)); n=$((free > \(size) ? free - \(size) : 0)); dd if=/dev/zero of=\(ballast) bs=4096 count=$n"
                let free = try Subprocess("sh").run("-c", script)
                #expect(free.status == 0)
                let text = SQLValue.text("\(size) " + String(repeating: "x", count: 60_000))
                let failed = code { try database.transaction { _ = try database.execute("INSERT INTO t (id) VALUES (?)", [text]) } }
                #expect(failed == nil || failed == .storeFull)
                if failed == nil { rows += 1 }
                #expect(try database.rows("SELECT id FROM t").count == rows, "at \(size) pages")
            }
            _ = try Subprocess("rm").run("-f", ballast)
            try database.execute("INSERT INTO t (id) VALUES ('after')")
            rows += 1
            #expect(try database.row("PRAGMA integrity_check")?.text("integrity_check") == "ok")
            database.close()
        }
        #expect(rows > 1 && rows < 51, "\(rows)")
        #expect(try Subprocess("mount").run("-o", "remount,ro", disk).status == 0)
        #expect(
            code {
                let database = try Database(disk + "/s", schema: schema)
                _ = try database.execute("INSERT INTO t (id) VALUES ('never')")
            } == .storeUnavailable)
        #expect(code { _ = try Database(disk + "/new", schema: schema) } == .storeUnavailable)
    }
}
