internal import QdocCore

/// What an account may use: credits, and requests and tokens within a minute and at once.
struct Limits {
    struct Settings {
        var requestsPerMinute: Int?
        var tokensPerMinute: Int?
        var concurrency: Int?
        var creditsPerCall = 1.0
    }

    let settings: Settings
    /// Nil where they never end.
    var credits: Double?
    private(set) var active = 0
    /// The most that were active at once.
    private(set) var peak = 0
    private var calls: [ContinuousClock.Instant] = []
    private var tokens: [(time: ContinuousClock.Instant, count: Int)] = []

    init(_ settings: Settings, credits: Double?) {
        self.settings = settings
        self.credits = credits
    }

    /// Books a call and its input; its output is booked when it is known.
    ///
    /// - Throws: `Refusal`; then nothing is booked.
    mutating func admit(input: Int, now: ContinuousClock.Instant) throws(Refusal) {
        calls.removeAll { now - $0 >= .seconds(60) }
        tokens.removeAll { now - $0.time >= .seconds(60) }
        if let most = settings.concurrency, active >= most { throw Refusal(.tooManyAtOnce, "\(most) requests are under way already") }
        if let most = settings.requestsPerMinute, calls.count >= most {
            throw Refusal(.tooManyRequests, "more than \(most) requests in a minute")
        }
        if let most = settings.tokensPerMinute, tokens.reduce(input, { $0 + $1.count }) > most {
            throw Refusal(.tooManyTokens, "more than \(most) tokens in a minute")
        }
        if let credits {
            guard credits >= settings.creditsPerCall else {
                throw Refusal(.noCredits, "balance \(credits), the call needs \(settings.creditsPerCall)")
            }
            self.credits = credits - settings.creditsPerCall
        }
        calls.append(now)
        tokens.append((now, input))
        active += 1
        peak = max(peak, active)
    }

    /// Books the end of a call.
    mutating func leave(output: Int, now: ContinuousClock.Instant) {
        tokens.append((now, output))
        active -= 1
    }
}

/// Which keys a provider's region knows.
struct Keyring {
    /// By the scope's name; nil takes any key that is there.
    let keys: [String: Set<String>]?

    /// Reads `dashscope=sk-a,dashscope@beijing=sk-b`.
    init(_ text: String?) {
        guard let text else {
            keys = nil
            return
        }
        var keys: [String: Set<String>] = [:]
        for entry in text.split(separator: ",") {
            let parts = entry.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2 { keys[parts[0], default: []].insert(parts[1]) }
        }
        self.keys = keys
    }

    /// - Throws: `Refusal`, `unauthorized`.
    func check(_ route: Route, headers: [String: String]) throws(Refusal) {
        let flavour = route.scope.flavour
        let bearer = headers["authorization"].flatMap { $0.hasPrefix("Bearer ") ? String($0.dropFirst(7)) : nil }
        let key: String?
        if flavour == .segmind {
            // The gateway knows x-api-key; a bearer key is documented for one slug alone.
            key = headers["x-api-key"] ?? (route.path == "/v1/qwen2p5-vl-32b-instruct" ? bearer : nil)
        } else {
            key = bearer
        }
        guard flavour.isHosted || keys?[route.scope.name] != nil else { return }
        guard let key, !key.isEmpty else {
            throw Refusal(.unauthorized, flavour == .segmind ? "neither Authorization nor x-api-key has a key" : "there is no key")
        }
        if let keys, keys[route.scope.name]?.contains(key) != true { throw Refusal(.unauthorized, "the key was not accepted") }
    }
}
