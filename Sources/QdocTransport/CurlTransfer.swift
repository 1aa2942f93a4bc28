internal import CCurl
internal import QdocCore

/// libcurl's half of a transfer: its handle, what is to be sent, how far it has come.
///
/// - Confinement: The loop's thread alone.
@safe final class CurlTransfer {
    /// More than any server that means well sends; libcurl itself stops at 300 KiB.
    private static let headLimit = 64 << 10
    /// For each upload, and each read from the socket: few callbacks, and little memory for hundreds of streams.
    private static let uploadBuffer = 128 << 10
    private static let downloadBuffer = 32 << 10

    let transfer: Transfer
    let easy: UnsafeMutableRawPointer
    private let timeouts: HTTPTimeouts
    private let host: String
    private unowned let driver: CurlDriver
    private var body: HTTPBodyReader
    private let bodyCount: Int
    private var fields: UnsafeMutablePointer<curl_slist>?
    private var head = HTTPHead(status: 0, headers: [])
    private var headCount = 0
    private(set) var hasHead = false
    /// Rounds in which some of the response came.
    private var arrivals = 0
    private var progress = ContinuousClock.now
    private var isPaused = false
    /// Whether the body may leave.
    private var isGateOpen: Bool
    /// Whether libcurl was told to wait for it.
    private var isHeld = false
    private var isStale = false
    /// The connection's, as far as libcurl has told: always while the body is held back. (It gives no socket away before the transfer's end.)
    var socket: Int32?
    private var discardDeadline: ContinuousClock.Instant?
    private var overrun: String?
    /// Whether the driver has it on its list of transfers to flush.
    var isTouched = false {
        didSet { if isTouched { arrivals += 1 } }
    }

    /// - Throws: `HTTPFailure` where the request cannot be made as it is written.
    init(
        _ transfer: Transfer, _ request: HTTPRequest, easy: UnsafeMutableRawPointer, driver: CurlDriver
    ) throws(HTTPFailure) {
        self.transfer = transfer
        unsafe self.easy = easy
        self.driver = driver
        timeouts = request.timeouts
        host = Self.host(of: request.url)
        let content = request.body ?? HTTPBody([])
        body = HTTPBodyReader(content)
        bodyCount = content.byteCount
        isGateOpen = request.beforeBody == nil
        unsafe fields = nil
        try configure(request)
    }

    deinit {
        unsafe curl_slist_free_all(fields)
    }

    private static func host(of url: String) -> String {
        let parts = url.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 ? String(parts[1].prefix { $0 != "/" && $0 != "?" && $0 != "#" }) : "the endpoint"
    }

    /// Whether a host, with or without its port, is this machine by its name or number.
    private static func isLoopback(_ host: String) -> Bool {
        let name = host.lowercased()
        if name == "[::1]" || name.hasPrefix("[::1]:") { return true }
        let bare = name.prefix { $0 != ":" }
        let isNumber = bare.hasPrefix("127.") && bare.allSatisfy { $0.isNumber || $0 == "." }
        return isNumber || bare == "localhost" || bare.hasSuffix(".localhost")
    }

    private func configure(_ request: HTTPRequest) throws(HTTPFailure) {
        let isWeb = request.url.lowercased().hasPrefix("http://") || request.url.lowercased().hasPrefix("https://")
        guard isWeb, !host.isEmpty, !host.contains("@"), !request.url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
            throw invalid("the endpoint's address is no plain http or https address")
        }
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        set(CURLOPT_URL, request.url)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_FOLLOWLOCATION, 0)
        // A proxy of the environment would take what is meant for this machine alone to another one.
        if Self.isLoopback(host) { set(CURLOPT_PROXY, "") }
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_NOSIGNAL, 1)
        // A cancelled name look-up must not be waited for.
        set(CURLOPT_QUICK_EXIT, 1)
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        // Seconds. Servers and balancers close idle connections, many after 60 s: a paid call had better not meet one.
        set(CURLOPT_MAXAGE_CONN, 30)
        set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request.timeouts.connect))
        if let total = request.timeouts.total { set(CURLOPT_TIMEOUT_MS, milliseconds(total)) }
        set(CURLOPT_BUFFERSIZE, Self.downloadBuffer)
        set(CURLOPT_USERAGENT, "qdoc")
        if let authorities = driver.authorities {
            set(CURLOPT_CAINFO, authorities)
            set(CURLOPT_PROXY_CAINFO, authorities)
        }
        if request.body != nil {
            set(CURLOPT_POST, 1)
            set(CURLOPT_UPLOAD_BUFFERSIZE, Self.uploadBuffer)
            unsafe check(qdoc_curl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bodyCount)))
            unsafe check(qdoc_curl_set_bytes_callback(easy, CURLOPT_READFUNCTION, readBody))
            unsafe check(qdoc_curl_set_pointer(easy, CURLOPT_READDATA, context))
            // Where libcurl cannot rewind, it cannot send a paid call a second time on a connection that closed.
            unsafe check(qdoc_curl_set_seek_callback(easy) { _, _, _ in CURL_SEEKFUNC_FAIL })
            // It rewinds only what it has written, not what it has read and could not write: asked again before each connection's use.
            unsafe check(qdoc_curl_set_ready_callback(easy, askLeave))
            unsafe check(qdoc_curl_set_pointer(easy, CURLOPT_PREREQDATA, context))
        } else {
            set(CURLOPT_HTTPGET, 1)
        }
        unsafe check(qdoc_curl_set_bytes_callback(easy, CURLOPT_WRITEFUNCTION, writeBody))
        unsafe check(qdoc_curl_set_pointer(easy, CURLOPT_WRITEDATA, context))
        unsafe check(qdoc_curl_set_bytes_callback(easy, CURLOPT_HEADERFUNCTION, writeHead))
        unsafe check(qdoc_curl_set_pointer(easy, CURLOPT_HEADERDATA, context))
        // The server is not asked whether it wants the body: that costs a round trip, or a second where it does not understand.
        for field in request.headers + [HTTPHeader("Expect", "")] {
            let line = "\(field.name):\(field.value.isEmpty ? "" : " ")\(field.value)"
            guard !line.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
                throw invalid("the header \(field.name.prefix(40)) holds a control character")
            }
            guard let longer = unsafe curl_slist_append(fields, line) else { throw invalid("no memory for the headers") }
            unsafe fields = longer
        }
        unsafe check(qdoc_curl_set_pointer(easy, CURLOPT_HTTPHEADER, fields))
    }

    private func set(_ option: CURLoption, _ value: Int) {
        unsafe check(qdoc_curl_set_long(easy, option, value))
    }

    private func set(_ option: CURLoption, _ value: String) {
        unsafe check(qdoc_curl_set_string(easy, option, value))
    }

    /// Options are ours, not the world's: one that is refused means another libcurl than the one this was built for.
    private func check(_ code: CURLcode) {
        precondition(code == CURLE_OK, "libcurl refuses an option")
    }

    private func milliseconds(_ duration: Duration) -> Int {
        max(1, Int(clamping: duration.components.seconds) * 1000 + Int(duration.components.attoseconds / 1_000_000_000_000_000))
    }

    private func invalid(_ message: String) -> HTTPFailure {
        HTTPFailure(kind: .invalidRequest, message: message, bodyBytesSent: 0)
    }

    // MARK: - What libcurl calls

    /// Whether a connection that stands may be asked: not by a request whose body was begun on another one.
    var mayAsk: Bool { body.position == 0 }

    func send(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        progress = driver.now
        guard isGateOpen else {
            isHeld = true
            transfer.reachGate()
            return Int(CURL_READFUNC_PAUSE)
        }
        // Looked at last thing before a paid call leaves: libcurl does not see that a connection was closed while its sending is paused.
        if body.position == 0, let socket, qdoc_socket_is_closed(socket) != 0 {
            isStale = true
            return Int(CURL_READFUNC_ABORT)
        }
        return unsafe body.read(into: buffer)
    }

    func receiveHead(_ line: UnsafeRawBufferPointer) -> Bool {
        progress = driver.now
        // Trailers come the same way, after the body.
        guard !hasHead else { return true }
        headCount += line.count
        guard headCount <= Self.headLimit else {
            overrun = "\(host) sends more than \(Self.headLimit) bytes of headers"
            return false
        }
        var text = unsafe Substring(String(decoding: line, as: UTF8.self))
        while text.last?.isNewline == true { text.removeLast() }
        if text.hasPrefix("HTTP/") {
            let status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
            head = HTTPHead(status: status ?? 0, headers: [])
        } else if text.isEmpty {
            // 100 and its kin announce the real head.
            if head.status >= 200 {
                hasHead = true
                transfer.deliver(head)
                // An answer before the body: the driver lets libcurl see it to its end.
                if isHeld { driver.touch(self, byteCount: 0) }
            }
        } else if let colon = text.firstIndex(of: ":") {
            head.headers.append(HTTPHeader(String(text[..<colon]), Self.trimmed(text[text.index(after: colon)...])))
        }
        return true
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }

    func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        progress = driver.now
        driver.touch(self, byteCount: bytes.count)
        isPaused = unsafe !transfer.accept(bytes)
        return !isPaused
    }

    // MARK: - What the driver calls

    /// Lets libcurl go on with a response that was held back.
    func resume() {
        isPaused = false
        isHeld = false
        progress = driver.now
        unsafe curl_easy_pause(easy, CURLPAUSE_CONT)
    }

    /// Lets the body leave.
    func upload() {
        isGateOpen = true
        guard isHeld else { return }
        isHeld = false
        progress = driver.now
        unsafe curl_easy_pause(easy, isPaused ? CURLPAUSE_RECV : CURLPAUSE_CONT)
    }

    /// Whether the response has begun and libcurl still waits to send: it ends no transfer in that state.
    var isHeldBehindHead: Bool { isHeld && hasHead }

    /// Whether it met a kept connection that the server had closed, nothing of the body having left: it may begin anew.
    ///
    /// What libcurl does by itself, but for a connection that closes while the body is held back.
    func takeStale() -> Bool {
        guard isStale, unsafe qdoc_curl_is_reused(easy) != 0 else { return false }
        isStale = false
        set(CURLOPT_FRESH_CONNECT, 1)
        return true
    }

    /// Grants the rest of the response a quarter of a second: what follows the last event of a stream is five bytes.
    func discard() {
        discardDeadline = .now + .milliseconds(250)
        if isPaused { resume() }
    }

    /// Whether it is a response that comes in many pieces: a short one is read at once, to its end.
    var isSteady: Bool { hasHead && arrivals > 3 }

    /// Whether it has waited too long for the server.
    func isOverdue(at now: ContinuousClock.Instant) -> Bool {
        if let discardDeadline { return now >= discardDeadline }
        // What is held back waits for us, not for the server; and libcurl has a clock of its own until the connection stands.
        guard !isPaused, !isHeld, hasHead || body.position > 0 || bodyCount == 0 else { return false }
        return now - progress > (hasHead || body.position < bodyCount ? timeouts.idle : timeouts.firstByte)
    }

    var overdue: HTTPFailure {
        let waited =
            hasHead
            ? "was silent for \(timeouts.idle)"
            : body.position < bodyCount
                ? "took nothing of the request for \(timeouts.idle)" : "did not answer within \(timeouts.firstByte)"
        return HTTPFailure(kind: .timedOut, message: "\(host) \(waited)", bodyBytesSent: body.position)
    }

    var closed: HTTPFailure {
        HTTPFailure(kind: .closed, message: "the HTTP client was closed", bodyBytesSent: body.position)
    }

    func failure(_ code: CURLcode) -> HTTPFailure {
        let text = unsafe String(cString: curl_easy_strerror(code))
        let early = isStale ? "\(host) closed the connection before the request's body was sent" : nil
        let cut = code == CURLE_OK ? "\(host) closed the connection inside the response's headers" : nil
        let reason = overrun ?? early ?? cut ?? "\(host): \(text)"
        return HTTPFailure(kind: kind(of: code), message: reason, bodyBytesSent: body.position)
    }

    private func kind(of code: CURLcode) -> HTTPFailure.Kind {
        switch code {
        case CURLE_OPERATION_TIMEDOUT: .timedOut
        case CURLE_URL_MALFORMAT: .invalidRequest
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_ENGINE_NOTFOUND:
            .tls
        // libcurl's answer to what is no HTTP/1: "HTTP/0.9 when not allowed".
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_WRITE_ERROR, CURLE_BAD_CONTENT_ENCODING: .malformed
        default: .connection
        }
    }
}

private func owner(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
    unsafe context.map { unsafe Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
}

private let readBody: qdoc_curl_bytes_callback = { bytes, size, count, context in
    guard let transfer = unsafe owner(context) else { return Int(CURL_READFUNC_ABORT) }
    return unsafe transfer.send(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
}

private let askLeave: qdoc_curl_ready_callback = { context, _, _, _, _ in
    let isAllowed = unsafe owner(context)?.mayAsk ?? false
    return isAllowed ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}

private let writeBody: qdoc_curl_bytes_callback = { bytes, size, count, context in
    let isAccepted = unsafe owner(context)?.receive(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? true
    return isAccepted ? size * count : Int(CURL_WRITEFUNC_PAUSE)
}

private let writeHead: qdoc_curl_bytes_callback = { bytes, size, count, context in
    let isAccepted = unsafe owner(context)?.receiveHead(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? true
    return isAccepted ? size * count : 0
}
