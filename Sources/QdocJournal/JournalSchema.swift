package import QdocStore

/// The tables, in the steps that made them.
package enum JournalSchema {
    /// `qdoc` in ASCII.
    private static let applicationID: Int32 = 0x7164_6F63

    package static let current = StoreSchema(applicationID: applicationID, migrations: [runsCallsAndMoney])

    // Ids are texts of our own, times integers of microseconds, money integers of billionths, rows known by their keys alone: nothing here
    // needs SQLite. A row that is under way carries its owner, since when that holds it (`lease`) and how often it changed hands (`epoch`);
    // every write checks all three.
    private static let runsCallsAndMoney = Migration(
        "runs, calls and money",
        [
            "CREATE TABLE setting (name TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID",
            """
            CREATE TABLE run (
                id TEXT NOT NULL PRIMARY KEY,
                state TEXT NOT NULL CHECK (state IN ('running', 'waiting', 'complete', 'partial', 'failed', 'cancelled')),
                pipeline TEXT NOT NULL,
                model TEXT NOT NULL,
                arguments TEXT,
                folder TEXT,
                keeps_text INTEGER NOT NULL,
                cancel_requested INTEGER NOT NULL DEFAULT 0,
                failure_code TEXT,
                failure_message TEXT,
                failure_remedy TEXT,
                created_at INTEGER NOT NULL,
                ended_at INTEGER,
                owner TEXT,
                lease INTEGER,
                epoch INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID
            """,
            "CREATE INDEX run_by_owner ON run (owner) WHERE state = 'running'",
            // The bill outlives the run, so that nothing here refers to it.
            """
            CREATE TABLE call (
                id TEXT NOT NULL PRIMARY KEY,
                run TEXT NOT NULL,
                number INTEGER NOT NULL,
                attempt INTEGER NOT NULL,
                state TEXT NOT NULL
                    CHECK (state IN ('planned', 'intent', 'sent', 'streaming', 'settling', 'settled', 'refused', 'unknown')),
                identity TEXT,
                request_sha256 TEXT,
                pipeline TEXT NOT NULL,
                endpoint TEXT NOT NULL,
                model TEXT NOT NULL,
                key_id TEXT,
                images TEXT,
                keeps_text INTEGER NOT NULL,
                day INTEGER NOT NULL,
                currency TEXT,
                reserved INTEGER CHECK (reserved >= 0),
                cost INTEGER CHECK (cost >= 0),
                is_estimated INTEGER NOT NULL DEFAULT 0,
                usage TEXT,
                input_tokens INTEGER,
                output_tokens INTEGER,
                reasoning_tokens INTEGER,
                image_tokens INTEGER,
                cached_tokens INTEGER,
                request_id TEXT,
                model_answered TEXT,
                credits TEXT,
                status INTEGER,
                failure_code TEXT,
                failure_message TEXT,
                failure_remedy TEXT,
                answered_by TEXT,
                body_bytes INTEGER,
                planned_at INTEGER NOT NULL,
                intent_at INTEGER,
                sent_at INTEGER,
                streaming_at INTEGER,
                settling_at INTEGER,
                ended_at INTEGER,
                owner TEXT,
                lease INTEGER,
                epoch INTEGER NOT NULL,
                UNIQUE (run, number, attempt)
            ) STRICT, WITHOUT ROWID
            """,
            "CREATE INDEX call_by_identity ON call (identity) WHERE identity IS NOT NULL",
            "CREATE INDEX call_by_day ON call (day, currency, key_id)",
            "CREATE INDEX call_by_owner ON call (owner) WHERE state IN ('planned', 'intent', 'sent', 'streaming', 'settling')",
            """
            CREATE TABLE answer (
                call TEXT NOT NULL PRIMARY KEY REFERENCES call (id),
                reasoning TEXT NOT NULL,
                text TEXT NOT NULL,
                finish TEXT,
                is_complete INTEGER NOT NULL
            ) STRICT
            """,
            """
            CREATE TABLE event (
                run TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
                seq INTEGER NOT NULL,
                time INTEGER NOT NULL,
                kind TEXT NOT NULL,
                json TEXT NOT NULL,
                PRIMARY KEY (run, seq)
            ) STRICT, WITHOUT ROWID
            """,
            """
            CREATE TABLE credit (
                endpoint TEXT NOT NULL,
                key_id TEXT NOT NULL,
                remaining TEXT NOT NULL,
                time INTEGER NOT NULL,
                PRIMARY KEY (endpoint, key_id)
            ) STRICT, WITHOUT ROWID
            """,
            // How many calls of dead processes were found in each state.
            "CREATE TABLE recovery (state TEXT NOT NULL PRIMARY KEY, count INTEGER NOT NULL) STRICT, WITHOUT ROWID",
        ])
}
