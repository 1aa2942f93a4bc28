import QdocCore
import QdocReport
import Testing

@testable import QdocApp

@Suite("Progress over several files")
struct BatchProgressTests {
    private let style = TerminalStyle(width: 80)
    private let start = ContinuousClock.now

    private func event(_ run: String, _ payload: RunEvent.Payload) -> RunEvent {
        RunEvent(run: run, sequence: 1, time: 0, payload: payload)
    }

    private func progress(runs: [String]) -> BatchProgress {
        var progress = BatchProgress(files: 12, showsReasoning: true, started: start)
        for run in runs {
            _ = progress.update(
                event(run, .runStarted(pipeline: "report", model: "openai/m", sources: ["in/\(run).pdf"])), style: style, now: start)
            _ = progress.update(event(run, .callStarted(call: 1, images: [1])), style: style, now: start)
        }
        return progress
    }

    @Test("Each run has a line, the first one says how many files are done and what they cost")
    func lines() {
        var progress = progress(runs: ["a", "b"])
        let cost = Money(nanos: 12_300_000, .usd)
        _ = progress.update(
            event("a", .callFinished(call: 1, state: .settled, usage: Usage(), cost: cost, isReused: false)), style: style, now: start)
        _ = progress.update(event("a", .runFinished(state: .complete, failure: nil)), style: style, now: start)
        _ = progress.update(event("c", .runStarted(pipeline: "report", model: "openai/m", sources: ["c.pdf"])), style: style, now: start)
        let lines = progress.status(now: start, width: 79)
        #expect(lines.count == 3)
        #expect(lines[0] == "1 of 12 files done · $0.0123")
        #expect(lines[1].hasPrefix("b.pdf: opening") && lines[2].hasPrefix("c.pdf: opening"))
    }

    @Test("More runs than there are rows are counted")
    func many() {
        let lines = progress(runs: (1...11).map { "r\($0)" }).status(now: start, width: 79)
        #expect(lines.count == 10)
        #expect(lines.last == "and 3 more")
    }

    @Test("Reasoning is shown live while one run works, and kept off the screen while several do")
    func reasoning() {
        let thought = RunEvent.Payload.reasoning(call: 1, text: String(repeating: "word ", count: 40))
        var alone = progress(runs: ["a"])
        #expect(!alone.update(event("a", thought), style: style, now: start).isEmpty)
        var several = progress(runs: ["a", "b"])
        #expect(several.update(event("a", thought), style: style, now: start).isEmpty)
    }

    @Test("A pause that several runs wait for is told once, and so is its end")
    func pauses() {
        let notes = PauseNotes()
        let paused = RunEvent.Payload.endpointPaused(endpoint: "openai", failure: Failure(.quotaExceeded, "no credits left"))
        #expect(notes.note(of: event("a", paused)) == "paused: no credits left")
        #expect(notes.note(of: event("b", paused)) == nil)
        #expect(notes.note(of: event("a", .endpointResumed(endpoint: "openai"))) == nil)
        #expect(notes.note(of: event("b", .endpointResumed(endpoint: "openai"))) == "openai answers again")
        #expect(notes.note(of: event("b", .endpointResumed(endpoint: "openai"))) == nil)
    }
}
