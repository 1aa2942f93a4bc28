import QdocCore
import QdocJournal
import QdocModel
import QdocPipeline
import QdocReport
import QdocRuntime
import QdocTransport

/// What the commands that ask a hosted model share: how it is asked, what it may cost, where the books are.
struct HostedSetup {
    let question: QuestionSettings
    let rules: ModelAccess.Rules
    let storePath: String
    /// Whether texts and answers are kept, or nothing but the bill.
    let keepsText: Bool

    /// - Throws: `invalid_arguments`, `invalid_configuration`.
    init(
        _ parsed: ParsedArguments, choice: HostedChoice, pipeline: Pipeline, configuration: Configuration, environment: Environment
    ) throws(Failure) {
        let endpoint = choice.endpoint
        let thinking = parsed.value("thinking").flatMap { Configuration.ThinkingChoice(rawValue: $0) } ?? configuration.thinking
        let asked = QuestionSettings(
            thinks: try Self.thinks(thinking ?? .auto, choice, pipeline, try configuration.catalogue()),
            thinkingBudget: parsed.count("thinking-budget") ?? configuration.thinkingBudget,
            maxOutputTokens: parsed.count("max-output") ?? configuration.maxOutput,
            temperature: try Self.decimal(parsed, "temperature") ?? configuration.temperature,
            seed: parsed.count("seed") ?? configuration.seed,
            maxRepairs: parsed.count("max-repairs") ?? QuestionSettings.defaultMaxRepairs)
        question = asked.filled(from: pipeline, for: endpoint)
        var caps = configuration.caps
        if let text = parsed.value("budget") {
            let budget = try Self.budget(text, currency: endpoint.profile.price.currency ?? .usd)
            caps.perRun[budget.currency] = budget
        }
        let policy = parsed.value("on-unknown").flatMap { UnknownPolicy(rawValue: $0) } ?? configuration.onUnknown
        rules = ModelAccess.Rules(
            caps: caps, onUnknown: policy ?? .hold, maxCalls: parsed.count("max-calls"),
            creditsWarn: configuration.creditsWarn, creditsStop: configuration.creditsStop)
        storePath = try StorePath.find(named: parsed.value("store"), configuration: configuration, environment: environment)
        keepsText = !parsed.has("no-store")
    }

    func open(_ endpoint: ModelEndpoint) async throws(Failure) -> ModelAccess {
        let journal = try await Failure.only { try await Journal(path: storePath, keepsText: keepsText) }
        return ModelAccess(endpoint: endpoint, transport: try HTTPClient(), journal: journal, rules: rules)
    }

    /// What is sent explicitly to a model that can be told; `auto` asks the pipeline, then the table of pipelines.
    private static func thinks(
        _ thinking: Configuration.ThinkingChoice, _ choice: HostedChoice, _ pipeline: Pipeline, _ catalogue: Catalogue
    ) throws(Failure) -> Bool? {
        switch thinking {
        case .on: return true
        case .off: return false
        case .auto:
            guard case .hybrid = choice.endpoint.profile.thinking, choice.endpoint.thinkingSwitch != .none else { return nil }
            return pipeline.thinks ?? choice.model.thinks ?? catalogue.automatic(for: pipeline.name)?.thinks
        }
    }

    private static func decimal(_ parsed: ParsedArguments, _ name: String) throws(Failure) -> JSONNumber? {
        guard let text = parsed.value(name) else { return nil }
        guard let number = JSONNumber(text), (0...2).contains(number.double) else {
            throw Failure(.invalidArguments, "--\(name) takes a number from 0 to 2, not “\(DisplayText.safe(text))”")
        }
        return number
    }

    /// `0.50` in the model's currency, or with a currency of its own: `10CNY`, `10 CNY`.
    static func budget(_ text: String, currency: Currency) throws(Failure) -> Money {
        let number = text.prefix { $0.isNumber || $0 == "." }
        let code = text.dropFirst(number.count).drop { $0 == " " }
        guard let named = code.isEmpty ? currency : Currency(code.uppercased()), let money = Money(number, named) else {
            throw Failure(
                .invalidArguments, "--budget takes an amount, not “\(DisplayText.safe(text))”",
                remedy: "write it as 0.50, or with a currency as 10CNY")
        }
        return money
    }
}

/// Where runs, calls and answers are kept.
enum StorePath {
    /// `--store` over `QDOC_STORE` over the configuration over `$XDG_STATE_HOME/qdoc/store.db`.
    ///
    /// - Source: XDG Base Directory Specification 0.8 for the variable and its default; relative paths in it are ignored.
    static func find(named: String?, configuration: Configuration, environment: Environment) throws(Failure) -> String {
        if let path = named ?? environment["QDOC_STORE"] ?? configuration.store { return path }
        let state = environment["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        guard let folder = state ?? environment["HOME"].map({ "\($0)/.local/state" }) else {
            throw Failure(
                .invalidConfiguration, "there is no home folder for the store",
                remedy: "set HOME or XDG_STATE_HOME, or name one with --store")
        }
        return "\(folder)/qdoc/store.db"
    }
}
