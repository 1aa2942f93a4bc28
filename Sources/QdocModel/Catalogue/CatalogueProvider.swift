public import QdocCore

/// What a model costs and where that is known from.
public struct CataloguePrice: Sendable, Hashable {
    public var price: Price
    /// The day of the list, `2026-02-28`.
    public var date: String?
    /// Whether its provider says “about”.
    public var isApproximate: Bool

    init(_ price: Price, date: String? = nil, isApproximate: Bool = false) {
        self.price = price
        self.date = date
        self.isApproximate = isApproximate
    }
}

/// One of several addresses of a provider, with a key of its own.
public struct CatalogueRegion: Sendable, Hashable {
    public var name: String
    public var baseURL: String
    public var baseURLVariable: String?
    /// Goes over the provider's variable.
    public var keyVariable: String?
    public var keyFile: String?
    /// Whether the user's configuration added it: then nobody can say which models it has.
    var isAdded = false
    /// Whether the user's configuration gave the address.
    public var isConfigured = false
}

/// Somebody who can be asked: a record of an address, its key and its protocol.
public struct CatalogueProvider: Sendable, Hashable {
    /// Stands before the slash of a model's name.
    public var name: String
    public var title: String
    public var help: String
    public var wire: WireProtocol
    /// The provider whose keys and models these are: its own name, or another that is the same account in another protocol.
    public var account: String
    /// Nil where there are regions.
    public var baseURL: String?
    public var baseURLVariable: String?
    /// Whether the user's configuration gave the address.
    public var isConfigured: Bool
    public var keyVariable: String?
    public var keyFile: String?
    /// False of servers that ask for no key unless their owner says so.
    public var needsKey: Bool
    public var keyHeader: KeyHeader
    public var thinkingSwitch: ThinkingSwitch
    public var outputLimitField: String
    public var hasInlineThought: Bool
    /// Whether it is asked for models that are not listed, too.
    public var takesAnyModel: Bool
    /// Whether a model without a price costs nothing where the endpoint is on this machine; false of proxies that spend elsewhere.
    public var isFreeHere: Bool
    /// Of models that have no price of their own.
    public var price: CataloguePrice
    public var limits: RateLimits
    var defaults: ModelPatch
    /// The first is meant where none is named.
    public var regions: [CatalogueRegion]

    init(name: String) {
        self.name = name
        title = name
        help = ""
        wire = .chat
        account = name
        isConfigured = false
        needsKey = true
        keyHeader = .bearer
        thinkingSwitch = .none
        outputLimitField = "max_tokens"
        hasInlineThought = true
        takesAnyModel = true
        isFreeHere = true
        price = CataloguePrice(.unknown)
        limits = RateLimits()
        defaults = ModelPatch()
        defaults.fields = [.images, .system, .temperature, .seed, .maxTokens]
        regions = []
    }

    /// A region by its name.
    public func region(_ name: String) -> CatalogueRegion? { regions.first { $0.name == name } }
}

/// What a text says of a provider: nil where it says nothing.
struct ProviderPatch: Sendable, Hashable {
    var title: String?
    var help: String?
    var wire: WireProtocol?
    var account: String?
    var baseURL: String?
    var baseURLVariable: String?
    var keyVariable: String?
    var keyFile: String?
    var needsKey: Bool?
    var keyHeader: KeyHeader?
    var thinkingSwitch: ThinkingSwitch?
    var outputLimitField: String?
    var hasInlineThought: Bool?
    var takesAnyModel: Bool?
    var isFreeHere: Bool?
    var price: CataloguePrice?
    var limits: RateLimits?
    var defaults: ModelPatch?
    /// In the order written.
    var regions: [RegionPatch] = []

    /// - Parameter isShipped: Whether the catalogue itself speaks, not the user's configuration.
    func apply(to provider: inout CatalogueProvider, isShipped: Bool) {
        provider.title = title ?? provider.title
        provider.help = help ?? provider.help
        provider.wire = wire ?? provider.wire
        provider.account = account ?? provider.account
        provider.baseURLVariable = baseURLVariable ?? provider.baseURLVariable
        provider.keyVariable = keyVariable ?? provider.keyVariable
        provider.keyFile = keyFile ?? provider.keyFile
        provider.needsKey = needsKey ?? provider.needsKey
        provider.keyHeader = keyHeader ?? provider.keyHeader
        provider.thinkingSwitch = thinkingSwitch ?? provider.thinkingSwitch
        provider.outputLimitField = outputLimitField ?? provider.outputLimitField
        provider.hasInlineThought = hasInlineThought ?? provider.hasInlineThought
        provider.takesAnyModel = takesAnyModel ?? provider.takesAnyModel
        provider.isFreeHere = isFreeHere ?? provider.isFreeHere
        provider.price = price ?? provider.price
        provider.limits = limits ?? provider.limits
        if let defaults { provider.defaults.overlay(defaults) }
        for region in regions { region.apply(to: &provider, isShipped: isShipped) }
        guard let baseURL else { return }
        // Of a provider with regions the address is that of the first, which is meant where none is named.
        if provider.regions.isEmpty {
            provider.baseURL = baseURL
            provider.isConfigured = !isShipped
        } else {
            provider.regions[0].baseURL = baseURL
            provider.regions[0].isConfigured = !isShipped
        }
    }
}

/// What a text says of a region.
struct RegionPatch: Sendable, Hashable {
    var name: String
    var baseURL: String?
    var baseURLVariable: String?
    var keyVariable: String?
    var keyFile: String?

    func apply(to provider: inout CatalogueProvider, isShipped: Bool) {
        let index = provider.regions.firstIndex { $0.name == name } ?? provider.regions.endIndex
        if index == provider.regions.endIndex {
            // That a new region has an address was checked where the text was read.
            provider.regions.append(CatalogueRegion(name: name, baseURL: baseURL ?? "", isAdded: !isShipped))
        }
        if let baseURL {
            provider.regions[index].baseURL = baseURL
            provider.regions[index].isConfigured = !isShipped
        }
        provider.regions[index].baseURLVariable = baseURLVariable ?? provider.regions[index].baseURLVariable
        provider.regions[index].keyVariable = keyVariable ?? provider.regions[index].keyVariable
        provider.regions[index].keyFile = keyFile ?? provider.regions[index].keyFile
    }
}
