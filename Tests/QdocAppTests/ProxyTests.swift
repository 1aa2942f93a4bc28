import QdocRuntime
import QdocTesting
import Testing

/// What is meant for this machine alone does not leave it by way of a proxy.
@Suite(.timeLimit(.minutes(1))) struct ProxyTests {
    @Test("A proxy of the environment gets nothing that is meant for a model on this machine")
    func loopback() throws {
        let model = try LoopbackServer { $0.respond(401, Array("{\"error\":{\"message\":\"no\"}}".utf8)) }
        let proxy = try LoopbackServer { $0.respond(401, Array("{\"error\":{\"message\":\"no\"}}".utf8)) }
        defer {
            model.stop()
            proxy.stop()
        }
        let home = try TemporaryFolder()
        let variables = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"].map { "\($0)=\(proxy.address)" }
        let program = Subprocess(Project.products + "/qdoc", environment: variables + ["HOME=\(home.path)", "PATH=/usr/bin:/bin"])
        let result = try program.run(
            "analyze", Project.path("samples/invoice.pdf"), "-m", "openai/x", "--base-url", model.address + "/v1", "--format", "json")
        #expect(result.status == 1, "\(result.errors)")
        #expect(model.requests.count == 1)
        #expect(proxy.connectionCount == 0)
    }
}
