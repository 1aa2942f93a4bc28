/// Rates that hold up to a number of input tokens of one request.
public struct PriceTier: Sendable, Hashable {
    /// Input tokens of a request up to which the tier holds, inclusive; nil for the last one.
    public var upTo: Int?
    public var input: TokenRate
    /// Input tokens that the provider found in its cache; nil where they cost like any other.
    public var cachedInput: TokenRate?
    /// Output tokens of a call without thought.
    public var output: TokenRate
    /// Output tokens, thought and answer, of a call that thought; nil where they cost like any other.
    public var thinkingOutput: TokenRate?

    public init(
        upTo: Int? = nil, input: TokenRate, cachedInput: TokenRate? = nil, output: TokenRate, thinkingOutput: TokenRate? = nil
    ) {
        self.upTo = upTo
        self.input = input
        self.cachedInput = cachedInput
        self.output = output
        self.thinkingOutput = thinkingOutput
    }
}

/// What a call costs.
public enum Price: Sendable, Hashable {
    /// By tokens; tiers ascend and the last one has no limit. The tier is chosen by the input tokens of the request.
    case tokens(Currency, [PriceTier])
    /// By call, whatever its size.
    case call(Money)
    /// Nothing: a model on hardware of the user's own.
    case free
    /// Nobody said; never counted as nothing.
    case unknown

    /// The currency that calls are booked in; nil where nothing is booked.
    public var currency: Currency? {
        switch self {
        case .tokens(let currency, _): currency
        case .call(let money): money.currency
        case .free, .unknown: nil
        }
    }

    /// The most that a call can cost; nil where the price is unknown. A free call costs nothing, in dollars.
    ///
    /// - Parameters:
    ///   - inputTokens: An upper bound.
    ///   - outputTokens: Thought and answer together, an upper bound.
    public func worstCase(inputTokens: Int, outputTokens: Int, thinks: Bool) -> Money? {
        switch self {
        case .tokens(let currency, let tiers):
            // A tier above may be cheaper for no model known; the dearest that the size can reach is taken all the same.
            let reachable = tiers.prefix { ($0.upTo ?? .max) < inputTokens }.count
            let costs = tiers.prefix(reachable + 1).map { $0.cost(input: inputTokens, cached: 0, output: outputTokens, thinks: thinks) }
            return costs.max().map { Money(nanos: $0, currency) } ?? .zero(currency)
        case .call(let money): return money
        case .free: return .zero(.usd)
        case .unknown: return nil
        }
    }

    /// What a call cost by the usage that its provider reports; nil where the price is unknown or the usage lacks a count.
    ///
    /// - Parameter thought: Whether the answer came with reasoning: a thinking call without any settles at the plain rate.
    public func cost(of usage: Usage, thought: Bool) -> Money? {
        switch self {
        case .tokens(let currency, let tiers):
            guard let input = usage.inputTokens, let output = usage.outputTokens, input >= 0, output >= 0 else { return nil }
            guard let tier = tiers.first(where: { ($0.upTo ?? .max) >= input }) ?? tiers.last else { return nil }
            let cached = min(max(usage.cachedTokens ?? 0, 0), input)
            return Money(nanos: tier.cost(input: input, cached: cached, output: output, thinks: thought), currency)
        case .call(let money): return money
        case .free: return .zero(.usd)
        case .unknown: return nil
        }
    }
}

extension PriceTier {
    /// In billionths of the currency's unit.
    fileprivate func cost(input tokens: Int, cached: Int, output: Int, thinks: Bool) -> Int64 {
        let parts = [
            input.price(of: tokens - cached), (cachedInput ?? input).price(of: cached),
            (thinks ? thinkingOutput ?? self.output : self.output).price(of: output),
        ]
        return parts.reduce(0) { sum, part in
            let (total, overflows) = sum.addingReportingOverflow(part)
            return overflows ? .max : total
        }
    }
}
