import QdocCore
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
    private static let sizeLimit = 256 << 10

    /// Where the user's own file lies; nil where there is no home.
    ///
    /// The working directory is not searched: a file that came with somebody's documents must not say where they are sent.
    static func path(environment: Environment) -> String? {
        let folder = environment["XDG_CONFIG_HOME"] ?? environment["HOME"].map { "\($0)/.config" }
        return folder.map { "\($0)/qdoc/qdoc.yaml" }
    }

    /// Reads the file that was named, or the user's own if there is one.
    ///
    /// - Throws: `invalid_configuration`, or what reading the file throws.
    static func load(named: String?, environment: Environment) throws(Failure) -> Configuration {
        guard let path = named ?? path(environment: environment).flatMap({ Files.exists($0) ? $0 : nil }) else { return Configuration() }
        guard !Files.isWritableByOthers(path) else {
            throw Failure(
                .invalidConfiguration, "\(path) can be written by others: it says where documents and keys are sent",
                remedy: "make it yours alone: chmod go-w, owned by you or root")
        }
        return try Configuration(try Files.read(path, limit: sizeLimit), name: path)
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
        let name = named ?? environment["QDOC_MODEL"] ?? configuration.model ?? ModelCatalogue.local
        guard let (provider, model) = try ModelCatalogue.parse(name) else {
            guard baseURL == nil else {
                throw Failure(
                    .invalidArguments, "--base-url means nothing to the local reader", remedy: "name a model with -m, as in -m openai/NAME")
            }
            self = .local
            return
        }
        let settings = configuration.providers[provider.name]
        let address: EndpointAddress =
            if let baseURL {
                try EndpointAddress(baseURL, origin: "--base-url")
            } else if let text = environment[provider.baseVariable] {
                try EndpointAddress(text, origin: provider.baseVariable)
            } else if let text = settings?.baseURL {
                try EndpointAddress(text, origin: "base-url of \(provider.name) in the configuration")
            } else {
                try EndpointAddress(provider.baseURL, origin: provider.name)
            }
        guard !isOffline else {
            throw Failure(.offline, "\(name) cannot be asked offline", remedy: "leave out --offline, or use -m local")
        }
        let key = needsKey ? try Keys.find(provider, keyFile: settings?.keyFile, environment: environment) : nil
        guard key != nil || address.isLoopback || !needsKey else {
            throw Failure(
                .missingKey, "\(name) needs a key and \(provider.keyVariable) is not set",
                remedy: "set \(provider.keyVariable) or \(provider.keyVariable)_FILE, or use -m local, which needs none")
        }
        self = .hosted(
            ModelEndpoint(
                provider: provider.name, model: model, baseURL: address.text, key: key,
                imageRule: ModelCatalogue.imageRule(model: model, maxSide: maxSide)),
            address)
    }
}
