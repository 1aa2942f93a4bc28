import QdocCore
import QdocReport
import Testing

@testable import QdocApp

@Suite("Progress on a terminal")
struct ProgressStateTests {
    private let style = TerminalStyle(width: 80)
    private let start = ContinuousClock.now

    private func state(calls: [Int]) -> ProgressState {
        var state = ProgressState(showsReasoning: true, started: start)
        _ = state.update(.runStarted(pipeline: "report", model: "dashscope/qvq-max", sources: ["in/report.pdf"]), style: style, now: start)
        let worst = Money(nanos: 280_000_000, .usd)
        _ = state.update(.planned(windows: 3, images: 20, inputTokens: 30_000, worst: worst, likely: nil), style: style, now: start)
        for call in calls {
            _ = state.update(.callStarted(call: call, images: Array(call * 8 - 7...call * 8)), style: style, now: start)
        }
        return state
    }

    @Test("The reasoning of a single call is shown as it comes, in whole lines")
    func live() {
        var state = state(calls: [1])
        let text = Array(repeating: "reading the table", count: 8).joined(separator: " ")
        let lines = state.update(.reasoning(call: 1, text: text), style: style, now: start)
        #expect(!lines.isEmpty && lines.allSatisfy { $0.hasPrefix("1│ ") && $0.count <= 80 })
        let rest = state.update(.answer(call: 1, text: "{"), style: style, now: start)
        #expect((lines + rest).map { $0.dropFirst(3) }.joined(separator: " ") == text)
        #expect(state.status(now: start, width: 79).count == 1)
    }

    @Test("Several calls have a line each, with images, phase and speed, and their reasoning is folded")
    func folded() {
        var state = state(calls: [1, 2])
        let lines = state.update(.reasoning(call: 2, text: String(repeating: "word ", count: 80)), style: style, now: start)
        #expect(lines.isEmpty)
        let status = state.status(now: start + .seconds(2), width: 100)
        #expect(status.count == 3)
        #expect(status[1].contains("images 1-8 · waiting for the first word"))
        #expect(status[2].contains("images 9-16 · thinking, 50 tokens/s · …word word"))
        #expect(status.allSatisfy { $0.count <= 100 })
    }

    @Test("What was spent stands beside what it can come to")
    func cost() {
        var state = state(calls: [1, 2])
        let cost = Money(nanos: 12_300_000, .usd)
        _ = state.update(.callFinished(call: 1, state: .settled, usage: Usage(), cost: cost, isReused: false), style: style, now: start)
        #expect(state.status(now: start, width: 200)[0].contains("1 of 3 requests answered"))
        #expect(state.status(now: start, width: 200)[0].contains("$0.0123 of at most $0.28"))
    }

    @Test("A pause is told once, and stays on the status line until it ends")
    func pause() {
        var state = state(calls: [1])
        let failure = Failure(.quotaExceeded, "the account has no credits left", remedy: "top it up")
        let told = state.update(.endpointPaused(endpoint: "segmind/x", failure: failure), style: style, now: start)
        #expect(told.first?.contains("paused: the account has no credits left") == true)
        #expect(state.status(now: start, width: 200)[0].contains("paused: the account"))
        _ = state.update(.endpointResumed(endpoint: "segmind/x"), style: style, now: start)
        #expect(!state.status(now: start, width: 200)[0].contains("paused"))
    }
}
