import QdocCore
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
            guard case .hosted(let endpoint, _) = choice else { return nil }
            return endpoint.name
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
        guard case .hosted(let endpoint, _) = choice else {
            Issue.record("no hosted model")
            return
        }
        #expect(endpoint.key?.exposed == "sk-hidden")
        #expect(!"\(choice)".contains("hidden"))
        #expect(try Subprocess("/bin/chmod").run("666", path).status == 0)
        #expect(code { _ = try choose("openai/x", environment: ["OPENAI_API_KEY_FILE": path]) } == .invalidConfiguration)
    }

    @Test("Images are made for the family of the model")
    func imageRules() {
        #expect(ModelCatalogue.imageRule(model: "qvq-max-latest", maxSide: nil).patch == 28)
        #expect(ModelCatalogue.imageRule(model: "Qwen/Qwen2.5-VL-7B", maxSide: nil).patch == 28)
        #expect(ModelCatalogue.imageRule(model: "qwen3-vl-plus", maxSide: 900).patch == 32)
        #expect(ModelCatalogue.imageRule(model: "qwen3-vl-plus", maxSide: 900).maxSide == 900)
    }
}
