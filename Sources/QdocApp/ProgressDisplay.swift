import QdocCore
import QdocReport
import QdocRuntime
import Synchronization

/// Shows a run while it works on a terminal: status lines that are drawn over, and the model's reasoning above them.
///
/// On a pipe nothing of it is written. Text of models and documents is made safe before it is shown.
final class ProgressDisplay: Sendable {
    private struct State {
        var progress: ProgressState
        /// Status lines on the screen.
        var drawn = 0
        var isFinished = false
        var lastDrawn: ContinuousClock.Instant?
    }

    /// The eye reads no faster; more often only costs.
    private static let interval: Duration = .milliseconds(100)

    private let style: TerminalStyle
    private let state: Mutex<State>

    init(style: TerminalStyle, showsReasoning: Bool) {
        self.style = style
        state = Mutex(State(progress: ProgressState(showsReasoning: showsReasoning, started: .now)))
    }

    /// Shows an event.
    func show(_ event: RunEvent) {
        draw { [style] progress, now in progress.update(event.payload, style: style, now: now) }
    }

    /// Keeps the time on the status line going until cancelled: a model may think for minutes before its first word.
    func tick() async {
        while !Task.isCancelled {
            // Cancellation ends the wait; what it throws says nothing more.
            try? await Task.sleep(for: Self.interval)
            guard !Task.isCancelled else { return }
            draw { _, _ in [] }
        }
    }

    private func draw(_ change: (inout ProgressState, ContinuousClock.Instant) -> [String]) {
        let text = state.withLock { state in
            let now = ContinuousClock.now
            let lines = change(&state.progress, now)
            guard !state.isFinished else { return "" }
            let isDue = state.lastDrawn.map { now - $0 >= Self.interval } ?? true
            guard isDue || !lines.isEmpty else { return "" }
            state.lastDrawn = now
            var text = Self.erase(state.drawn)
            for line in lines { text += line + "\n" }
            let status = state.progress.status(now: now, width: style.width - 1)
            state.drawn = status.count
            return text + status.map(style.dim).joined(separator: "\n")
        }
        write(text)
    }

    /// Takes the status lines away.
    func finish() {
        let drawn = state.withLock { state in
            defer {
                state.drawn = 0
                state.isFinished = true
            }
            return state.drawn
        }
        write(Self.erase(drawn))
    }

    /// Goes back to the first of so many lines and clears all that follows.
    ///
    /// - Source: ECMA-48, CUU and ED.
    private static func erase(_ lines: Int) -> String {
        switch lines {
        case 0: ""
        case 1: "\r\u{1B}[K"
        default: "\r\u{1B}[\(lines - 1)A\u{1B}[J"
        }
    }

    private func write(_ text: String) {
        guard !text.isEmpty else { return }
        // Progress that cannot be shown is no reason to stop.
        try? Console.error.write(text)
    }
}
