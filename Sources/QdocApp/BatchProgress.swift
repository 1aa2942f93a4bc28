import QdocCore
import QdocReport

/// What the runs over some files have come to: a run that works alone is shown in full, several have a line each.
struct BatchProgress {
    /// Rows for runs at most; the others are counted.
    private static let maxRunLines = 8

    private let files: Int
    private let showsReasoning: Bool
    private let started: ContinuousClock.Instant
    private var finished = 0
    private var costs: [Currency: Money] = [:]
    /// Runs under way, in the order in which they began.
    private var runs: [(id: String, progress: ProgressState)] = []

    init(files: Int, showsReasoning: Bool, started: ContinuousClock.Instant) {
        self.files = files
        self.showsReasoning = showsReasoning
        self.started = started
    }

    /// Takes an event in; gives the lines that are to stay above the status.
    mutating func update(_ event: RunEvent, style: TerminalStyle, now: ContinuousClock.Instant) -> [String] {
        if case .runStarted = event.payload, !runs.contains(where: { $0.id == event.run }) {
            runs.append((event.run, ProgressState(showsReasoning: showsReasoning, started: files > 1 ? now : started)))
        }
        guard let index = runs.firstIndex(where: { $0.id == event.run }) else { return [] }
        if case .callFinished(_, _, _, let cost?, _) = event.payload { costs[cost.currency, default: .zero(cost.currency)] += cost }
        let lines = runs[index].progress.update(event.payload, style: style, now: now, isAlone: runs.count == 1)
        if case .runFinished = event.payload {
            runs.remove(at: index)
            finished += 1
        }
        return lines
    }

    /// The lines that are drawn over; none while no run works.
    func status(now: ContinuousClock.Instant, width: Int) -> [String] {
        if files == 1 { return runs.first?.progress.status(now: now, width: width) ?? [] }
        var lines = [summary]
        if runs.count == 1 {
            lines += runs[0].progress.status(now: now, width: width)
        } else {
            lines += runs.prefix(Self.maxRunLines).map { $0.progress.shortLine(now: now) }
            if runs.count > Self.maxRunLines { lines.append("and \(runs.count - Self.maxRunLines) more") }
        }
        return lines.map { DisplayText.cut($0, to: width) }
    }

    private var summary: String {
        let spent = costs.values.sorted { $0.currency < $1.currency }.map(\.description).joined(separator: " + ")
        return "\(min(finished, files)) of \(files) files done" + (spent.isEmpty ? "" : " · \(spent)")
    }
}
