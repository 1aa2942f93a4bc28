import QdocCore
import QdocReport
import QdocRuntime
import Synchronization

/// Shows runs while they work on a terminal: status lines that are drawn over, and the model's reasoning above them.
///
/// On a pipe nothing of it is written. Text of models and documents is made safe before it is shown.
final class ProgressDisplay: Sendable {
    private struct State {
        var batch: BatchProgress
        /// Status lines on the screen.
        var drawn = 0
        /// Whether somebody else writes to the terminal.
        var isHidden = false
        /// Lines that came meanwhile.
        var heldBack: [String] = []
        var lastDrawn: ContinuousClock.Instant?
    }

    /// The eye reads no faster; more often only costs.
    private static let interval: Duration = .milliseconds(100)

    private let style: TerminalStyle
    private let state: Mutex<State>

    /// - Parameter files: How many there are to do.
    init(style: TerminalStyle, showsReasoning: Bool, files: Int) {
        self.style = style
        state = Mutex(State(batch: BatchProgress(files: files, showsReasoning: showsReasoning, started: .now)))
    }

    /// Shows an event.
    func show(_ event: RunEvent) {
        draw { [style] batch, now in batch.update(event, style: style, now: now) }
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

    private func draw(_ change: (inout BatchProgress, ContinuousClock.Instant) -> [String]) {
        let text = state.withLock { state in
            let now = ContinuousClock.now
            var lines = change(&state.batch, now)
            guard !state.isHidden else {
                state.heldBack += lines
                return ""
            }
            lines = state.heldBack + lines
            state.heldBack = []
            let isDue = state.lastDrawn.map { now - $0 >= Self.interval } ?? true
            guard isDue || !lines.isEmpty else { return "" }
            state.lastDrawn = now
            var text = Self.erase(state.drawn)
            for line in lines { text += line + "\n" }
            let status = state.batch.status(now: now, width: style.width - 1)
            state.drawn = status.count
            return text + status.map(style.dim).joined(separator: "\n")
        }
        write(text)
    }

    /// Takes the status lines away until `resume`: somebody else writes to the terminal, or nothing more comes.
    func hide() {
        let drawn = state.withLock { state in
            defer {
                state.drawn = 0
                state.isHidden = true
            }
            return state.drawn
        }
        write(Self.erase(drawn))
    }

    /// Draws again, beginning with the next event or tick.
    func resume() {
        state.withLock {
            $0.isHidden = false
            $0.lastDrawn = nil
        }
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
