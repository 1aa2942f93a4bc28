import QdocCore
import QdocJournal
import QdocModel
import QdocReport
import QdocRuntime

/// What the user's configuration file says; nil where it says nothing.
struct Configuration: Hashable, Sendable {
    /// Whether a model that can think is told to.
    enum ThinkingChoice: String, CaseIterable, Sendable {
        case on, off
        /// As the kind of pipeline asks.
        case auto
    }

    var model: String?
    var pipeline: String?
    var jobs: Int?
    var window: Int?
    var maxSide: Int?
    var maxOutput: Int?
    var isOffline: Bool?
    var showsReasoning: Bool?
    var thinking: ThinkingChoice?
    var thinkingBudget: Int?
    var temperature: JSONNumber?
    var seed: Int?
    var onUnknown: UnknownPolicy?
    var store: String?
    /// Of a provider's own credits: what is left when the user is warned.
    var creditsWarn: JSONNumber?
    /// What is left when nothing more is sent.
    var creditsStop: JSONNumber?
    var caps = SpendingCaps()
    /// What it says of providers and models.
    var overrides = CatalogueOverrides()

    /// A configuration of a thousand lines fits many times.
    static let sizeLimit = 256 << 10

    /// Where the user's own file lies; nil where there is no home.
    ///
    /// The working directory is not searched: a file that came with somebody's documents must not say where they are sent.
    static func path(environment: Environment) -> String? {
        // XDG Base Directory Specification 0.8: a relative path is invalid and ignored.
        let named = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        let folder = named ?? environment["HOME"].map { "\($0)/.config" }
        return folder.map { "\($0)/qdoc/qdoc.yaml" }
    }

    /// Reads the file that was named, or the user's own if there is one.
    ///
    /// - Throws: `invalid_configuration`.
    static func load(named: String?, environment: Environment) throws(Failure) -> Configuration {
        guard let path = named ?? path(environment: environment).flatMap({ Files.exists($0) ? $0 : nil }) else { return Configuration() }
        return try Configuration(try bytes(path), name: path)
    }

    /// The bytes of a configuration file that only its owner can write.
    ///
    /// - Throws: `invalid_configuration`.
    static func bytes(_ path: String) throws(Failure) -> [UInt8] {
        guard !Files.isWritableByOthers(path) else {
            throw Failure(
                .invalidConfiguration, "\(DisplayText.safe(path)) can be written by others: it says where documents and keys are sent",
                remedy: "make it yours alone: chmod go-w, owned by you or root")
        }
        do {
            return try Files.read(path, limit: sizeLimit)
        } catch {
            throw Failure(.invalidConfiguration, "the configuration: \(DisplayText.safe(error.message))", remedy: error.remedy)
        }
    }

    /// The model that answers where none is named: `QDOC_MODEL` over the file over the local reader.
    func defaultModel(_ environment: Environment) -> String {
        environment["QDOC_MODEL"] ?? model ?? Catalogue.local
    }

    /// The models that are known, with what the file says over them.
    ///
    /// - Throws: `internal_error`.
    func catalogue() throws(Failure) -> Catalogue { try Catalogue.shipped().merging(overrides) }

    /// The endpoint of a provider: what was named over its variable over the file over its own.
    ///
    /// - Throws: `invalid_configuration`, naming where the address was written.
    func address(
        of provider: CatalogueProvider, region: CatalogueRegion? = nil, named: String? = nil, environment: Environment
    ) throws(Failure) -> EndpointAddress {
        if let named { return try EndpointAddress(named, origin: "--base-url") }
        let isFirst = region == nil || region?.name == provider.regions.first?.name
        // The provider's variable speaks of the region that is meant where none is named.
        for variable in [region?.baseURLVariable, isFirst ? provider.baseURLVariable : nil].compactMap(\.self) {
            if let text = environment[variable] { return try EndpointAddress(text, origin: variable) }
        }
        let name = "\(provider.name)\(isFirst ? "" : "@\(region?.name ?? "")")"
        let isConfigured = region?.isConfigured ?? provider.isConfigured
        return try EndpointAddress(
            region?.baseURL ?? provider.baseURL ?? "", origin: isConfigured ? "base-url of \(name) in the configuration" : name)
    }
}
