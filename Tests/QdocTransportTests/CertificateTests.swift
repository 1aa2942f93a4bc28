internal import Glibc
import QdocCore
import QdocRuntime
import QdocTesting
import QdocTransport
import Synchronization
import Testing

/// A server behind TLS whose certificate an authority of its own has signed: Python's `ssl` over what `openssl` makes.
private struct SecureServer {
    static let isPossible = unsafe access("/usr/bin/openssl", X_OK) == 0 && access("/usr/bin/python3", X_OK) == 0

    /// Answers `connections` connections with the number of each, and then ends. On the request that says `X-Close: 1` it closes before
    /// it has read a body, and says so.
    private static let program = """
        import os, socket, ssl, sys
        folder, connections = sys.argv[1], int(sys.argv[2])
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder + "/server.pem", folder + "/server.key")
        listener = socket.create_server(("127.0.0.1", 0))
        listener.settimeout(30)
        with open(folder + "/port", "w") as port: port.write(str(listener.getsockname()[1]))
        def serve(link, number):
            data = b""
            while True:
                while b"\\r\\n\\r\\n" not in data:
                    more = link.recv(65536)
                    if not more: return
                    data += more
                head, data = data.split(b"\\r\\n\\r\\n", 1)
                if b"X-Close: 1" in head and number == 1:
                    # Says goodbye, and does not wait for the other side to do so.
                    link.settimeout(0.05)
                    try: link.unwrap()
                    except OSError: pass
                    link.close()
                    # Open at both ends and left open: the client may find out, and connect anew, before it asks.
                    os.write(os.open(folder + "/closed", os.O_RDWR), b"1")
                    return
                length = next(int(l.split(b":")[1]) for l in head.split(b"\\r\\n") if l.lower().startswith(b"content-length"))
                while len(data) < length:
                    data += link.recv(65536)
                data = data[length:]
                link.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: 1\\r\\n\\r\\n%d" % number)
        for number in range(1, connections + 1):
            link, _ = listener.accept()
            link.settimeout(30)
            try:
                with context.wrap_socket(link, server_side=True) as secure: serve(secure, number)
            except (OSError, ValueError):
                pass
        """

    let folder: TemporaryFolder
    var authority: String { folder("authority.pem") }

    init() throws {
        folder = try TemporaryFolder()
        let openssl = Subprocess("/usr/bin/openssl")
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        let made = try openssl.run(
            ["req", "-x509", "-subj", "/CN=Test Authority", "-keyout", folder("authority.key"), "-out", folder("authority.pem")] + key)
        #expect(made.status == 0, "\(made.errors)")
        let signed = try openssl.run(
            ["req", "-x509", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=CA:FALSE"]
                + ["-CA", folder("authority.pem"), "-CAkey", folder("authority.key")]
                + ["-keyout", folder("server.key"), "-out", folder("server.pem")] + key)
        #expect(signed.status == 0, "\(signed.errors)")
        for pipe in ["port", "closed"] { unsafe mkfifo(folder(pipe), 0o600) }
    }

    private static let lane = BlockingLane("test-tls", width: 16)

    /// Runs the server while the test talks to it.
    func run(connections: Int, _ test: @escaping @Sendable (_ address: String) async throws -> Void) async throws {
        let (program, path) = (Self.program, folder(""))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                _ = try await Self.lane.run { try Subprocess("/usr/bin/python3").run("-c", program, path, "\(connections)") }
            }
            let port = try await read("port")
            try await test("https://127.0.0.1:\(port)")
            try await group.waitForAll()
        }
    }

    /// What the server says through a pipe; waits for it.
    func read(_ pipe: String) async throws -> String {
        let path = folder(pipe)
        return try await Self.lane.run {
            // Open at both ends, so that nothing waits for a server that has failed.
            let file = unsafe open(path, O_RDWR)
            defer { close(file) }
            var watched = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&watched, 1, 20_000) > 0 else { throw Failure(.internalError, "the server says nothing") }
            var buffer = [UInt8](repeating: 0, count: 16)
            let count = unsafe Glibc.read(file, &buffer, buffer.count)
            return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
        }
    }
}

@Suite(.timeLimit(.minutes(1)), .enabled(if: SecureServer.isPossible)) struct CertificateTests {
    private let body = HTTPBody([.bytes([UInt8](repeating: 0x62, count: 300_000))])

    @Test("a server is trusted by the authority that the environment names", arguments: ["SSL_CERT_FILE", "CURL_CA_BUNDLE"])
    func trusted(variable: String) async throws {
        let server = try SecureServer()
        let authority = server.authority
        try await server.run(connections: 1) { address in
            let client = try HTTPClient(environment: Environment([variable: authority]))
            let runs = Mutex(0)
            var request = HTTPRequest(url: address, body: body)
            request.beforeBody = { runs.withLock { $0 += 1 } }
            for _ in 0..<2 {
                let response = try await client.send(request)
                #expect(try await response.body.collect(upTo: 10) == Array("1".utf8))
            }
            #expect(runs.withLock { $0 } == 2)
            client.close()
        }
    }

    @Test("a server whose authority is unknown, or whose bundle is missing, gets nothing", arguments: [nil, "/nonexistent/bundle.pem"])
    func refused(bundle: String?) async throws {
        // With a bundle that cannot be read libcurl does not connect at all; the server's one connection is then made by hand.
        let server = try SecureServer()
        let authority = server.authority
        try await server.run(connections: 1) { address in
            var request = HTTPRequest(url: address, body: body)
            request.beforeBody = { Issue.record("the gate was run") }
            let client = try HTTPClient(environment: Environment(bundle.map { ["SSL_CERT_FILE": $0] } ?? [:]))
            var lost: HTTPFailure?
            do { _ = try await client.send(request) } catch { lost = error as? HTTPFailure }
            #expect(lost?.kind == .tls)
            #expect(lost?.bodyBytesSent == 0)
            #expect(lost?.failure.code == .connectionFailed)
            if bundle != nil {
                let other = try HTTPClient(environment: Environment(["SSL_CERT_FILE": authority]))
                _ = try? await other.send(HTTPRequest(url: address, body: body)).body.collect(upTo: 10)
                other.close()
            }
        }
    }

    @Test("a kept TLS connection that closes while the gate is waited for is replaced")
    func keptConnectionCloses() async throws {
        let server = try SecureServer()
        let authority = server.authority
        try await server.run(connections: 2) { address in
            let client = try HTTPClient(environment: Environment(["CURL_CA_BUNDLE": authority]))
            _ = try await client.send(HTTPRequest(url: address, body: body)).body.collect(upTo: 10)
            let runs = Mutex(0)
            var second = HTTPRequest(url: address, headers: [HTTPHeader("X-Close", "1")], body: body)
            second.beforeBody = {
                runs.withLock { $0 += 1 }
                _ = try await server.read("closed")
            }
            let response = try await client.send(second)
            #expect(try await response.body.collect(upTo: 10) == Array("2".utf8))
            #expect(runs.withLock { $0 } == 1)
            client.close()
        }
    }
}
