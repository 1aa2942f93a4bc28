import QdocCore
import QdocReport

/// What one run has come to while it works, and the lines that show it: a status line for the run, one for each call where several are open.
///
/// The reasoning of a single call is shown as it comes; that of several at once would be a jumble, and is folded into their lines.
struct ProgressState {
    /// A call that is open.
    private struct Call {
        enum Phase {
            case waiting
            case thinking
            case answering
            case retrying(Failure.Code)
        }

        var images: [Int]
        var phase = Phase.waiting
        /// Bytes of reasoning and answer.
        var byteCount = 0
        var firstText: ContinuousClock.Instant?
        /// The end of the reasoning, for a folded line.
        var lastWords = ""
    }

    /// Bytes of English text and JSON for a token, for a figure that is looked at while it changes.
    private static let bytesPerToken = 4

    private let showsReasoning: Bool
    private let started: ContinuousClock.Instant
    private var file = ""
    private var isLocal = true
    private var pages = 0
    private var finishedPages = 0
    private var images = 0
    private var windows = 0
    private var finishedCalls = 0
    private var values = 0
    private var verified = 0
    private var costs: [Currency: Money] = [:]
    private var worst: Money?
    private var pause: String?
    private var calls: [Int: Call] = [:]
    /// Reasoning of the call that is shown live, which has not filled a line yet.
    private var open: (call: Int, text: String)?

    init(showsReasoning: Bool, started: ContinuousClock.Instant) {
        self.showsReasoning = showsReasoning
        self.started = started
    }

    /// Takes an event in; gives the lines that are to stay above the status.
    ///
    /// - Parameter isAlone: Whether no other run works; what several think at once is folded.
    mutating func update(
        _ payload: RunEvent.Payload, style: TerminalStyle, now: ContinuousClock.Instant, isAlone: Bool = true
    ) -> [String] {
        switch payload {
        case .runStarted(_, let model, let sources):
            self = ProgressState(showsReasoning: showsReasoning, started: started)
            file = DisplayText.cut(DisplayText.safe(sources.first?.split(separator: "/").last.map(String.init) ?? ""), to: 24)
            isLocal = model == "local"
        case .sourceOpened(_, let pages): self.pages = pages
        case .pageFinished: finishedPages += 1
        case .imageMade: images += 1
        case .planned(let windows, _, _, let worst, _):
            self.windows = windows
            self.worst = worst
        case .callStarted(let call, let images): calls[call] = Call(images: images)
        case .callRetried(let call, _, let code, _): calls[call]?.phase = .retrying(code)
        case .endpointPaused(_, let failure):
            pause = DisplayText.safe(failure.message)
            return sentence("paused: \(DisplayText.safe(failure.description))", style)
        case .endpointResumed(let endpoint):
            pause = nil
            return sentence("\(DisplayText.safe(endpoint)) answers again", style)
        case .reasoning(let call, let text): return reasoning(call, text, style, now, isAlone: isAlone)
        case .answer(let call, let text):
            note(call, text, .answering, now)
            return flush(call, style)
        case .callFinished(let call, _, _, let cost, _):
            finishedCalls += 1
            if let cost { costs[cost.currency, default: .zero(cost.currency)] += cost }
            calls[call] = nil
            return flush(call, style)
        case .field(_, _, let verdict):
            values += 1
            if verdict == .verified { verified += 1 }
        case .warning(let warning): return sentence(DisplayText.safe(warning.message), style)
        case .runFinished: return open.map { flush($0.call, style) } ?? []
        }
        return []
    }

    private func sentence(_ text: String, _ style: TerminalStyle) -> [String] {
        DisplayText.wrap(text, to: style.width - 3).enumerated().map { ($0 == 0 ? style.yellow("! ") : "  ") + $1 }
    }

    private mutating func note(_ call: Int, _ text: String, _ phase: Call.Phase, _ now: ContinuousClock.Instant) {
        guard var noted = calls[call] else { return }
        noted.phase = phase
        noted.byteCount += text.utf8.count
        noted.firstText = noted.firstText ?? now
        calls[call] = noted
    }

    // MARK: Reasoning

    /// Keeps reasoning until it fills lines, or folds it where other calls are open.
    private mutating func reasoning(
        _ call: Int, _ text: String, _ style: TerminalStyle, _ now: ContinuousClock.Instant, isAlone: Bool
    ) -> [String] {
        note(call, text, .thinking, now)
        guard showsReasoning else { return [] }
        let safe = DisplayText.safe(text, keepsLines: true)
        guard isAlone, calls.count <= 1 else {
            let words = (calls[call]?.lastWords ?? "") + safe
            calls[call]?.lastWords = String(words.suffix(200))
            return open?.call == call ? flush(call, style) : []
        }
        let whole = (open?.call == call ? open?.text ?? "" : "") + safe
        var paragraphs = whole.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let last = paragraphs.removeLast()
        var lines = paragraphs.flatMap { wrap($0, call, style) }
        // All but the last line of an unfinished paragraph stand as they are.
        var rest = DisplayText.wrap(last, to: style.width - 5)
        let tail = rest.popLast() ?? ""
        lines += rest.map { line($0, call, style) }
        open = (call, last.hasSuffix(" ") && !tail.isEmpty ? tail + " " : tail)
        return lines
    }

    private func wrap(_ paragraph: String, _ call: Int, _ style: TerminalStyle) -> [String] {
        DisplayText.wrap(paragraph, to: style.width - 5).map { line($0, call, style) }
    }

    private func line(_ text: String, _ call: Int, _ style: TerminalStyle) -> String { style.dim("\(call)│ \(text)") }

    private mutating func flush(_ call: Int, _ style: TerminalStyle) -> [String] {
        guard let open, open.call == call else { return [] }
        self.open = nil
        return open.text.isEmpty ? [] : wrap(open.text, call, style)
    }

    // MARK: Status

    /// Rows for open calls at most; the others are counted.
    private static let maxCallLines = 8

    /// The lines that are drawn over: the run, then its open calls where there are several.
    func status(now: ContinuousClock.Instant, width: Int) -> [String] {
        var lines = [summary(now: now)]
        guard calls.count > 1 else { return lines.map { DisplayText.cut($0, to: width) } }
        let shown = calls.sorted { $0.key < $1.key }
        lines += shown.prefix(Self.maxCallLines).map { callLine($0.key, $0.value, now: now) }
        if shown.count > Self.maxCallLines { lines.append("  and \(shown.count - Self.maxCallLines) more") }
        return lines.map { DisplayText.cut($0, to: width) }
    }

    /// How far the run has come, for one of several: the sums stand above them.
    func shortLine(now: ContinuousClock.Instant) -> String {
        var parts: [String] = []
        if pages == 0 { parts.append("opening") }
        if pages > 1 { parts.append("\(finishedPages) of \(pages) pages") }
        if windows > 1 { parts.append("\(finishedCalls) of \(max(windows, finishedCalls)) requests answered") }
        if calls.count == 1, let call = calls.values.first { parts.append(phase(call, now: now)) }
        if calls.count > 1 { parts.append("\(calls.count) under way") }
        if calls.isEmpty, pages > 0 { parts.append(isLocal ? "reading" : images > finishedPages ? "waiting" : "drawing") }
        if pause != nil { parts.append("paused") }
        parts.append("\((now - started).components.seconds) s")
        return "\(file): \(parts.joined(separator: " · "))"
    }

    private func summary(now: ContinuousClock.Instant) -> String {
        var parts = [pages > 0 ? "read \(finishedPages) of \(pages) pages" : "opening"]
        if !isLocal {
            parts.append("\(images) drawn")
            if windows > 0 { parts.append("\(finishedCalls) of \(max(windows, finishedCalls)) requests answered") }
            if calls.count == 1, let call = calls.values.first { parts.append(phase(call, now: now)) }
            let spent = costs.values.sorted { $0.currency < $1.currency }.map(\.description).joined(separator: " + ")
            if let worst { parts.append("\(spent.isEmpty ? Money.zero(worst.currency).description : spent) of at most \(worst)") }
        }
        if values > 0 { parts.append("\(values) values, \(verified) verified") }
        if let pause { parts.append("paused: \(pause)") }
        let elapsed = (now - started).components
        parts.append("\(elapsed.seconds).\(elapsed.attoseconds / 100_000_000_000_000_000) s")
        return "\(file): \(parts.joined(separator: " · "))"
    }

    private func callLine(_ number: Int, _ call: Call, now: ContinuousClock.Instant) -> String {
        let images = call.images
        let range = images.count == 1 ? "image \(images[0])" : "images \(images.first ?? 0)-\(images.last ?? 0)"
        let words = call.lastWords.split { $0.isWhitespace }.suffix(12).joined(separator: " ")
        return "  \(number)│ \(range) · \(phase(call, now: now))\(words.isEmpty ? "" : " · …\(words)")"
    }

    private func phase(_ call: Call, now: ContinuousClock.Instant) -> String {
        switch call.phase {
        case .waiting: return "waiting for the first word"
        case .retrying(let code): return "again after \(code.rawValue.split(separator: "_").joined(separator: " "))"
        case .thinking: return "thinking, \(rate(call, now: now))"
        case .answering: return "answering, \(rate(call, now: now))"
        }
    }

    private func rate(_ call: Call, now: ContinuousClock.Instant) -> String {
        let elapsed = (call.firstText.map { now - $0 } ?? .zero).components
        let tenths = elapsed.seconds * 10 + elapsed.attoseconds / 100_000_000_000_000_000
        let tokens = call.byteCount / Self.bytesPerToken
        return tenths > 5 ? "\(Int64(tokens) * 10 / tenths) tokens/s" : "\(tokens) tokens"
    }
}
