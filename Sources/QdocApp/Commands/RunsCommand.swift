import QdocCore
import QdocJournal
import QdocReport
import QdocRuntime

/// `qdoc runs`: what was asked of hosted models, what became of it, and what it cost.
struct RunsCommand {
    private let parsed: ParsedArguments
    private let environment: Environment
    private let configuration: Configuration
    private let style: TerminalStyle

    init(_ parsed: ParsedArguments, environment: Environment) throws(Failure) {
        self.parsed = parsed
        self.environment = environment
        configuration = try Configuration.load(named: parsed.value("config"), environment: environment)
        style = TerminalStyle.of(.output, environment: environment)
    }

    func run() async throws(Failure) -> ExitStatus {
        let path = try StorePath.find(named: parsed.value("store"), configuration: configuration, environment: environment)
        guard Files.exists(path) else {
            try write(parsed.has("json") ? ["[]"] : ["There is no store at \(DisplayText.safe(path)) yet: no hosted model was asked."])
            return .complete
        }
        let journal = try await Failure.only { try await Journal(path: path) }
        let result: Result<[StoredRun], Failure>
        do throws(Failure) {
            result = .success(try await Failure.only { try await run(journal) })
        } catch {
            result = .failure(error)
        }
        // Before another run opens it; what cannot be closed now is closed by the next process.
        try? await journal.close()
        return try await resume(try result.get())
    }

    /// - Returns: The runs that are to be taken up again, once the store is closed.
    private func run(_ journal: Journal) async throws -> [StoredRun] {
        switch parsed.path.last {
        case "show": try await show(journal)
        case "resume": return try await waiting(journal)
        case "cancel": try await cancel(journal)
        case "purge": try await purge(journal)
        case "spend": try await spend(journal)
        default: try await list(journal)
        }
        return []
    }

    private func write(_ lines: [String]) throws(Failure) {
        try Console.output.write(lines.joined(separator: "\n") + "\n")
    }

    private func write(_ json: JSONValue) throws(Failure) {
        try Console.output.write(JSONWriter.text(json, indent: 2) + "\n")
    }

    // MARK: list, show

    private func list(_ journal: Journal) async throws {
        let state = parsed.value("state").flatMap { StoredRun.State(rawValue: $0) }
        let runs = try await journal.runs(limit: parsed.count("limit") ?? 50, state: state)
        guard !parsed.has("json") else { return try write(.array(runs.map(RunText.json))) }
        guard !runs.isEmpty else { return try write(["No runs of hosted models. The local reader keeps none."]) }
        let titles = ["run", "started (UTC)", "state", "pipeline", "model", "calls", "cost", "document"]
        try write(
            TextTable(
                columns: titles.map { TextTable.Column(title: $0, isNumeric: ["calls", "cost"].contains($0)) }, rows: runs.map(RunText.row)
            ).lines(width: style.width, style: style))
    }

    private func show(_ journal: Journal) async throws {
        let run = try await journal.run(idPrefix: parsed.positionals.first ?? "")
        let calls = try await journal.calls(run: run.id)
        guard !parsed.has("json") else { return try write(RunText.json(run, calls)) }
        try write(RunText.lines(run, calls, style: style))
    }

    // MARK: resume, cancel, purge

    private func waiting(_ journal: Journal) async throws -> [StoredRun] {
        var runs: [StoredRun] = []
        if parsed.positionals.isEmpty {
            runs = try await journal.runs(limit: 10_000, state: .waiting).reversed()
        } else {
            for prefix in parsed.positionals { runs.append(try await journal.run(idPrefix: prefix)) }
        }
        if runs.isEmpty { try write(["Nothing is waiting."]) }
        for run in runs {
            if run.state == .running || run.state == .complete {
                throw Failure(.invalidArguments, "run \(run.id) is \(run.state.rawValue): there is nothing to resume")
            }
            guard run.arguments.isEmpty || run.workingFolder == nil else { continue }
            throw Failure(.invalidArguments, "run \(run.id) kept nothing to take it up by", remedy: "run qdoc analyze again")
        }
        return runs
    }

    /// Runs again what was left waiting: what has an answer is taken from the store, the rest is asked.
    private func resume(_ runs: [StoredRun]) async throws(Failure) -> ExitStatus {
        var status = ExitStatus.complete
        for run in runs where !Task.isCancelled {
            try Files.changeFolder(run.workingFolder ?? "/")
            // The report of the first try, if there was one, is replaced by the whole one.
            var arguments = run.arguments
            if let policy = parsed.value("on-unknown") {
                arguments.removeAll { $0.hasPrefix("--on-unknown=") }
                arguments.insert("--on-unknown=\(policy)", at: min(1, arguments.count))
            }
            arguments.insert("--force", at: min(1, arguments.count))
            let again = try ArgumentParser.parse(arguments, root: CommandTable.root)
            status = status.joined(try await AnalyzeCommand(again, environment: environment, run: run.id).run())
        }
        return status
    }

    private func cancel(_ journal: Journal) async throws {
        let run = try await journal.run(idPrefix: parsed.positionals.first ?? "")
        switch try await journal.cancel(run: run.id) {
        case .cancelled: try write(["run \(run.id) is cancelled"])
        case .requested: try write(["run \(run.id) is asked to stop"])
        case .ended(let state): try write(["run \(run.id) is \(state.rawValue) already"])
        }
    }

    private func purge(_ journal: Journal) async throws {
        let days = parsed.value("older-than").flatMap(Self.days)
        guard let days else {
            throw Failure(.invalidArguments, "--older-than takes a number of days", remedy: "write it as 30 or 30d; 0 means everything")
        }
        let purged = try await journal.purge(before: WallClock.now() - Int64(days) * 86_400_000_000)
        try write(["\(Plural.count(purged.runs, "run")) and \(Plural.count(purged.answers, "answer")) forgotten; what they cost is kept"])
    }

    private static func days(_ text: String) -> Int? {
        let digits = text.last == "d" ? text.dropLast() : text[...]
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }), let days = Int(digits), days <= 36_500 else { return nil }
        return days
    }

    // MARK: spend

    private func spend(_ journal: Journal) async throws {
        let by = parsed.value("by").flatMap { SpendGrouping(rawValue: $0) } ?? .day
        let rows = try await journal.spend(by: by)
        let credits = try await journal.allCredits()
        guard !parsed.has("json") else {
            return try write(["spend": .array(rows.map(RunText.json)), "credits": .array(credits.map(RunText.json))])
        }
        guard !rows.isEmpty else { return try write(["Nothing was spent."]) }
        let titles = [by.rawValue, "calls", "input tokens", "output tokens", "spent", "reserved", "end unknown"]
        try write(
            TextTable(
                columns: titles.enumerated().map { TextTable.Column(title: $1, isNumeric: $0 > 0) }, rows: rows.map(RunText.row)
            ).lines(width: style.width, style: style) + credits.map(RunText.line))
    }
}
