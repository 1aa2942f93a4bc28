import QdocCore
import QdocModel
import QdocRuntime

/// Who answers, with all that is needed to ask.
enum ModelChoice: Hashable, Sendable {
    case local
    case hosted(HostedChoice)

    /// Decides who answers: `-m` over `QDOC_MODEL` over the file over the local reader. A key alone decides nothing.
    ///
    /// - Parameter pipeline: Its name decides what `auto` means.
    /// - Throws: `unknown_model`, `missing_key`, `invalid_configuration`, and `offline` where a model is named although nothing may leave.
    init(
        named: String?, baseURL: String?, maxSide: Int?, isOffline: Bool, needsKey: Bool = true, pipeline: String = "report",
        configuration: Configuration, environment: Environment
    ) throws(Failure) {
        let name = named ?? configuration.defaultModel(environment)
        guard name != Catalogue.local else {
            guard baseURL == nil else {
                throw Failure(
                    .invalidArguments, "--base-url means nothing to the local reader", remedy: "name a model with -m, as in -m openai/NAME")
            }
            self = .local
            return
        }
        self = .hosted(
            try HostedChoice(
                name, baseURL: baseURL, maxSide: maxSide, isOffline: isOffline, needsKey: needsKey, pipeline: pipeline,
                configuration: configuration, environment: environment))
    }
}

/// A hosted model, where it is asked, and what is known of it.
struct HostedChoice: Hashable, Sendable {
    var endpoint: ModelEndpoint
    var address: EndpointAddress
    var model: CatalogueModel

    fileprivate init(
        _ name: String, baseURL: String?, maxSide: Int?, isOffline: Bool, needsKey: Bool, pipeline: String, configuration: Configuration,
        environment: Environment
    ) throws(Failure) {
        let catalogue = try configuration.catalogue()
        guard let reference = try catalogue.reference(name, pipeline: pipeline) else {
            throw Failure(.unknownModel, "“\(name)” names no hosted model")
        }
        let address = try configuration.address(
            of: reference.provider, region: reference.region, named: baseURL, environment: environment)
        // An address that is another region's own is that region, with its models, prices and key.
        let region =
            reference.namesRegion
            ? reference.region : reference.provider.regions.first { address.isHost(of: $0.baseURL) } ?? reference.region
        let model = try catalogue.model(reference, in: region)
        guard !isOffline else {
            throw Failure(.offline, "\(name) cannot be asked offline", remedy: "leave out --offline, or use -m local")
        }
        let keys = Keys(catalogue: catalogue, provider: model.provider, region: region, address: address)
        let key = needsKey ? try keys.find(environment) : nil
        guard key != nil || !keys.isNeeded || !needsKey else { throw keys.missing(name, environment) }
        self.address = address
        self.model = model
        endpoint = model.endpoint(baseURL: address.text, isOnThisMachine: address.isLoopback, key: key, maxSide: maxSide)
    }
}
