public import QdocCore

/// What a run over one source would send to a model, and what that can cost: worked out before anything is sent.
public struct RunPlan: Sendable, Hashable {
    /// An image that would be made.
    public struct Image: Sendable, Hashable {
        public var number: Int
        public var page: PageReference
        public var size: PixelSize
        /// Exact, by the provider's own arithmetic.
        public var tokens: Int
    }

    /// The same question once more, should its answer not be valid.
    public struct FollowUp: Sendable, Hashable {
        /// As a call of the run.
        public var number: Int
        /// At most.
        public var inputTokens: Int
        /// What is reserved for it; nil where no price is known.
        public var worst: Money?
    }

    /// One question.
    public struct Window: Sendable, Hashable {
        public var number: Int
        public var images: [Image]
        /// At most: images are exact, text is bounded.
        public var inputTokens: Int
        public var likelyInputTokens: Int
        /// Thought and answer together, at most.
        public var outputTokens: Int
        public var likelyOutputTokens: Int
        /// What is reserved before it is sent; nil where no price is known.
        public var worst: Money?
        public var likely: Money?
        /// Whether its answer is in the store: nothing is sent for it, and nothing paid.
        public var isAnswered: Bool
        /// At most; sent only where the answer before is not valid, and likely none is.
        public var followUps: [FollowUp] = []
    }

    public var source: Source
    public var model: String
    public var windows: [Window]
    /// Nil where the price is unknown.
    public var currency: Currency?
    /// Requests in flight at most.
    public var jobs: Int

    /// The windows that would be sent.
    public var open: [Window] { windows.filter { !$0.isAnswered } }
    public var imageCount: Int { windows.reduce(0) { $0 + $1.images.count } }
    /// Input tokens of what would be sent, at most.
    public var inputTokens: Int { open.reduce(0) { $0 + $1.inputTokens } }
    /// The most that its questions can cost, each asked once: what there must be room for under the caps.
    public var needed: Money? { sum(\.worst) }
    /// The most that it can cost, every answer mended as often as is allowed; nil where the price is unknown.
    public var worst: Money? { sum { $0.followUps.reduce($0.worst) { sum, next in sum.flatMap { sum in next.worst.map { sum + $0 } } } } }
    public var followUpCount: Int { open.reduce(0) { $0 + $1.followUps.count } }
    /// What it likely costs.
    public var likely: Money? { sum(\.likely) }

    /// Tokens that a hosted model brings in a second, and seconds before its first: what the providers' own pages and the bench's model of
    /// them assume.
    private static let tokensPerSecond = 60
    private static let secondsToFirstToken = 2

    /// How long the answers likely take.
    public var duration: Duration {
        let seconds = open.map { Self.secondsToFirstToken + $0.likelyOutputTokens / Self.tokensPerSecond }
        guard let longest = seconds.max() else { return .zero }
        return .seconds(max(longest, seconds.reduce(0, +) / max(1, jobs)))
    }

    private func sum(_ amount: (Window) -> Money?) -> Money? {
        guard let currency else { return nil }
        return open.reduce(Money.zero(currency) as Money?) { sum, window in
            guard let sum, let amount = amount(window) else { return nil }
            return sum + amount
        }
    }
}
