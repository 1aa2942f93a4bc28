import QdocCore
import QdocModel
import QdocRuntime
import QdocTesting
import Testing

@testable import QdocApp

@Suite struct ModelChoiceTests {
    private func choose(
        _ model: String? = nil, baseURL: String? = nil, isOffline: Bool = false, configuration: Configuration = Configuration(),
        environment: [String: String] = [:]
    ) throws(Failure) -> ModelChoice {
        try ModelChoice(
            named: model, baseURL: baseURL, maxSide: nil, isOffline: isOffline, configuration: configuration,
            environment: Environment(environment))
    }

    private func code(_ body: () throws -> Void) -> Failure.Code? {
        do { try body() } catch { return (error as? Failure)?.code }
        return nil
    }

    @Test("A key in the environment alone sends nothing anywhere")
    func keyAlone() throws {
        #expect(try choose(environment: ["OPENAI_API_KEY": "k", "DASHSCOPE_API_KEY": "k"]) == .local)
    }

    @Test("An option rules over the environment, which rules over the file")
    func order() throws {
        var configuration = Configuration()
        configuration.model = "openai/file"
        let environment = ["OPENAI_API_KEY": "k"]
        func name(_ choice: ModelChoice) -> String? {
            guard case .hosted(let hosted) = choice else { return nil }
            return hosted.endpoint.name
        }
        #expect(try name(choose(configuration: configuration, environment: environment)) == "openai/file")
        #expect(
            try name(choose(configuration: configuration, environment: environment.merging(["QDOC_MODEL": "openai/env"]) { $1 }))
                == "openai/env")
        #expect(
            try name(
                choose("openai/flag", configuration: configuration, environment: environment.merging(["QDOC_MODEL": "openai/env"]) { $1 }))
                == "openai/flag")
        #expect(try choose("local", configuration: configuration) == .local)
    }

    @Test("A missing key is found at once, except where the endpoint is this machine")
    func missingKey() throws {
        #expect(code { _ = try choose("openai/x") } == .missingKey)
        #expect(code { _ = try choose("openai/x", baseURL: "https://example.org/v1") } == .missingKey)
        for address in ["http://127.0.0.1:8000/v1", "http://localhost:11434/v1/", "http://[::1]:8080/v1", "http://127.9.9.9/v1"] {
            #expect(code { _ = try choose("openai/x", baseURL: address) } == nil, "\(address)")
        }
        for address in ["http://127.0.0.1.example.org/v1", "http://localhost.example.org/v1", "http://127.1.evil/v1"] {
            #expect(code { _ = try choose("openai/x", baseURL: address) } == .missingKey, "\(address)")
        }
    }

    @Test(
        "Names and addresses that mean nothing are refused",
        arguments: [
            ("gpt", nil, Failure.Code.unknownModel), ("openai/", nil, .unknownModel), ("opnai/x", nil, .unknownModel),
            ("openai/a b", nil, .unknownModel),
            ("openai/x", "ftp://example.org", .invalidConfiguration),
            ("openai/x", "https://user:pass@example.org/v1", .invalidConfiguration),
            ("openai/x", "https:///v1", .invalidConfiguration), ("openai/x", "https://example.org/v1?x=1", .invalidConfiguration),
            ("local", "http://127.0.0.1/v1", .invalidArguments),
        ])
    func refused(model: String, baseURL: String?, expected: Failure.Code) {
        #expect(code { _ = try choose(model, baseURL: baseURL, environment: ["OPENAI_API_KEY": "k"]) } == expected)
    }

    @Test("Offline and a hosted model contradict each other")
    func offline() throws {
        #expect(code { _ = try choose("openai/x", isOffline: true, environment: ["OPENAI_API_KEY": "k"]) } == .offline)
        #expect(try choose(isOffline: true) == .local)
    }

    @Test("A key file that others may write is refused; one of our own is read, and the key never shows")
    func keyFile() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("sk-hidden\n", to: "key")
        let choice = try choose("openai/x", environment: ["OPENAI_API_KEY_FILE": path])
        #expect(try endpoint(choice).key?.exposed == "sk-hidden")
        #expect(!"\(choice)".contains("hidden"))
        #expect(try Subprocess("/bin/chmod").run("666", path).status == 0)
        #expect(code { _ = try choose("openai/x", environment: ["OPENAI_API_KEY_FILE": path]) } == .invalidConfiguration)
    }

    private func endpoint(_ choice: ModelChoice) throws -> ModelEndpoint {
        guard case .hosted(let hosted) = choice else { throw Failure(.internalError, "no hosted model") }
        return hosted.endpoint
    }

    private func configured(_ text: String) throws -> Configuration { try Configuration(Array(text.utf8), name: "q.yaml") }

    @Test("Images are made for the family of the model, no larger than the user wants")
    func imageRules() throws {
        let environment = Environment(["DASHSCOPE_API_KEY": "k"])
        let choice = try ModelChoice(
            named: "dashscope/qwen3-vl-plus", baseURL: nil, maxSide: 900, isOffline: false, configuration: Configuration(),
            environment: environment)
        #expect(try endpoint(choice).profile.image.patch == 32)
        #expect(try endpoint(choice).profile.image.maxSide == 900)
        #expect(try endpoint(choose("openai/x", baseURL: "http://127.0.0.1/v1")).profile.price == .free)
    }

    @Test("The key of a region goes over that of its provider, and an address of a region is that region")
    func regions() throws {
        let keys = ["DASHSCOPE_API_KEY": "general", "DASHSCOPE_BEIJING_API_KEY": "beijing"]
        let beijing = try endpoint(choose("dashscope@beijing/kimi-k2.5", environment: keys))
        #expect(beijing.key?.exposed == "beijing" && beijing.region == "beijing" && beijing.profile.price.currency == .cny)
        #expect(try endpoint(choose("dashscope@us/qvq-max", environment: keys)).key?.exposed == "general")
        let moved = ["DASHSCOPE_BASE_URL": "https://dashscope.aliyuncs.com/compatible-mode/v1"].merging(keys) { $1 }
        let adopted = try endpoint(choose("dashscope/kimi-k2.5", environment: moved))
        #expect(adopted.region == "beijing" && adopted.key?.exposed == "beijing")
        // A variable of the provider says nothing of another region.
        #expect(try endpoint(choose("dashscope@us/qvq-max", environment: moved)).baseURL.contains("dashscope-us"))
        let native = try endpoint(choose("dashscope-native@beijing/qvq-max", environment: keys))
        #expect(native.wire == .dashscope && native.key?.exposed == "beijing" && native.baseURL == "https://dashscope.aliyuncs.com/api/v1")
    }

    @Test("A key file is for the host of its record alone")
    func hostOfRecord() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("sk-file\n", to: "key")
        let general = try configured("providers: {dashscope: {key-file: \(path)}, openai: {key-file: \(path)}}")
        #expect(try endpoint(choose("dashscope/qvq-max", configuration: general)).key?.exposed == "sk-file")
        #expect(try endpoint(choose("dashscope-native/qvq-max", configuration: general)).key?.exposed == "sk-file")
        #expect(code { _ = try choose("dashscope@beijing/qvq-max", configuration: general) } == .missingKey)
        #expect(code { _ = try choose("openai/x", baseURL: "https://example.org/v1", configuration: general) } == .missingKey)
        #expect(try endpoint(choose("openai/x", baseURL: "http://127.0.0.1:1/v1", configuration: general)).key == nil)
        let own = try configured("providers: {openai: {key-file: \(path), base-url: \"https://example.org/v1\"}}")
        #expect(try endpoint(choose("openai/x", configuration: own)).key?.exposed == "sk-file")
        let region = try configured("providers: {dashscope@beijing: {key-file: \(path)}}")
        #expect(try endpoint(choose("dashscope@beijing/qvq-max", configuration: region)).key?.exposed == "sk-file")
        #expect(code { _ = try choose("dashscope/qvq-max", configuration: region) } == .missingKey)
    }

    @Test("Servers of one's own need no key, wherever they are")
    func noKey() throws {
        #expect(try endpoint(choose("ollama/qwen3-vl")).key == nil)
        let remote = try endpoint(choose("vllm/x", environment: ["VLLM_BASE_URL": "https://gpu.example/v1", "VLLM_API_KEY": "k"]))
        #expect(remote.key?.exposed == "k" && remote.profile.price == .free)
        #expect(try endpoint(choose("litellm/x")).profile.price == .unknown)
    }
}
