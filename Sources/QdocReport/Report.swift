public import QdocCore

/// What a run found, with its proof and its price (`qdoc.report/1`).
public struct Report: Sendable, Hashable {
    /// The name and version of the format; within /1 members are only added.
    public static let schema = "qdoc.report/1"

    public var run: ReportRun
    public var sources: [Source]
    /// Each page that the run was to read, ascending.
    public var pages: [PageRecord]
    public var images: [ImageRecord]
    public var calls: [CallRecord]
    /// An instance of the pipeline's schema; null where the run found nothing.
    public var data: JSONValue
    public var evidence: [Evidence]
    public var repairs: [Repair]
    public var conflicts: [Conflict]
    /// Sums that the printed values do not keep.
    public var checks: [ArithmeticCheck]
    public var warnings: [Warning]
    public var reasoning: [ReasoningRecord]
    /// Empty where nothing left this machine.
    public var egress: [Egress]

    public init(
        run: ReportRun, sources: [Source] = [], pages: [PageRecord] = [], images: [ImageRecord] = [], calls: [CallRecord] = [],
        data: JSONValue = .null, evidence: [Evidence] = [], repairs: [Repair] = [], conflicts: [Conflict] = [],
        checks: [ArithmeticCheck] = [], warnings: [Warning] = [], reasoning: [ReasoningRecord] = [], egress: [Egress] = []
    ) {
        self.run = run
        self.sources = sources
        self.pages = pages
        self.images = images
        self.calls = calls
        self.data = data
        self.evidence = evidence
        self.repairs = repairs
        self.conflicts = conflicts
        self.checks = checks
        self.warnings = warnings
        self.reasoning = reasoning
        self.egress = egress
    }

    /// The counts of the report, made from its lists.
    public var totals: ReportTotals { ReportTotals(of: self) }
}

/// The run that a report is about.
public struct ReportRun: Sendable, Hashable {
    public var id: String
    /// Name of the pipeline.
    public var pipeline: String
    /// SHA-256 of the pipeline; lower-case hexadecimal.
    public var digest: String
    /// `local`, or provider and model.
    public var model: String
    public var state: RunState
    /// Microseconds since 1970-01-01 UTC.
    public var startedAt: Int64
    public var duration: Duration
    /// Why the run failed, or why it is partial where one reason covers it.
    public var failure: Failure?

    public init(
        id: String, pipeline: String, digest: String, model: String, state: RunState, startedAt: Int64, duration: Duration,
        failure: Failure? = nil
    ) {
        self.id = id
        self.pipeline = pipeline
        self.digest = digest
        self.model = model
        self.state = state
        self.startedAt = startedAt
        self.duration = duration
        self.failure = failure
    }
}

/// One call of a hosted model.
public struct CallRecord: Sendable, Hashable {
    /// From 1 in the run.
    public var number: Int
    public var provider: String
    public var modelAsked: String
    /// As the provider names it in its answer.
    public var modelAnswered: String?
    /// Numbers of the images that were sent.
    public var images: [Int]
    public var requestID: String?
    public var state: CallState
    public var usage: Usage
    /// Times the request was sent; 0 where it never left.
    public var attempts: Int
    /// Microseconds since 1970-01-01 UTC.
    public var startedAt: Int64
    /// From the start of the call to the first piece of reasoning or answer.
    public var firstEvent: Duration?
    public var duration: Duration
    public var finishReason: FinishReason?
    /// What was booked for it in this run, all its attempts together; nil where no price is known.
    public var cost: Money?
    /// What was reserved before it was sent.
    public var reservation: Money?
    /// The cost was counted here, because the provider's usage never came.
    public var isEstimated: Bool
    /// The answer was paid for earlier and taken from the store; nothing was sent.
    public var isReused: Bool
    /// The thought ended at its budget, not at its own end.
    public var isThoughtCut: Bool
    /// What the account had left after it, in the provider's own credits.
    public var remainingCredits: JSONNumber?
    public var failure: Failure?
    /// The call whose answer was not valid, where this one asked again.
    public var mends: Int?

    public init(
        number: Int, provider: String, modelAsked: String, modelAnswered: String? = nil, images: [Int], requestID: String? = nil,
        state: CallState, usage: Usage = Usage(), attempts: Int, startedAt: Int64, firstEvent: Duration? = nil, duration: Duration,
        finishReason: FinishReason? = nil, cost: Money? = nil, reservation: Money? = nil, isEstimated: Bool = false, isReused: Bool = false,
        isThoughtCut: Bool = false, remainingCredits: JSONNumber? = nil, failure: Failure? = nil,
        mends: Int? = nil
    ) {
        self.mends = mends
        self.number = number
        self.provider = provider
        self.modelAsked = modelAsked
        self.modelAnswered = modelAnswered
        self.images = images
        self.requestID = requestID
        self.state = state
        self.usage = usage
        self.attempts = attempts
        self.startedAt = startedAt
        self.firstEvent = firstEvent
        self.duration = duration
        self.finishReason = finishReason
        self.cost = cost
        self.reservation = reservation
        self.isEstimated = isEstimated
        self.isReused = isReused
        self.isThoughtCut = isThoughtCut
        self.remainingCredits = remainingCredits
        self.failure = failure
    }
}

/// The reasoning of one call, as the model gave it.
public struct ReasoningRecord: Sendable, Hashable {
    public var call: Int
    public var text: String

    public init(call: Int, text: String) {
        self.call = call
        self.text = text
    }
}

/// The counts of a report.
public struct ReportTotals: Sendable, Hashable {
    public var pages: Int
    public var pagesRead = 0
    public var pagesNotRead = 0
    public var pagesFailed = 0
    public var images: Int
    public var calls: Int
    /// Nil where a call did not report it; likewise below.
    public var inputTokens: Int?
    public var outputTokens: Int?
    public var reasoningTokens: Int?
    /// What was booked, one amount a currency; currencies are never added.
    public var costs: [Money]
    /// Calls that were sent and whose price nobody knows.
    public var unpricedCalls = 0
    /// Values that were checked.
    public var values: Int
    public var verdicts: [Verdict: Int]

    init(of report: Report) {
        pages = report.pages.count
        for page in report.pages {
            switch page.outcome {
            case .read: pagesRead += 1
            case .notRead: pagesNotRead += 1
            case .failed: pagesFailed += 1
            }
        }
        images = report.images.count
        calls = report.calls.count
        inputTokens = Self.sum(report.calls, \.inputTokens)
        outputTokens = Self.sum(report.calls, \.outputTokens)
        reasoningTokens = Self.sum(report.calls, \.reasoningTokens)
        costs = Self.costs(report.calls)
        unpricedCalls = report.calls.count { $0.cost == nil && $0.attempts > 0 && $0.state != .refused }
        values = report.evidence.count
        verdicts = Dictionary(report.evidence.map { ($0.verdict, 1) }, uniquingKeysWith: +)
    }

    /// The number of values with a verdict.
    public func count(_ verdict: Verdict) -> Int { verdicts[verdict] ?? 0 }

    private static func costs(_ calls: [CallRecord]) -> [Money] {
        let sums = calls.compactMap(\.cost).reduce(into: [Currency: Money]()) { $0[$1.currency, default: .zero($1.currency)] += $1 }
        return sums.values.sorted { $0.currency < $1.currency }
    }

    /// Saturates: the counts come from a provider, and nothing from outside may trap.
    private static func sum(_ calls: [CallRecord], _ count: KeyPath<Usage, Int?>) -> Int? {
        var sum = 0
        for call in calls {
            guard let tokens = call.usage[keyPath: count] else { return nil }
            let (next, overflows) = sum.addingReportingOverflow(tokens)
            sum = overflows ? Int.max : next
        }
        return sum
    }
}
