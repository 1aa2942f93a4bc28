import QdocCore
import QdocModel
import QdocReport
import QdocRuntime
import Synchronization

/// Shows a run while it works on a terminal: a status line that is drawn over, and the model's reasoning above it.
///
/// On a pipe nothing of it is written. Text of models and documents is made safe before it is shown.
final class ProgressDisplay: Sendable {
    private struct State {
        var file = ""
        var isLocal = true
        var pages = 0
        var finishedPages = 0
        var images = 0
        var calls = 0
        var finishedCalls = 0
        var values = 0
        var verified = 0
        /// Reasoning that has not filled a line yet, by call.
        var reasoning: [Int: String] = [:]
        var isStatusDrawn = false
        var isFinished = false
        var lastDrawn: ContinuousClock.Instant?
    }

    /// The eye reads no faster; more often only costs.
    private static let interval: Duration = .milliseconds(100)

    private let style: TerminalStyle
    private let showsReasoning: Bool
    private let started = ContinuousClock.now
    private let state = Mutex(State())

    init(style: TerminalStyle, showsReasoning: Bool) {
        self.style = style
        self.showsReasoning = showsReasoning
    }

    /// Shows an event.
    func show(_ event: RunEvent) {
        draw { update(&$0, event.payload) }
    }

    /// Keeps the time on the status line going until cancelled: a model may think for minutes before its first word.
    func tick() async {
        while !Task.isCancelled {
            // Cancellation ends the wait; what it throws says nothing more.
            try? await Task.sleep(for: Self.interval)
            guard !Task.isCancelled else { return }
            draw { _ in [] }
        }
    }

    private func draw(_ change: (inout State) -> [String]) {
        let text = state.withLock { state in
            let lines = change(&state)
            guard !state.isFinished else { return "" }
            let now = ContinuousClock.now
            let isDue = state.lastDrawn.map { now - $0 >= Self.interval } ?? true
            guard isDue || !lines.isEmpty else { return "" }
            state.lastDrawn = now
            var text = state.isStatusDrawn ? "\r\u{1B}[K" : ""
            for line in lines { text += line + "\n" }
            state.isStatusDrawn = true
            return text + style.dim(DisplayText.cut(status(state, now: now), to: style.width - 1))
        }
        write(text)
    }

    /// Takes the status line away.
    func finish() {
        let isDrawn = state.withLock { state in
            defer {
                state.isStatusDrawn = false
                state.isFinished = true
            }
            return state.isStatusDrawn
        }
        if isDrawn { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) {
        guard !text.isEmpty else { return }
        // Progress that cannot be shown is no reason to stop.
        try? Console.error.write(text)
    }

    /// Takes an event in; gives the lines that are to stay above the status.
    private func update(_ state: inout State, _ payload: RunEvent.Payload) -> [String] {
        switch payload {
        case .runStarted(_, let model, let sources):
            let file = sources.first?.split(separator: "/").last.map(String.init) ?? ""
            state = State(file: DisplayText.cut(DisplayText.safe(file), to: 24), isLocal: model == Catalogue.local)
        case .sourceOpened(_, let pages): state.pages = pages
        case .pageFinished: state.finishedPages += 1
        case .imageMade: state.images += 1
        case .callStarted: state.calls += 1
        case .reasoning(let call, let text): return reasoning(&state, call, text)
        case .answer(let call, _): return flush(&state, call)
        case .callFinished(let call, _, _):
            state.finishedCalls += 1
            return flush(&state, call)
        case .field(_, _, let verdict):
            state.values += 1
            if verdict == .verified { state.verified += 1 }
        case .warning(let warning):
            return DisplayText.wrap(DisplayText.safe(warning.message), to: style.width - 3).enumerated()
                .map { ($0 == 0 ? style.yellow("! ") : "  ") + $1 }
        case .runFinished: return state.reasoning.keys.sorted().flatMap { flush(&state, $0) }
        }
        return []
    }

    /// Keeps reasoning until it fills lines.
    private func reasoning(_ state: inout State, _ call: Int, _ text: String) -> [String] {
        guard showsReasoning else { return [] }
        let whole = (state.reasoning[call] ?? "") + DisplayText.safe(text, keepsLines: true)
        var paragraphs = whole.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let last = paragraphs.removeLast()
        var lines = paragraphs.flatMap { wrap($0, call) }
        // All but the last line of an unfinished paragraph stand as they are.
        var open = DisplayText.wrap(last, to: style.width - 5)
        let rest = open.popLast() ?? ""
        lines += open.map { line($0, call) }
        state.reasoning[call] = last.hasSuffix(" ") && !rest.isEmpty ? rest + " " : rest
        return lines
    }

    private func wrap(_ paragraph: String, _ call: Int) -> [String] {
        DisplayText.wrap(paragraph, to: style.width - 5).map { line($0, call) }
    }

    private func line(_ text: String, _ call: Int) -> String { style.dim("\(call)│ \(text)") }

    private func flush(_ state: inout State, _ call: Int) -> [String] {
        guard let text = state.reasoning.removeValue(forKey: call), !text.isEmpty else { return [] }
        return wrap(text, call)
    }

    private func status(_ state: State, now: ContinuousClock.Instant) -> String {
        var parts: [String] = []
        if state.pages > 0 {
            parts.append("read \(state.finishedPages) of \(state.pages) pages")
        } else {
            parts.append("opening")
        }
        if !state.isLocal {
            parts.append("\(state.images) drawn")
            if state.calls > 0 { parts.append("\(state.finishedCalls) of \(state.calls) requests answered") }
        }
        if state.values > 0 { parts.append("\(state.values) values, \(state.verified) verified") }
        let elapsed = (now - started).components
        parts.append("\(elapsed.seconds).\(elapsed.attoseconds / 100_000_000_000_000_000) s")
        return "\(state.file): \(parts.joined(separator: " · "))"
    }
}
