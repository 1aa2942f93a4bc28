import QdocCore
import Testing

@testable import QdocModel

/// What a test asks.
enum Question {
    static func image(_ number: Int = 1, width: Int = 56, height: Int = 56, bytes: [UInt8] = [0xFF, 0xFE, 0xFD, 0xFC]) -> EncodedImage {
        let record = ImageRecord(
            number: number, page: PageReference(source: 1, pageNumber: number), size: PixelSize(width: width, height: height),
            byteCount: bytes.count, encoding: .png, sha256: "", tokens: 6, pixelsPerPoint: 1)
        return EncodedImage(record: record, bytes: bytes)
    }

    static func request(_ parts: [ModelRequest.Part] = [.text("Hello")], _ change: (inout ModelRequest) -> Void = { _ in }) -> ModelRequest
    {
        var request = ModelRequest(parts: parts, maxOutputTokens: 100)
        change(&request)
        return request
    }

    static func profile(
        _ thinking: Thinking = .none, _ fields: Set<RequestField> = [.images, .maxTokens], _ change: (inout ModelProfile) -> Void = { _ in }
    ) -> ModelProfile {
        var profile = ModelProfile(
            thinking: thinking, fields: fields, image: ImageRule(patch: 28, minPixels: 3136, maxPixels: 1_003_520), price: .free)
        change(&profile)
        return profile
    }
}

@Suite("What a model cannot take") struct RequestRulesTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var request: ModelRequest
        var profile: ModelProfile
        var thinkingSwitch = ThinkingSwitch.enableThinking
        /// Part of the message; nil where the request is fine.
        var says: String?
    }

    private static let hybrid = Thinking.hybrid(isOnByDefault: true)
    private static let every = Set(RequestField.allCases)

    static let cases: [Case] = [
        Case(
            testDescription: "thinking off where it always thinks", request: Question.request { $0.thinks = false },
            profile: Question.profile(.always), says: "always thinks"),
        Case(
            testDescription: "thinking on where it always thinks", request: Question.request { $0.thinks = true },
            profile: Question.profile(.always)),
        Case(
            testDescription: "thinking on where it does not", request: Question.request { $0.thinks = true }, profile: Question.profile(),
            says: "does not think"),
        Case(
            testDescription: "thinking off where it does not", request: Question.request { $0.thinks = false }, profile: Question.profile()),
        Case(
            testDescription: "thinking off where nobody can be told", request: Question.request { $0.thinks = false },
            profile: Question.profile(hybrid), thinkingSwitch: .none, says: "cannot be told"),
        Case(
            testDescription: "thinking as it is by default", request: Question.request { $0.thinks = true },
            profile: Question.profile(hybrid),
            thinkingSwitch: .none),
        Case(
            testDescription: "images for a model of text", request: Question.request([.image(Question.image())]),
            profile: Question.profile(.none, [.maxTokens]), says: "no images"),
        Case(
            testDescription: "video for a model of images",
            request: Question.request([.video([Question.image()], framesPerSecond: JSONNumber(2))]),
            profile: Question.profile(), says: "no video"),
        Case(
            testDescription: "too few frames",
            request: Question.request([.video([Question.image(), Question.image(2)], framesPerSecond: JSONNumber(2))]),
            profile: Question.profile(.none, every) { $0.videoFrames = 4...512 }, says: "takes 4 to 512 frames of a video, not 2"),
        Case(
            testDescription: "too many frames",
            request: Question.request([.video(Array(repeating: Question.image(), count: 81), framesPerSecond: JSONNumber(2))]),
            profile: Question.profile(.none, every) { $0.videoFrames = 4...80 }, says: "takes 4 to 80 frames of a video, not 81"),
        Case(
            testDescription: "frames enough",
            request: Question.request([.video(Array(repeating: Question.image(), count: 4), framesPerSecond: JSONNumber(2))]),
            profile: Question.profile(.none, every) { $0.videoFrames = 4...80 }),
        Case(
            testDescription: "a system message", request: Question.request { $0.system = "s" }, profile: Question.profile(),
            says: "no system message"),
        Case(
            testDescription: "a temperature", request: Question.request { $0.temperature = JSONNumber("0.1") }, profile: Question.profile(),
            says: "no temperature"),
        Case(testDescription: "a seed", request: Question.request { $0.seed = 1 }, profile: Question.profile(), says: "no seed"),
        Case(
            testDescription: "a thinking budget", request: Question.request { $0.thinkingBudget = 9 }, profile: Question.profile(.always),
            says: "no thinking budget"),
        Case(
            testDescription: "a thinking budget above the model's", request: Question.request { $0.thinkingBudget = 9 },
            profile: Question.profile(hybrid, every) { $0.maxThought = 8 }, says: "at most 8 tokens, not 9"),
        Case(
            testDescription: "a thinking budget of nothing", request: Question.request { $0.thinkingBudget = 0 },
            profile: Question.profile(hybrid, every), says: "budget of 0"),
        Case(
            testDescription: "more output than the model has", request: Question.request { $0.maxOutputTokens = 8_193 },
            profile: Question.profile { $0.maxOutput = 8_192 }, says: "at most 8192 tokens, not 8193"),
        Case(
            testDescription: "all that the model has", request: Question.request { $0.maxOutputTokens = 8_192 },
            profile: Question.profile { $0.maxOutput = 8_192 }),
        Case(
            testDescription: "an image too large encoded", request: Question.request([.image(Question.image(7, bytes: [0, 0, 0, 0]))]),
            profile: Question.profile { $0.maxDataURI = 29 }, says: "image 7 has 30"),
        Case(
            testDescription: "an image just small enough", request: Question.request([.image(Question.image(7, bytes: [0, 0, 0, 0]))]),
            profile: Question.profile { $0.maxDataURI = 30 }),
        Case(
            testDescription: "an image too small", request: Question.request([.image(Question.image(3, width: 10, height: 400))]),
            profile: Question.profile(), says: "image 3 has 10x400"),
        Case(
            testDescription: "an image too long", request: Question.request([.image(Question.image(3, width: 2_201, height: 11))]),
            profile: Question.profile(), says: "image 3 has 2201x11"),
        Case(
            testDescription: "an image just long enough", request: Question.request([.image(Question.image(3, width: 2_200, height: 11))]),
            profile: Question.profile()),
        Case(
            testDescription: "a response format while it thinks",
            request: Question.request([.text("json")]) { $0.responseFormat = .jsonObject }, profile: Question.profile(hybrid, every),
            says: "while it thinks"),
        Case(
            testDescription: "a response format without thinking",
            request: Question.request([.text("Give JSON")]) {
                $0.responseFormat = .jsonObject
                $0.thinks = false
            }, profile: Question.profile(hybrid, every)),
        Case(
            testDescription: "a response format and no word of JSON", request: Question.request { $0.responseFormat = .jsonObject },
            profile: Question.profile(.none, every), says: "JSON"),
        Case(
            testDescription: "a JSON object that nobody can be held to",
            request: Question.request([.text("json")]) { $0.responseFormat = .jsonObject },
            profile: Question.profile(), says: "response format"),
        Case(
            testDescription: "a JSON schema that nobody can be held to",
            request: Question.request { $0.responseFormat = .jsonSchema(name: "a", [:]) },
            profile: Question.profile(.none, [.jsonObject]), says: "response format"),
        Case(
            testDescription: "a JSON schema", request: Question.request { $0.responseFormat = .jsonSchema(name: "a", [:]) },
            profile: Question.profile(.none, [.jsonSchema])),
    ]

    @Test("is refused before anything is sent, with a remedy", arguments: cases)
    func refused(example: Case) {
        let endpoint = ModelEndpoint(
            provider: "p", model: "m", baseURL: "http://127.0.0.1/v1", key: nil, thinkingSwitch: example.thinkingSwitch,
            profile: example.profile)
        do throws(Failure) {
            try RequestRules(request: example.request, endpoint: endpoint).check()
            #expect(example.says == nil)
        } catch {
            #expect(error.code == .requestUnsupported)
            #expect(example.says.map { error.message.contains($0) } == true, "\(error.message)")
            #expect(error.remedy != nil)
        }
    }
}
