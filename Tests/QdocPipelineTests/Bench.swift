import QdocCore
import QdocIngest
import QdocJournal
import QdocPipeline
import QdocReport
import QdocRuntime
import QdocTesting
import QdocTransport

/// What a test of whole runs needs: the real child, the samples, and their truth.
enum Bench {
    static func run(
        _ path: String, answerer: Answerer = .local, options: RunOptions = RunOptions(), pipeline: Pipeline? = nil,
        recognition: Recognition = Recognition(), onEvent: @escaping @Sendable (RunEvent) async -> Void = { _ in }
    ) async throws -> Report {
        let ingest = try Ingest(
            options: IngestOptions(
                decoderPath: Project.products + "/qdoc-decode", recognition: recognition), workFile: try WorkFile())
        let pipeline = try pipeline ?? Pipeline.find("report")
        let report = await Runner(pipeline: pipeline, answerer: answerer, options: options, ingest: ingest).run(
            path: path, onEvent: onEvent)
        await ingest.close()
        return report
    }

    /// Runs with a hosted model at an address of a loopback server, and a journal of its own.
    static func run(
        _ path: String, hostedAt baseURL: String, options: RunOptions = RunOptions(), pipeline: Pipeline? = nil,
        onEvent: @escaping @Sendable (RunEvent) async -> Void = { _ in }
    ) async throws -> Report {
        let folder = try TemporaryFolder()
        let access = try await access(to: baseURL, store: folder("store.db"))
        let report = try await run(path, answerer: .hosted(access), options: options, pipeline: pipeline, onEvent: onEvent)
        await access.close()
        return report
    }

    static func sample(_ name: String) -> String { Project.path("samples/\(name)") }

    static func truth(_ name: String) throws -> JSONValue {
        try JSONParser.parse(Project.text("samples/truth/\(name).json"))
    }

    /// A hosted model at an address of a loopback server.
    static func access(
        to baseURL: String, store: String, price: Price = .free, rules: ModelAccess.Rules = ModelAccess.Rules()
    ) async throws -> ModelAccess {
        let rule = ImageRule(patch: 28, minPixels: 3_136, maxPixels: 1_003_520)
        let profile = ModelProfile(fields: [.images, .maxTokens], maxOutput: 8_192, image: rule, price: price)
        let endpoint = ModelEndpoint(provider: "openai", model: "scripted", baseURL: baseURL, key: nil, profile: profile)
        return ModelAccess(endpoint: endpoint, transport: try HTTPClient(), journal: try await Journal(path: store), rules: rules)
    }
}

/// Collects the events of a run.
actor EventCollector {
    private(set) var events: [RunEvent] = []

    func add(_ event: RunEvent) {
        events.append(event)
    }
}
