import QdocCore
import QdocProof
import QdocReport
import QdocRuntime

/// What a run has brought so far. A report can be made of it at any moment: an interrupted run loses nothing that was done.
actor RunProgress {
    private let pipeline: Pipeline
    private let answerer: Answerer
    private let identifier: String
    private let startedAt = WallClock.now()
    private let clock = ContinuousClock.now
    private var source: Source?
    private var planned: [PageReference] = []
    private var pages: [PageReference: PageRecord] = [:]
    private var images: [ImageRecord] = []
    private var imageNumbers: Set<Int> = []
    private var calls: [Int: CallRecord] = [:]
    private var callClocks: [Int: ContinuousClock.Instant] = [:]
    private var answers: [WindowAnswer] = []
    private var repairs: [Repair] = []
    private var warnings: [Warning] = []
    private var reasoning: [ReasoningRecord] = []
    private var egress: [Egress] = []
    /// Windows that lack something: no answer, or one that was cut.
    private var incompleteWindows = 0
    private var waitingCalls = 0
    private var missingFonts: Set<String> = []
    private var characterFailures: Set<Failure.Code> = []

    init(identifier: String, pipeline: Pipeline, answerer: Answerer) {
        self.identifier = identifier
        self.pipeline = pipeline
        self.answerer = answerer
    }

    func opened(_ source: Source, pages: [Int]) {
        self.source = source
        planned = pages.map { PageReference(source: source.ordinal, pageNumber: $0) }
    }

    /// Notes what became of a page, false where it is no news: windows may share a page, and it is read where one of them read it.
    func finished(_ page: PageRecord) -> Bool {
        guard let known = pages[page.reference], known.outcome == .read || page.outcome != .read else {
            pages[page.reference] = page
            return true
        }
        return false
    }

    /// Notes an image, false where it is no news.
    func made(_ image: ImageRecord) -> Bool {
        guard imageNumbers.insert(image.number).inserted else { return false }
        images.append(image)
        return true
    }

    /// - Parameter mends: The call whose answer was not valid, where this one asks again.
    func started(call: Int, images: [Int], mends: Int?) {
        guard case .hosted(let access) = answerer else { return }
        let endpoint = access.endpoint
        callClocks[call] = .now
        calls[call] = CallRecord(
            number: call, provider: endpoint.provider, modelAsked: endpoint.model, images: images, state: .unknown, attempts: 0,
            startedAt: WallClock.now(), duration: .zero, mends: mends)
    }

    /// Counts a call that waits for the endpoint; true of the first.
    func paused() -> Bool {
        waitingCalls += 1
        return waitingCalls == 1
    }

    /// True of the last call that waited.
    func resumed() -> Bool {
        waitingCalls -= 1
        return waitingCalls == 0
    }

    func ended(call: Int, booking: CallBooking, transcript: Transcript.Entries, failure: Failure?) {
        guard var record = calls[call], let started = callClocks[call] else { return }
        record.modelAnswered = transcript.head.modelAnswered
        record.requestID = transcript.head.requestID
        record.remainingCredits = transcript.head.remainingCredits
        record.state = booking.state
        record.usage = transcript.usage
        record.attempts = booking.attempts
        record.cost = booking.cost
        record.reservation = booking.reservation
        record.isEstimated = booking.isEstimated
        record.isReused = booking.isReused
        record.isThoughtCut = booking.isThoughtCut
        record.firstEvent = transcript.firstText.map { $0 - started }
        record.duration = .now - started
        record.finishReason = transcript.finish
        record.failure = failure
        calls[call] = record
        if !transcript.reasoning.isEmpty { reasoning.append(ReasoningRecord(call: call, text: transcript.reasoning)) }
        if let sent = transcript.egress { egress.append(sent) }
    }

    /// - Parameter isWhole: Whether nothing was cut off, and nothing left out for breaking the schema.
    func answered(_ answer: WindowAnswer, repairs: [Repair], isWhole: Bool) {
        answers.append(answer)
        self.repairs += repairs
        if !isWhole { incompleteWindows += 1 }
    }

    func lacksAnswer() {
        incompleteWindows += 1
    }

    /// True of the first failure to recognise characters with its code: one program that is missing is told once.
    func missesCharacters(_ failure: Failure) -> Bool {
        characterFailures.insert(failure.code).inserted
    }

    /// A warning about the fonts that none was given about yet; nil where all are known.
    func newFonts(_ fonts: [String: PageReference]) -> Warning? {
        let new = fonts.filter { missingFonts.insert($0.key).inserted }
        guard let first = new.values.min() else { return nil }
        return Warning(
            code: .fontMissing,
            message: "the document does not bring \(new.keys.sorted().joined(separator: ", ")): other fonts stand in", page: first)
    }

    func warned(_ warning: Warning) {
        warnings.append(warning)
    }

    /// The report of what there is.
    ///
    /// - Parameter failure: Why the run ended early, or nil.
    func report(failure: Failure?) -> Report {
        var merge = Merge(schema: pipeline.schema)
        for answer in answers.sorted(by: { $0.window < $1.window }) { merge.add(answer) }
        let failure = failure ?? fatalFailure
        let pages = allPages(unreached: failure?.code ?? .interrupted)
        return Report(
            run: ReportRun(
                id: identifier, pipeline: pipeline.name, digest: pipeline.digest, model: answerer.name, state: state(failure: failure),
                startedAt: startedAt, duration: .now - clock, failure: failure),
            sources: [source].compactMap(\.self), pages: pages, images: images.sorted { $0.number < $1.number },
            calls: calls.values.sorted { $0.number < $1.number }, data: merge.data,
            evidence: ReasoningMention.flag(
                merge.evidence, reasoning: Dictionary(reasoning.map { ($0.call, $0.text) }, uniquingKeysWith: { $0 + "\n" + $1 })),
            repairs: sorted(repairs),
            conflicts: merge.conflicts,
            checks: TableChecks.failures(in: merge.data, schema: pipeline.schema, evidence: merge.evidence),
            warnings: (notReadWarnings(pages) + warnings).sorted(by: Self.precedes),
            reasoning: reasoning.sorted { $0.call < $1.call },
            egress: egress.sorted { $0.call < $1.call })
    }

    /// Why nothing came of a run that went through: every page failed, or every call did.
    private var fatalFailure: Failure? {
        guard !planned.isEmpty, answers.isEmpty else { return nil }
        if let failure = calls.values.sorted(by: { $0.number < $1.number }).first?.failure { return failure }
        guard case .failed(let failure) = pages.sorted(by: { $0.key < $1.key }).first?.value.outcome else { return nil }
        return failure
    }

    private func state(failure: Failure?) -> RunState {
        // A run that ended early and has answers is worth reading as far as it came.
        if let failure { return source != nil && (failure.code == .interrupted || !answers.isEmpty) ? .partial : .failed }
        let isWhole = incompleteWindows == 0 && planned.allSatisfy { pages[$0]?.outcome == .read }
        return isWhole ? .complete : .partial
    }

    /// Every page that the run was to read; one that it did not come to is not read, for the reason that ended the run.
    private func allPages(unreached code: Failure.Code) -> [PageRecord] {
        planned.map {
            pages[$0]
                ?? PageRecord(
                    reference: $0, geometry: PageGeometry(size: PageSize(width: 0, height: 0), rotation: 0), outcome: .notRead(code))
        }
    }

    /// Says once for each reason which pages nothing was read from.
    private func notReadWarnings(_ pages: [PageRecord]) -> [Warning] {
        var reasons: [(code: Failure.Code, pages: [PageReference])] = []
        for page in pages {
            guard case .notRead(let code) = page.outcome else { continue }
            if let index = reasons.firstIndex(where: { $0.code == code }) {
                reasons[index].pages.append(page.reference)
            } else {
                reasons.append((code, [page.reference]))
            }
        }
        return reasons.map { reason in
            let pages = PageRanges(reason.pages.map(\.pageNumber))
            return Warning(
                code: reason.code, message: "page\(reason.pages.count == 1 ? "" : "s") \(pages) not read: \(reason.code.reasonNotRead)",
                page: reason.pages.first)
        }
    }

    private func sorted(_ repairs: [Repair]) -> [Repair] {
        repairs.enumerated().sorted { ($0.element.call ?? 0, $0.offset) < ($1.element.call ?? 0, $1.offset) }.map(\.element)
    }

    private static func precedes(_ left: Warning, _ right: Warning) -> Bool {
        switch (left.page, right.page) {
        case (let left?, let right?): left < right
        case (nil, _?): true
        default: false
        }
    }
}

extension Failure.Code {
    /// Why a page has nothing in the report, in words that end a sentence.
    fileprivate var reasonNotRead: String {
        switch self {
        case .noTextLayer: "words alone are read, and there are none; name a model that sees with -m"
        case .pictureNotRead: "the local reader reads no pictures; name a model with -m"
        case .interrupted: "the run ended first"
        default: "its request has no answer (\(rawValue))"
        }
    }
}
