import QdocCore
import Testing

@testable import QdocApp

@Suite struct ArgumentParserTests {
    private func parse(_ line: String) throws(Failure) -> ParsedArguments {
        try ArgumentParser.parse(line.split(separator: " ").map(String.init), root: CommandTable.root)
    }

    @Test(
        "Values attach with a space, an equals sign or nothing",
        arguments: [
            "analyze a.pdf --jobs 4", "analyze --jobs=4 a.pdf", "analyze -j4 a.pdf", "analyze -j 4 a.pdf", "analyze -j=4 a.pdf",
            "analyze -qj4 a.pdf",
        ])
    func attached(line: String) throws {
        let parsed = try parse(line)
        #expect(parsed.count("jobs") == 4)
        #expect(parsed.positionals == ["a.pdf"])
        #expect(parsed.path == ["analyze"])
    }

    @Test("Everything after two dashes is an argument, and one dash is one")
    func dashes() throws {
        #expect(try parse("analyze -- -q --jobs").positionals == ["-q", "--jobs"])
        #expect(try parse("analyze x -o -").value("output") == "-")
        #expect(try parse("analyze -").positionals == ["-"])
    }

    @Test(
        "Help is found anywhere and needs nothing else", arguments: ["--help", "-h", "analyze --help", "pipelines -h", "pipelines show -h"])
    func help(line: String) throws {
        #expect(try parse(line).wantsHelp)
    }

    @Test("Subcommands nest")
    func nesting() throws {
        let parsed = try parse("pipelines show report")
        #expect(parsed.path == ["pipelines", "show"])
        #expect(parsed.positionals == ["report"])
    }

    @Test(
        "What cannot be understood is refused with a way on",
        arguments: [
            ("", "a command is missing: qdoc help shows the commands"),
            ("analyse x", "there is no command “analyse”: did you mean “analyze”? qdoc help shows the commands"),
            ("analyze", "FILE is missing: qdoc analyze --help shows how to use it"),
            ("analyze x --job 3", "there is no option “--job”: did you mean “--jobs”? qdoc analyze --help shows how to use it"),
            ("analyze x -z", "there is no option “-z”: qdoc analyze --help shows how to use it"),
            ("analyze x --jobs", "the option “--jobs” needs a value: N: qdoc analyze --help shows how to use it"),
            ("analyze x --jobs +3", "--jobs takes a whole number from 1 to 64, not “+3”: qdoc analyze --help shows how to use it"),
            ("analyze x --jobs 99", "--jobs takes a whole number from 1 to 64, not “99”: qdoc analyze --help shows how to use it"),
            (
                "analyze x --jobs 99999999999999999999",
                "--jobs takes a whole number from 1 to 64, not “99999999999999999999”: qdoc analyze --help shows how to use it"
            ),
            ("analyze x --quiet=yes", "the option “--quiet” takes no value: qdoc analyze --help shows how to use it"),
            (
                "analyze x --format=xml",
                "“xml” is none of text, json, md, csv, html, which --format takes: qdoc analyze --help shows how to use it"
            ),
            ("analyze x --model=", "the value of --model is empty: qdoc analyze --help shows how to use it"),
            ("analyze x -m a -m b", "--model is given twice: qdoc analyze --help shows how to use it"),
            ("inspect a b", "“b” is one argument too many: qdoc inspect --help shows how to use it"),
            (
                "completions tcsh",
                "“tcsh” is no SHELL: choose bash, zsh, fish: qdoc completions --help shows how to use it"
            ),
            ("--verson", "there is no option “--verson”: did you mean “--version”? qdoc help shows the commands"),
        ])
    func refused(line: String, message: String) {
        let failure = #expect(throws: Failure.self) { try parse(line) }
        #expect(failure?.description == message)
        #expect(failure?.code == .invalidArguments)
    }

    @Test("Near names are found, far ones are not")
    func spelling() {
        #expect(Spelling.nearest(to: "inpsect", among: ["inspect", "analyze"]) == "inspect")
        #expect(Spelling.nearest(to: "banana", among: ["inspect", "analyze"]) == nil)
        #expect(Spelling.nearest(to: "", among: ["a"]) == "a")
    }
}
