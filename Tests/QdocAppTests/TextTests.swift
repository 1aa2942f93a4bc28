import QdocCore
import QdocReport
import QdocRuntime
import QdocTesting
import Testing

@testable import QdocApp

@Suite struct GeneratedTextTests {
    private static func paths(_ path: [CommandSpec]) -> [[CommandSpec]] {
        [path] + (path.last?.subcommands ?? []).flatMap { paths(path + [$0]) }
    }

    @Test("Each help page is as it was kept, and 80 columns wide at most", arguments: paths([CommandTable.root]))
    func help(path: [CommandSpec]) throws {
        let text = HelpText.text(path)
        let name = path.map(\.name).joined(separator: "-")
        #expect(try Golden.difference(text, from: "Tests/QdocAppTests/Golden/help-\(name).txt") == nil)
        for line in text.split(separator: "\n") { #expect(DisplayText.width(line) <= 80 || line.hasPrefix("  qdoc"), "\(line)") }
    }

    @Test("The manual in docs is the one that the program prints")
    func manual() throws {
        #expect(try Golden.difference(ManualPage.text(CommandTable.root), from: "docs/qdoc.1") == nil)
    }

    @Test("The completions in the tree are those that the program prints", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) throws {
        let text = Completions.text(shell: shell, CommandTable.root)
        #expect(try Golden.difference(text, from: "completions/qdoc.\(shell)") == nil)
    }

    @Test("Completions are accepted by their shell", arguments: ["bash", "zsh", "fish"])
    func syntax(shell: String) throws {
        guard let path = ["/bin/\(shell)", "/usr/bin/\(shell)"].first(where: { Files.exists($0) }) else { return }
        let result = try Subprocess(path).run("-n", Project.path("completions/qdoc.\(shell)"))
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test("Every command and option stands in the manual and in all completions")
    func complete() {
        let texts =
            [ManualPage.text(CommandTable.root).replacing("\\-", with: "-")]
            + ["bash", "zsh", "fish"].map { Completions.text(shell: $0, CommandTable.root) }
        for path in Self.paths([CommandTable.root]) {
            for text in texts {
                for option in path.last?.options ?? [] { #expect(text.contains(option.name)) }
                #expect(text.contains(path.last?.name ?? ""))
            }
        }
    }

    @Test("Each error code has a row in the documents, with its exit status")
    func errors() throws {
        let rows = try Project.text("docs/errors.md").split(separator: "\n").filter { $0.hasPrefix("| `") }
        let documented = rows.map { row in row.split(separator: "|").map { $0.filter { $0 != "`" && $0 != " " } } }
        #expect(documented.compactMap(\.first) == Failure.Code.allCases.map(\.rawValue))
        for (row, code) in zip(documented, Failure.Code.allCases) {
            #expect(row.count == 4, "\(code.rawValue)")
            let expected =
                switch code {
                case .pictureNotRead: "3,0"
                case .chartNotRead, .fontMissing, .documentInstructions: "0"
                case .interrupted: "130"
                case _ where Self.leavingPartial.contains(code): "3"
                default: "\(ExitStatus(code).rawValue)"
                }
            #expect(row[1] == expected, "\(code.rawValue)")
        }
    }

    /// What costs a page or an answer, and not the run.
    private static let leavingPartial: Set<Failure.Code> = [
        .pageDamaged, .pageTooLarge, .decodeCrashed, .decodeTimedOut, .decodeLimit, .noTextLayer, .requestRefused, .unauthorized,
        .quotaExceeded, .rateLimited, .providerUnavailable, .connectionFailed, .modelTimedOut, .streamTruncated, .streamMalformed,
        .contentBlocked, .toolRequested, .answerRepeats, .endpointPaused, .outcomeUnknown, .answerTruncated, .answerNotJSON, .answerInvalid,
    ]
}
