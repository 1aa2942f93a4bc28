import QdocCore
import QdocJournal
import QdocModel
import QdocRuntime
import QdocTesting
import Testing

@testable import QdocApp

@Suite struct ConfigurationTests {
    @Test("Every key is read")
    func all() throws {
        let text = """
            model: dashscope/qvq-max
            pipeline: report
            jobs: 2
            window: 4
            max-side: 1600
            max-output: 4096
            offline: false
            reasoning: hide
            thinking: auto
            thinking-budget: 4000
            temperature: 0.2
            seed: 7
            on-unknown: retry-once
            store: /var/lib/qdoc/store
            credits-warn: 2.5
            credits-stop: 0
            caps:
              request: {USD: 0.5}
              run: {USD: 1, CNY: 10}
              day: {USD: 20}
              key: {EUR: 100.25}
            models:
              openai/x: {price: {currency: USD, input: 0.4, output: 2.4}}
            providers:
              openai:
                base-url: http://127.0.0.1:8000/v1
                key-file: /etc/keys/openai
            """
        let configuration = try Configuration(Array(text.utf8), name: "qdoc.yaml")
        #expect(configuration.model == "dashscope/qvq-max")
        #expect(configuration.pipeline == "report")
        #expect(configuration.jobs == 2)
        #expect(configuration.window == 4)
        #expect(configuration.maxSide == 1600)
        #expect(configuration.maxOutput == 4096)
        #expect(configuration.isOffline == false)
        #expect(configuration.showsReasoning == false)
        #expect(configuration.thinking == .auto && configuration.thinkingBudget == 4000 && configuration.seed == 7)
        #expect(configuration.temperature?.lexical == "0.2" && configuration.onUnknown == .retryOnce)
        #expect(configuration.store == "/var/lib/qdoc/store")
        #expect(configuration.creditsWarn?.lexical == "2.5" && configuration.creditsStop?.lexical == "0")
        #expect(configuration.caps.perRequest.values.map(\.description) == ["$0.50"])
        #expect(configuration.caps.perRun.values.map(\.description).sorted() == ["$1.00", "10.00 CNY"])
        #expect(configuration.caps.perDay.values.map(\.description) == ["$20.00"])
        #expect(configuration.caps.perKey.values.map(\.description) == ["100.25 EUR"])
        let openai = try configuration.catalogue().provider("openai")
        #expect(openai?.baseURL == "http://127.0.0.1:8000/v1")
        #expect(openai?.keyFile == "/etc/keys/openai")
        #expect(try configuration.catalogue().resolve("openai/x")?.profile.price.currency == .usd)
        for row in ConfigurationTable.keys { #expect(text.contains(row.name + ":")) }
    }

    @Test("Every mistake is named with its line and column")
    func mistakes() {
        let text = "modle: x\njobs: many\nreasoning: maybe\nproviders:\n  opnai: {}\n  openai:\n    base-ulr: x\noffline: 1\n"
        let failure = #expect(throws: Failure.self) { try Configuration(Array(text.utf8), name: "q.yaml") }
        #expect(failure?.code == .invalidConfiguration)
        let expected = [
            "q.yaml:1:1: there is no key “modle”; did you mean “model”?", "q.yaml:2:7: “jobs” must be a whole number from 1 to 64",
            "q.yaml:3:12: “reasoning” must be one of show, hide",
            "q.yaml:5:3: there is no provider “opnai”; did you mean “openai”? A new one needs “base-url”",
            "q.yaml:7:5: there is no key “base-ulr”; did you mean “base-url”?", "q.yaml:8:10: “offline” must be true or false",
        ]
        #expect(failure?.message.split(separator: "\n").map(String.init) == expected)
        let told = failure.map(Program.text) ?? ""
        #expect(told.split(separator: "\n").count == expected.count + 1)
    }

    @Test("Mistakes about money are named with their place")
    func money() {
        let text = "caps: {rn: {USD: 1}, run: {usd: 1, USD: -1}, day: 5}\ntemperature: 3\nthinking: true\nmodels: {x: {}}\n"
        let failure = #expect(throws: Failure.self) { try Configuration(Array(text.utf8), name: "q.yaml") }
        let expected = [
            "q.yaml:1:8: there is no key “rn”; did you mean “run”?",
            "q.yaml:1:28: “usd” is no currency: write three capital letters, as in USD",
            "q.yaml:1:41: a cap must be a decimal of at most nine places", "q.yaml:1:51: “day” must be a mapping",
            "q.yaml:2:14: “temperature” must be a decimal from 0 to 2", "q.yaml:3:11: “thinking” must be one of on, off, auto",
            "q.yaml:4:10: “x” names no model: write PROVIDER/MODEL",
        ]
        #expect(failure?.message.split(separator: "\n").map(String.init) == expected)
    }

    @Test("A file's name brings no lines of its own into the list of mistakes")
    func hostileName() {
        let failure = #expect(throws: Failure.self) { try Configuration(Array("modle: x".utf8), name: "a\nb\u{1B}.yaml") }
        #expect(failure?.message.hasPrefix("a b␛.yaml:1:1: ") == true)
        #expect(failure?.message.contains("\n") == false)
    }

    @Test("A configuration that was named and is not there is a mistake of the command line")
    func absent() {
        let failure = #expect(throws: Failure.self) { try Configuration.load(named: "/nonexistent.yaml", environment: Environment([:])) }
        #expect(failure.map { ExitStatus($0.code) } == .usage)
    }

    @Test("A file without settings says nothing", arguments: ["", "\n\n", "# nothing\n   # yet\n"])
    func empty(text: String) throws {
        #expect(try Configuration(Array(text.utf8), name: "q.yaml") == Configuration())
    }

    @Test("The user's own file is found by XDG, and the working directory is not searched")
    func paths() throws {
        #expect(Configuration.path(environment: Environment(["HOME": "/h"])) == "/h/.config/qdoc/qdoc.yaml")
        #expect(Configuration.path(environment: Environment(["HOME": "/h", "XDG_CONFIG_HOME": "/x"])) == "/x/qdoc/qdoc.yaml")
        #expect(Configuration.path(environment: Environment(["HOME": "/h", "XDG_CONFIG_HOME": "x"])) == "/h/.config/qdoc/qdoc.yaml")
        #expect(Configuration.path(environment: Environment([:])) == nil)
        let folder = try TemporaryFolder()
        #expect(try Configuration.load(named: nil, environment: Environment(["HOME": folder.path])) == Configuration())
    }

    @Test("A file that others may write is refused: it says where documents are sent")
    func permissions() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("model: local\n", to: "qdoc.yaml")
        #expect(try Configuration.load(named: path, environment: Environment([:])).model == "local")
        #expect(try Subprocess("/bin/chmod").run("622", path).status == 0)
        #expect(throws: Failure.self) { try Configuration.load(named: path, environment: Environment([:])) }
    }
}
