import QdocCore
import QdocIngest
import QdocPipeline
import QdocReport
import QdocRuntime
import QdocTesting
import QdocTransport

/// What a test of whole runs needs: the real child, the samples, and their truth.
enum Bench {
    static func run(
        _ path: String, answerer: Answerer = .local, options: RunOptions = RunOptions(), pipeline: Pipeline? = nil,
        onEvent: @escaping @Sendable (RunEvent) async -> Void = { _ in }
    ) async throws -> Report {
        let ingest = try Ingest(options: IngestOptions(decoderPath: Project.products + "/qdoc-decode"), workFile: try WorkFile())
        let pipeline = try pipeline ?? Pipeline.find("report")
        let report = await Runner(pipeline: pipeline, answerer: answerer, options: options, ingest: ingest).run(
            path: path, onEvent: onEvent)
        await ingest.close()
        return report
    }

    static func sample(_ name: String) -> String { Project.path("samples/\(name)") }

    static func truth(_ name: String) throws -> JSONValue {
        try JSONParser.parse(Project.text("samples/truth/\(name).json"))
    }

    /// A hosted model at an address of a loopback server.
    static func hosted(at baseURL: String) throws -> Answerer {
        let rule = ImageRule(patch: 28, minPixels: 3_136, maxPixels: 1_003_520)
        return .hosted(ModelEndpoint(provider: "openai", model: "scripted", baseURL: baseURL, key: nil, profile: ModelProfile(fields: [.images], image: rule, price: .free)), try HTTPClient())
    }
}

/// Collects the events of a run.
actor EventCollector {
    private(set) var events: [RunEvent] = []

    func add(_ event: RunEvent) {
        events.append(event)
    }
}
