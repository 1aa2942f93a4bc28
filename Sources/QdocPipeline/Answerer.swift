public import QdocCore
import QdocCrypto
import QdocModel
import QdocPrompt
import QdocReader
import QdocRuntime
public import QdocTransport

/// Who answers: the local reader, or a hosted model that the user named.
public enum Answerer: Sendable {
    case local
    case hosted(ModelEndpoint, HTTPClient)

    /// As reports name it.
    public var name: String {
        switch self {
        case .local: "local"
        case .hosted(let endpoint, _): endpoint.name
        }
    }

    /// How images are made for it; nil where it looks at none.
    var imageRule: ImageRule? {
        switch self {
        case .local: nil
        case .hosted(let endpoint, _): endpoint.profile.image
        }
    }

    /// What it, or the proof after it, needs to know of a page.
    var contentParts: ContentParts {
        switch self {
        case .local: .all
        case .hosted: .words
        }
    }

    func makeSource(pipeline: Pipeline, options: RunOptions, over source: Source) -> any AnswerSource {
        switch self {
        case .local: LocalReader(schema: pipeline.schema, imageSources: source.mediaType == .pdf ? [] : [source.ordinal])
        case .hosted(let endpoint, let transport):
            HostedModel(
                client: ModelClient(endpoint: endpoint, transport: transport),
                composer: PromptComposer(instructions: pipeline.instructions, schema: pipeline.schema),
                maxOutputTokens: options.maxOutputTokens)
        }
    }
}

/// A hosted model as an answer source: windows become numbered images, a request, and the events of its stream.
struct HostedModel: AnswerSource {
    let client: ModelClient
    let composer: PromptComposer
    let maxOutputTokens: Int

    func answer(_ window: AnswerWindow, emit: @Sendable (AnswerEvent) async throws -> Void) async throws {
        var images: [EncodedImage] = []
        for page in window.pages { images.append(try await page.image()) }
        let request = composer.request(images: images, maxOutputTokens: maxOutputTokens)
        let call = try client.prepare(request, call: window.number)
        let hasLeft = Flag()
        do {
            try await client.stream(call) { event in
                if hasLeft.set() { try await emit(.sent(call.egress)) }
                try await emit(event)
            }
        } catch {
            // A connection that never came about took nothing out of the machine; every other end may have.
            let failure = (error as? CallFailure)?.failure
            if failure?.code != .connectionFailed, hasLeft.set() { try await emit(.sent(call.egress)) }
            throw failure ?? error
        }
    }
}
