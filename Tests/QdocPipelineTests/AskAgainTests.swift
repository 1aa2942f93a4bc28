import QdocCore
import QdocJournal
import QdocModel
import QdocReport
import QdocTesting
import Testing

@testable import QdocPipeline

@Suite("An answer that breaks the schema", .timeLimit(.minutes(2)))
struct AskAgainTests {
    private static let price = Price.tokens(
        .usd, [PriceTier(input: TokenRate(picos: 1_200_000), output: TokenRate(picos: 4_800_000))])
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static let good = #"{"_image":1,"_quote":"","keyFigures":[],"tables":[],"charts":[],"findings":[]}"#
    /// Lacks what the schema demands and no repair can make up.
    private static let bad = #"{"_image":1,"_quote":"","keyFigures":"none that I saw","tables":[],"charts":[],"findings":[]}"#
    private static let lossy =
        #"{"_image":1,"_quote":"","keyFigures":[{"_image":1,"_quote":"x","value":"many"}],"tables":[],"charts":[],"findings":[]}"#

    /// A server that gives each request the next of the answers, and the last one from then on.
    private func server(_ answers: [String], finish: String = "stop") throws -> LoopbackServer {
        try LoopbackServer { exchange in
            ScriptedModel.stream(exchange, answer: answers[min(exchange.request.number, answers.count) - 1], finish: finish)
        }
    }

    private func run(
        _ server: LoopbackServer, maxRepairs: Int = 1, rules: ModelAccess.Rules = ModelAccess.Rules()
    ) async throws -> (report: Report, access: ModelAccess) {
        let access = try await Bench.access(to: server.address + "/v1", store: folder("store.db"), price: Self.price, rules: rules)
        let options = RunOptions(question: QuestionSettings(maxRepairs: maxRepairs))
        return (try await Bench.run(Bench.sample("invoice.pdf"), answerer: .hosted(access), options: options), access)
    }

    private static func texts(_ request: LoopbackServer.Request) throws -> [String] {
        try (JSONParser.parse(request.body)["messages"]?[0]?["content"]?.array ?? []).compactMap { $0["text"]?.string }
    }

    @Test("is asked for once more with what is wrong with it, and the valid one is taken", arguments: [bad, lossy, "I cannot see any {."])
    func mended(first: String) async throws {
        let server = try server([first, Self.good])
        defer { server.stop() }
        let (report, access) = try await run(server)
        #expect(report.run.state == .complete, "\(report.warnings)")
        #expect(server.requests.count == 2)
        let (before, after) = (try Self.texts(server.requests[0]), try Self.texts(server.requests[1]))
        #expect(Array(after.dropLast()) == before)
        #expect(after.last?.contains(first) == true)
        #expect(report.calls.map(\.number) == [1, 2] && report.calls.map(\.mends) == [nil, 1])
        #expect(report.calls.map(\.state) == [.settled, .settled])
        #expect(report.calls[0].failure != nil && report.calls[1].failure == nil)
        #expect(report.repairs.first?.kind == "asked_again" && report.repairs.first?.call == 2)
        // Each is a call of its own in the books, known by its own question.
        let calls = try await access.journal.calls(run: report.run.id)
        #expect(calls.map(\.number) == [1, 2] && Set(calls.map(\.identity)).count == 2)
        #expect(calls.allSatisfy { $0.state == .settled && $0.cost == Money(nanos: 46_800, .usd) })
        await access.close()
    }

    @Test("and its correction are paid once: a second run sends nothing")
    func paidOnce() async throws {
        let server = try server([Self.bad, Self.good, Self.bad])
        defer { server.stop() }
        let (first, access) = try await run(server)
        await access.close()
        let (second, again) = try await run(server)
        await again.close()
        #expect(server.requests.count == 2)
        #expect(second.data == first.data && second.run.state == .complete)
        #expect(second.calls.allSatisfy { $0.isReused })
    }

    @Test("that stays so makes the report partial, with a warning of its own", arguments: [0, 1, 3])
    func stays(maxRepairs: Int) async throws {
        let server = try server([Self.lossy])
        defer { server.stop() }
        let (report, access) = try await run(server, maxRepairs: maxRepairs)
        await access.close()
        #expect(report.run.state == .partial)
        #expect(report.warnings.map(\.code).contains(.answerInvalid))
        #expect(server.requests.count == maxRepairs + 1)
        // What is valid of it is kept.
        #expect(report.data["keyFigures"] == [])
        #expect(report.repairs.contains { $0.kind == "invalid_record" })
    }

    @Test("that was cut is not asked for again: it would be cut again")
    func cut() async throws {
        let server = try server([String(Self.lossy.dropLast(30))], finish: "length")
        defer { server.stop() }
        let (report, access) = try await run(server)
        await access.close()
        #expect(server.requests.count == 1)
        #expect(report.run.state == .partial)
    }

    @Test("is reserved for before the first question leaves, and given back where it is not needed")
    func reserved() async throws {
        let server = try server([Self.good])
        defer { server.stop() }
        let (report, access) = try await run(server)
        #expect(report.run.state == .complete && server.requests.count == 1)
        let calls = try await access.journal.calls(run: report.run.id)
        #expect(calls.map(\.number) == [1])
        #expect(try await access.journal.committed(.usd) == Money(nanos: 46_800, .usd))
        await access.close()
    }

    @Test("is not asked for again where the cap holds the question alone")
    func tight() async throws {
        let server = try server([Self.lossy, Self.good])
        defer { server.stop() }
        let (plain, access) = try await run(server, maxRepairs: 0)
        await access.close()
        let question = try #require(plain.calls.first?.reservation)
        var rules = ModelAccess.Rules()
        // One question, and less than the correction of it takes on top of what the first cost.
        rules.caps.perRun[.usd] = question
        let other = try TemporaryFolder()
        let again = try LoopbackServer { ScriptedModel.stream($0, answer: Self.lossy) }
        defer { again.stop() }
        let capped = try await Bench.access(to: again.address + "/v1", store: other("other.db"), price: Self.price, rules: rules)
        let report = try await Bench.run(Bench.sample("invoice.pdf"), answerer: .hosted(capped))
        #expect(again.requests.count == 1)
        #expect(report.run.state == .partial && report.data["keyFigures"] == [])
        #expect(report.calls.map(\.state) == [.settled, .refused])
        #expect(report.calls.last?.failure?.code == .budgetExceeded)
        await capped.close()
    }
}
