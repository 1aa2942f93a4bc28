import QdocCore
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
        #expect(configuration.providers["openai"]?.baseURL == "http://127.0.0.1:8000/v1")
        #expect(configuration.providers["openai"]?.keyFile == "/etc/keys/openai")
        for row in ConfigurationTable.keys { #expect(text.contains(row.name + ":")) }
    }

    @Test("Every mistake is named with its line and column")
    func mistakes() {
        let text = "modle: x\njobs: many\nreasoning: maybe\nproviders:\n  opnai: {}\n  openai:\n    url: x\noffline: 1\n"
        let failure = #expect(throws: Failure.self) { try Configuration(Array(text.utf8), name: "q.yaml") }
        #expect(failure?.code == .invalidConfiguration)
        let expected = [
            "q.yaml:1:1: there is no key “modle”; did you mean “model”?", "q.yaml:2:7: “jobs” must be a whole number from 1 to 64",
            "q.yaml:3:12: “reasoning” must be one of show, hide", "q.yaml:5:3: there is no key “opnai”; did you mean “openai”?",
            "q.yaml:7:5: there is no key “url”; known are base-url, key-file", "q.yaml:8:10: “offline” must be true or false",
        ]
        #expect(failure?.message.split(separator: "\n").map(String.init) == expected)
        let told = failure.map(Program.text) ?? ""
        #expect(told.split(separator: "\n").count == expected.count + 1)
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
