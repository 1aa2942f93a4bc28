public import QdocCore

/// A model at an endpoint, with everything that is known of it.
public struct CatalogueModel: Sendable, Hashable {
    public var provider: CatalogueProvider
    public var region: CatalogueRegion?
    /// As the endpoint knows it.
    public var model: String
    public var profile: ModelProfile
    /// Whether its provider says “about” of the price.
    public var isPriceApproximate: Bool
    /// Where the facts come from; nil of models that are not listed.
    public var source: String?
    /// Whether the catalogue or the user's configuration has a row for it.
    public var isListed: Bool
    /// What `auto` says about thinking; nil where a model was named.
    public var thinks: Bool?

    /// As users write it: `dashscope@beijing/qvq-max`; the first region goes without saying.
    public var name: String {
        let region = region.flatMap { $0.name == provider.regions.first?.name ? nil : "@\($0.name)" } ?? ""
        return "\(provider.name)\(region)/\(model)"
    }

    /// The endpoint that a request is made for.
    ///
    /// A model without a price costs nothing on this machine, unless its provider is a proxy that spends elsewhere.
    ///
    /// - Parameters:
    ///   - baseURL: Without a trailing slash.
    ///   - isOnThisMachine: Whether the address is a loopback one.
    ///   - maxSide: The longest side of images that the user wants, in pixels.
    public func endpoint(baseURL: String, isOnThisMachine: Bool, key: Secret?, maxSide: Int?) -> ModelEndpoint {
        var profile = profile
        if let maxSide { profile.image.maxSide = maxSide }
        if profile.price == .unknown, isOnThisMachine, provider.isFreeHere { profile.price = .free }
        return ModelEndpoint(
            provider: provider.name, region: region?.name, model: model, wire: provider.wire, baseURL: baseURL, key: key,
            keyHeader: provider.keyHeader, thinkingSwitch: provider.thinkingSwitch, outputLimitField: provider.outputLimitField,
            hasInlineThought: provider.hasInlineThought, profile: profile)
    }
}

/// What a text says of a model: nil where it says nothing.
struct ModelPatch: Sendable, Hashable {
    struct Regional: Sendable, Hashable {
        var price: CataloguePrice?
        var limits: RateLimits?
    }

    /// Another row that this one begins as.
    var like: String?
    var source: String?
    var thinking: Thinking?
    var streaming: Streaming?
    var fields: Set<RequestField>?
    var context: Int?
    var maxInput: Int?
    var maxThinkingInput: Int?
    var maxOutput: Int?
    var maxThought: Int?
    var image: ImageRule?
    var video: VideoRule?
    var maxDataURI: Int?
    var videoFrames: ClosedRange<Int>?
    var price: CataloguePrice?
    var limits: RateLimits?
    /// By region; nil where all have it.
    var regions: [String: Regional]?

    /// Puts what another says over this.
    mutating func overlay(_ other: ModelPatch) {
        like = other.like ?? like
        source = other.source ?? source
        thinking = other.thinking ?? thinking
        streaming = other.streaming ?? streaming
        fields = other.fields ?? fields
        context = other.context ?? context
        maxInput = other.maxInput ?? maxInput
        // A limit that was given anew holds with thinking, too.
        maxThinkingInput = other.maxThinkingInput ?? (other.maxInput == nil ? maxThinkingInput : nil)
        maxOutput = other.maxOutput ?? maxOutput
        maxThought = other.maxThought ?? maxThought
        image = other.image ?? image
        video = other.video ?? video
        maxDataURI = other.maxDataURI ?? maxDataURI
        videoFrames = other.videoFrames ?? videoFrames
        // A price or a limit without a region is one for all regions.
        if let price = other.price {
            self.price = price
            for name in (regions ?? [:]).keys { regions?[name]?.price = nil }
        }
        if let limits = other.limits {
            self.limits = limits
            for name in (regions ?? [:]).keys { regions?[name]?.limits = nil }
        }
        guard let added = other.regions else { return }
        regions = (regions ?? [:]).merging(added) { Regional(price: $1.price ?? $0.price, limits: $1.limits ?? $0.limits) }
    }

    /// What a model of another provider may take over: neither price nor limits are its own.
    var abroad: ModelPatch {
        var patch = self
        (patch.price, patch.limits, patch.regions, patch.streaming) = (nil, nil, nil, nil)
        return patch
    }
}
