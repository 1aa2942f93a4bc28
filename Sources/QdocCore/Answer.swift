/// A page inside a window: what an answer source may ask for, made only when it is asked for.
public struct WindowPage: Sendable {
    /// The numbers of the images that show this page in this run; the first one shows all of it, unless parts alone were asked for.
    public let imageNumbers: [Int]
    public let reference: PageReference
    public let geometry: PageGeometry
    /// Reads the page's content back.
    public let content: @Sendable () async throws(Failure) -> PageContent
    /// Draws and encodes the page, once for each of its image numbers.
    public let images: @Sendable () async throws(Failure) -> [EncodedImage]

    public init(
        imageNumbers: [Int], reference: PageReference, geometry: PageGeometry,
        content: @escaping @Sendable () async throws(Failure) -> PageContent,
        images: @escaping @Sendable () async throws(Failure) -> [EncodedImage]
    ) {
        self.imageNumbers = imageNumbers
        self.reference = reference
        self.geometry = geometry
        self.content = content
        self.images = images
    }
}

/// An answer that its schema does not take, and why: what a model is shown when it is asked once more.
public struct UnfitAnswer: Sendable, Hashable {
    public var text: String
    /// What is wrong with it, a sentence each; no words of the document.
    public var faults: [String]
    /// How often the question was asked until now.
    public var asked: Int

    public init(text: String, faults: [String], asked: Int) {
        self.asked = asked
        self.text = text
        self.faults = faults
    }
}

/// The pages of one request.
///
/// Windows are cut at fixed page numbers: a page that fails leaves a hole and nothing shifts.
public struct AnswerWindow: Sendable {
    /// From 1 in the run; of a question that is asked again, a number of its own.
    public let number: Int
    public let pages: [WindowPage]
    /// The answer that came before, where the question is asked again for its faults.
    public let unfit: UnfitAnswer?

    public init(number: Int, pages: [WindowPage], unfit: UnfitAnswer? = nil) {
        self.number = number
        self.pages = pages
        self.unfit = unfit
    }
}

/// Tokens as the provider reports them; a count that it does not report is nil.
public struct Usage: Sendable, Hashable {
    public var inputTokens: Int?
    public var outputTokens: Int?
    public var reasoningTokens: Int?
    public var imageTokens: Int?
    public var cachedTokens: Int?
    /// The provider's own words, as they came; nil where it reported nothing.
    public var raw: JSONValue?

    public init(
        inputTokens: Int? = nil, outputTokens: Int? = nil, reasoningTokens: Int? = nil, imageTokens: Int? = nil,
        cachedTokens: Int? = nil, raw: JSONValue? = nil
    ) {
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.reasoningTokens = reasoningTokens
        self.imageTokens = imageTokens
        self.cachedTokens = cachedTokens
        self.raw = raw
    }
}

/// Why an answer ended.
public enum FinishReason: Sendable, Hashable {
    case stop
    /// The output limit cut the answer.
    case length
    case other(String)

    public var slug: String {
        switch self {
        case .stop: "stop"
        case .length: "length"
        case .other(let reason): reason
        }
    }
}

/// What a provider tells about a call before its answer begins.
public struct CallHead: Sendable, Hashable {
    public var requestID: String?
    public var modelAnswered: String?
    /// What the account has left after this call, in the provider's own credits.
    public var remainingCredits: JSONNumber?

    public init(requestID: String? = nil, modelAnswered: String? = nil, remainingCredits: JSONNumber? = nil) {
        self.requestID = requestID
        self.modelAnswered = modelAnswered
        self.remainingCredits = remainingCredits
    }
}

/// How a call stands in the books when it is over.
public struct CallBooking: Sendable, Hashable {
    public var state: CallState
    /// Times it was sent; 0 where it never left.
    public var attempts: Int
    /// What all attempts cost together; nil where no price is known.
    public var cost: Money?
    /// The most that it could have cost.
    public var reservation: Money?
    /// The cost was counted here, because the provider's usage never came.
    public var isEstimated: Bool
    /// The answer was paid for earlier and taken from the store.
    public var isReused: Bool
    /// The thought ended at its budget.
    public var isThoughtCut: Bool

    public init(
        state: CallState, attempts: Int, cost: Money? = nil, reservation: Money? = nil, isEstimated: Bool = false, isReused: Bool = false,
        isThoughtCut: Bool = false
    ) {
        self.state = state
        self.attempts = attempts
        self.cost = cost
        self.reservation = reservation
        self.isEstimated = isEstimated
        self.isReused = isReused
        self.isThoughtCut = isThoughtCut
    }
}

/// A part of an instance of the pipeline's schema that carries its places already: what the local reader answers with.
public struct PlacedAnswer: Sendable, Hashable {
    /// An instance of the pipeline's schema, or a part of one.
    public var data: JSONValue
    /// Where the leaf at each pointer was read.
    public var places: [JSONPointer: [Place]]
    /// What became of each page of the window that was not read.
    public var notRead: [PageReference: Failure.Code]
    /// Things that were seen and not read (a raster chart, a photograph), one sentence each.
    public var warnings: [Warning]

    public init(
        data: JSONValue, places: [JSONPointer: [Place]] = [:], notRead: [PageReference: Failure.Code] = [:], warnings: [Warning] = []
    ) {
        self.data = data
        self.places = places
        self.notRead = notRead
        self.warnings = warnings
    }
}

/// What an answer source says, in order.
public enum AnswerEvent: Sendable {
    /// The request left the machine, whole or in part: said once, whatever becomes of the call.
    case sent(Egress)
    /// The provider's first words about the call.
    case head(CallHead)
    /// A piece of the reasoning.
    case reasoning(String)
    /// A piece of the answer's text.
    case answer(String)
    /// An answer that needs no parsing.
    case placed(PlacedAnswer)
    case usage(Usage)
    /// The terminal marker. An answer without it is truncated, never complete.
    case finished(FinishReason)
    /// A call was refused, or never got through, and is made once more after a wait.
    case retrying(attempt: Int, code: Failure.Code, wait: Duration)
    /// The endpoint takes no calls for now, for this reason; the call waits.
    case paused(Failure)
    case resumed
    /// How the call stands in the books; the last thing said of a call that was paid, or might have been.
    case booked(CallBooking)
}

/// Answers the pipeline's question about a window: a hosted model, or the local reader.
public protocol AnswerSource: Sendable {
    /// Answers about one window.
    ///
    /// - Parameter emit: Called in order, awaited before the next event is read: a slow consumer slows the source down.
    /// - Throws: `Failure`, or `CancellationError` within a second of cancellation.
    func answer(_ window: AnswerWindow, emit: @escaping @Sendable (AnswerEvent) async throws -> Void) async throws
}
