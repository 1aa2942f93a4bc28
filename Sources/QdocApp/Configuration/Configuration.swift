import QdocCore
import QdocReport
import QdocRuntime

/// What the user's configuration file says; nil where it says nothing.
struct Configuration: Hashable, Sendable {
    struct ProviderSettings: Hashable, Sendable {
        var baseURL: String?
        var keyFile: String?
    }

    var model: String?
    var pipeline: String?
    var jobs: Int?
    var window: Int?
    var maxSide: Int?
    var maxOutput: Int?
    var isOffline: Bool?
    var showsReasoning: Bool?
    var providers: [String: ProviderSettings] = [:]

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
        environment["QDOC_MODEL"] ?? model ?? ModelCatalogue.local
    }

    /// The endpoint of a provider: what was named over its variable over the file over its own.
    ///
    /// - Throws: `invalid_configuration`, naming where the address was written.
    func address(of provider: Provider, named: String? = nil, environment: Environment) throws(Failure) -> EndpointAddress {
        if let named { return try EndpointAddress(named, origin: "--base-url") }
        if let text = environment[provider.baseVariable] { return try EndpointAddress(text, origin: provider.baseVariable) }
        if let text = providers[provider.name]?.baseURL {
            return try EndpointAddress(text, origin: "base-url of \(provider.name) in the configuration")
        }
        return try EndpointAddress(provider.baseURL, origin: provider.name)
    }
}

/// Who answers, with all that is needed to ask.
enum ModelChoice: Hashable, Sendable {
    case local
    case hosted(ModelEndpoint, EndpointAddress)

    /// Decides who answers: `-m` over `QDOC_MODEL` over the file over the local reader. A key alone decides nothing.
    ///
    /// - Throws: `unknown_model`, `missing_key`, `invalid_configuration`, and `offline` where a model is named although nothing may leave.
    init(
        named: String?, baseURL: String?, maxSide: Int?, isOffline: Bool, needsKey: Bool = true, configuration: Configuration,
        environment: Environment
    ) throws(Failure) {
        let name = named ?? configuration.defaultModel(environment)
        guard let (provider, model) = try ModelCatalogue.parse(name) else {
            guard baseURL == nil else {
                throw Failure(
                    .invalidArguments, "--base-url means nothing to the local reader", remedy: "name a model with -m, as in -m openai/NAME")
            }
            self = .local
            return
        }
        let address = try configuration.address(of: provider, named: baseURL, environment: environment)
        guard !isOffline else {
            throw Failure(.offline, "\(name) cannot be asked offline", remedy: "leave out --offline, or use -m local")
        }
        let key = needsKey ? try Keys.find(provider, configuration, environment) : nil
        guard key != nil || address.isLoopback || !needsKey else {
            throw Failure(
                .missingKey, "\(name) needs a key and \(provider.keyVariable) is not set",
                remedy: "set \(provider.keyVariable) or \(provider.keyVariable)_FILE, or use -m local, which needs none")
        }
        self = .hosted(
            ModelEndpoint(
                provider: provider.name, model: model, baseURL: address.text, key: key,
                profile: ModelProfile(
                    fields: [.images, .maxTokens], image: ModelCatalogue.imageRule(model: model, maxSide: maxSide), price: .unknown)),
            address)
    }
}
