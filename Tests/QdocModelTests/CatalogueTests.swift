import QdocCore
import QdocModel
import QdocRuntime
import QdocTesting
import QdocYAML
import Testing

@Suite struct CatalogueTests {
    private let catalogue: Catalogue

    init() throws {
        catalogue = try Catalogue.shipped()
    }

    private func model(_ name: String) throws -> CatalogueModel { try #require(try catalogue.resolve(name)) }

    private func failure(_ name: String, in catalogue: Catalogue? = nil) -> Failure? {
        do { _ = try (catalogue ?? self.catalogue).resolve(name) } catch { return error }
        return nil
    }

    private func merged(_ text: String) throws -> Catalogue {
        var faults = YAMLFaults()
        let overrides = catalogue.overrides(of: try YAML.parse(text, name: "q.yaml"), faults: &faults)
        #expect(faults.inOrder == [])
        return catalogue.merging(overrides)
    }

    private func faults(in text: String) throws -> [String] {
        var faults = YAMLFaults()
        _ = catalogue.overrides(of: try YAML.parse(text, name: "q.yaml"), faults: &faults)
        return faults.inOrder.map { "\($0.line):\($0.column): \($0.message)" }
    }

    // MARK: What is shipped

    /// The models that the providers' pages name, dated ones and series included.
    private static let named: [(provider: String, models: [String])] = [
        (
            "dashscope",
            [
                "qwen3.5-plus", "qwen3.5-plus-2026-02-15", "qwen3.5-flash", "qwen3.5-flash-2026-02-23", "qwen3.5-397b-a17b",
                "qwen3.5-122b-a10b", "qwen3.5-27b", "qwen3.5-35b-a3b", "qwen3-vl-plus", "qwen3-vl-plus-2025-12-19",
                "qwen3-vl-plus-2025-09-23", "qwen3-vl-flash", "qwen3-vl-flash-2025-10-15", "qwen3-vl-flash-2026-01-22",
                "qwen3-vl-235b-a22b-thinking", "qwen3-vl-32b-thinking", "qwen3-vl-30b-a3b-thinking", "qwen3-vl-8b-thinking", "qvq-max",
                "qvq-max-latest", "qvq-max-2025-03-25", "qvq-max-2025-05-15", "qvq-plus", "qvq-plus-latest", "qvq-plus-2025-05-15",
                "kimi-k2.5", "qwen2.5-vl-32b-instruct", "qwen-max", "qwen-max-2025-01-25",
            ]
        ),
        ("segmind", ["qvq-max", "qwen3.5-flash", "qwen2p5-vl-32b-instruct"]),
        ("aimlapi", ["qwen-max", "qwen-max-2025-01-25", "alibaba/qwen-max"]),
        ("openai", ["gpt-4o", "gpt-4.1", "gpt-4.1-mini", "gpt-5", "o3"]),
    ]

    @Test("Every model that a page names is listed")
    func listed() throws {
        for (name, models) in Self.named {
            let provider = try #require(catalogue.provider(name))
            #expect(Set(models).subtracting(catalogue.listed(provider)).isEmpty, "\(name)")
        }
    }

    @Test("Every model that the shared texts name is listed, where the texts are there")
    func shared() throws {
        guard let folder = Project.shared.map({ $0 + "/seeds" }), Files.exists(folder) else { return }
        let id = try Regex(#"(qwen|qvq|kimi)[0-9a-z]*[-.0-9][-.0-9a-z]*[0-9a-z]"#)
        let listed = Set(catalogue.providers.flatMap { catalogue.listed($0) })
        // A page of the vendor's site, and the word "series" grown onto a name.
        let others: Set = ["qwen-max.json", "qwen3-vl-flashseries", "qwen3.5-plusseries"]
        var found = Set<String>()
        for name in Files.names(in: folder) where name.hasSuffix(".txt") {
            let text = String(decoding: try Files.read("\(folder)/\(name)", limit: 1 << 20), as: UTF8.self)
            for match in text.matches(of: id) { found.insert(String(text[match.range])) }
        }
        #expect(found.count >= 20)
        #expect(found.subtracting(listed).subtracting(others) == [])
    }

    @Test("Every listed model resolves in every region that has it, with an image rule, fields and no contradiction")
    func everyRow() throws {
        var count = 0
        for provider in catalogue.providers {
            let regions = provider.regions.isEmpty ? [""] : provider.regions.map { "@\($0.name)" }
            for model in catalogue.listed(provider) {
                let found = regions.compactMap { try? catalogue.resolve("\(provider.name)\($0)/\(model)") }
                #expect(!found.isEmpty, "\(provider.name)/\(model)")
                for row in found {
                    let profile = row.profile
                    count += 1
                    #expect(row.isListed && !profile.fields.isEmpty && row.source != nil, "\(row.name)")
                    #expect((profile.maxThinkingInput ?? 0) <= (profile.maxInput ?? .max), "\(row.name)")
                    #expect((profile.maxInput ?? 0) <= (profile.context ?? .max), "\(row.name)")
                    #expect(profile.fields.contains(.thinkingBudget) ? profile.thinking != .none : true, "\(row.name)")
                    #expect(profile.fields.contains(.video) == (profile.videoFrames != nil), "\(row.name)")
                    if case .tokens(_, let tiers) = profile.price { #expect(tiers.last?.upTo == nil && profile.priceDate != nil) }
                }
            }
        }
        #expect(count > 150)
    }

    /// Prices per million tokens, input and output by tier, of the main table.
    private static let priceList: [(String, Currency, [(Int?, String, String)])] = [
        ("dashscope/qvq-max", .usd, [(nil, "1.2", "4.8")]), ("dashscope@beijing/qvq-max", .cny, [(nil, "8", "32")]),
        ("dashscope@us/qvq-max-latest", .usd, [(nil, "1.2", "4.8")]), ("dashscope@beijing/qvq-plus", .cny, [(nil, "2", "5")]),
        ("dashscope/qwen3.5-plus", .usd, [(256_000, "0.4", "2.4"), (nil, "0.5", "3")]),
        ("dashscope@beijing/qwen3.5-plus-2026-02-15", .cny, [(128_000, "0.8", "4.8"), (256_000, "2", "12"), (nil, "4", "24")]),
        ("dashscope/qwen3.5-flash", .cny, [(nil, "0.734", "2.936")]), ("dashscope@us/qwen3.5-flash", .usd, [(nil, "0.1", "0.4")]),
        ("dashscope@beijing/qwen3.5-flash", .cny, [(128_000, "0.2", "2"), (256_000, "0.8", "8"), (nil, "1.2", "12")]),
        ("dashscope/qwen3.5-397b-a17b", .usd, [(nil, "0.6", "3.6")]),
        ("dashscope@beijing/qwen3.5-397b-a17b", .cny, [(128_000, "1.2", "7.2"), (nil, "3", "18")]),
        ("dashscope/qwen3.5-122b-a10b", .usd, [(nil, "0.4", "3.2")]),
        ("dashscope@beijing/qwen3.5-122b-a10b", .cny, [(128_000, "0.8", "6.4"), (nil, "2", "16")]),
        ("dashscope/qwen3.5-27b", .usd, [(nil, "0.3", "2.4")]),
        ("dashscope@beijing/qwen3.5-27b", .cny, [(128_000, "0.6", "4.8"), (nil, "1.8", "14.4")]),
        ("dashscope/qwen3.5-35b-a3b", .usd, [(nil, "0.25", "2")]),
        ("dashscope@beijing/qwen3.5-35b-a3b", .cny, [(128_000, "0.4", "3.2"), (nil, "1.6", "12.8")]),
        ("dashscope/qwen3-vl-plus", .usd, [(32_000, "0.2", "1.6"), (128_000, "0.3", "2.4"), (nil, "0.6", "4.8")]),
        ("dashscope@beijing/qwen3-vl-plus-2025-09-23", .cny, [(32_000, "1", "10"), (128_000, "1.5", "15"), (nil, "3", "30")]),
        ("dashscope/qwen3-vl-flash", .usd, [(32_000, "0.05", "0.4"), (128_000, "0.075", "0.6"), (nil, "0.12", "0.96")]),
        ("dashscope@beijing/qwen3-vl-flash", .cny, [(32_000, "0.15", "1.5"), (128_000, "0.3", "3"), (nil, "0.6", "6")]),
        ("dashscope/qwen3-vl-235b-a22b-thinking", .usd, [(nil, "0.4", "4")]),
        ("dashscope@beijing/qwen3-vl-235b-a22b-thinking", .cny, [(nil, "2", "20")]),
        ("dashscope/qwen3-vl-32b-thinking", .usd, [(nil, "0.16", "0.64")]),
        ("dashscope@beijing/qwen3-vl-32b-thinking", .cny, [(nil, "2", "20")]),
        ("dashscope/qwen3-vl-30b-a3b-thinking", .usd, [(nil, "0.2", "2.4")]),
        ("dashscope@beijing/qwen3-vl-30b-a3b-thinking", .cny, [(nil, "0.75", "7.5")]),
        ("dashscope/qwen3-vl-8b-thinking", .usd, [(nil, "0.18", "2.1")]),
        ("dashscope@beijing/qwen3-vl-8b-thinking", .cny, [(nil, "0.5", "5")]),
        ("dashscope@beijing/kimi-k2.5", .cny, [(nil, "4", "21")]),
        ("dashscope/qwen2.5-vl-32b-instruct", .cny, [(nil, "10.275", "30.825")]),
        ("dashscope@beijing/qwen2.5-vl-32b-instruct", .cny, [(nil, "8", "24")]),
        ("dashscope/qwen-max", .usd, [(nil, "1.6", "6.4")]), ("dashscope-native@beijing/qwen-max", .cny, [(nil, "2.4", "9.6")]),
    ]

    @Test("Prices are those of the lists", arguments: priceList)
    func publishedPrices(name: String, currency: Currency, tiers: [(Int?, String, String)]) throws {
        let expected = try tiers.map { upTo, input, output in
            PriceTier(
                upTo: upTo, input: try #require(TokenRate(perMillion: input)), output: try #require(TokenRate(perMillion: output)))
        }
        #expect(try model(name).profile.price == .tokens(currency, expected))
    }

    @Test("A price that nobody publishes is unknown, and one by call is about so much")
    func otherPrices() throws {
        for name in ["segmind/qvq-max", "segmind/qwen3.5-flash", "aimlapi/qwen-max", "openai/gpt-4o", "dashscope/qvq-plus", "openai/any"] {
            #expect(try model(name).profile.price == .unknown, "\(name)")
        }
        let call = try model("segmind-async/qwen2p5-vl-32b-instruct")
        #expect(call.profile.price == .call(Money(nanos: 4_000_000, .usd)))
        #expect(call.isPriceApproximate && call.provider.wire == .segmindAsync && call.provider.keyHeader == .apiKey)
        for name in ["vllm/any", "ollama/any", "llamacpp/any"] { #expect(try model(name).profile.price == .free, "\(name)") }
    }

    @Test("Thinking, streaming and fields are as the providers document them")
    func behaviour() throws {
        let qvq = try model("dashscope/qvq-max").profile
        #expect(qvq.thinking == .always && qvq.streaming == .only && qvq.fields == [.images, .video, .maxTokens])
        #expect(qvq.maxThought == 16_384 && qvq.maxInput == 106_496 && qvq.videoFrames == 4...512 && qvq.maxDataURI == 10_485_760)
        #expect(qvq.image == ImageRule(patch: 28, minPixels: 3136, maxPixels: 1_003_520))
        #expect(try model("dashscope/qwen3.5-plus").profile.thinking == .hybrid(isOnByDefault: true))
        #expect(try model("dashscope/qwen3-vl-flash").profile.thinking == .hybrid(isOnByDefault: false))
        #expect(try model("dashscope/qwen3-vl-flash").profile.fields.contains(.jsonObject))
        #expect(try !model("dashscope@beijing/kimi-k2.5").profile.fields.contains(.jsonObject))
        #expect(try !model("aimlapi/qwen-max").profile.fields.contains(.images))
        #expect(try model("segmind/qvq-max").profile.streaming == .never)
        #expect(try model("openai/gpt-5").provider.outputLimitField == "max_completion_tokens")
        #expect(try model("openai/gpt-4.1-mini").profile.image.counting == .patches(cap: 1536, hundredths: 162))
        #expect(try model("dashscope/qwen3-vl-plus-2025-12-19").profile.limits.requestsPerMinute == 60)
        #expect(try model("dashscope@beijing/qwen3-vl-plus").profile.limits.tokensPerMinute == 5_000_000)
    }

    // MARK: Names

    @Test("Names lead to a provider, a region and a model")
    func names() throws {
        #expect(try catalogue.resolve("local") == nil)
        let qvq = try model("dashscope/qvq-max")
        #expect(qvq.region?.name == "singapore" && qvq.name == "dashscope/qvq-max")
        #expect(try model("dashscope@us/qvq-max").region?.baseURL == "https://dashscope-us.aliyuncs.com/compatible-mode/v1")
        #expect(try model("dashscope-native@beijing/qvq-max").name == "dashscope-native@beijing/qvq-max")
        #expect(try model("openrouter/qwen/qwen3-vl-8b").model == "qwen/qwen3-vl-8b")
        let unlisted = try model("dashscope/qwen3.7-plus")
        #expect(!unlisted.isListed && unlisted.profile.image.minPixels == 65_536 && unlisted.profile.price == .unknown)
        #expect(try model("vllm/Qwen/Qwen2.5-VL-7B").profile.image.patch == 28)
        #expect(try model("openai/anything").profile.image.maxSide == 2_048)
    }

    @Test(
        "Names that lead nowhere are refused, with what may have been meant",
        arguments: [
            ("gpt", "PROVIDER/MODEL"), ("openai/", "PROVIDER/MODEL"), ("/x", "PROVIDER/MODEL"), ("opnai/x", "did you mean openai/x?"),
            ("dashscop@us/x", "did you mean dashscope@us/x?"), ("dashscope@bejing/x", "did you mean dashscope@beijing/x?"),
            ("openai@us/x", "write openai/x"), ("segmind/qvqmax", "did you mean segmind/qvq-max?"),
            ("dashscope/kimi-k2.5", "write dashscope@beijing/kimi-k2.5"), ("vllm/auto", "dashscope/auto"), ("openai/a b", "PROVIDER/MODEL"),
        ])
    func refused(name: String, remedy: String) {
        let failure = failure(name)
        #expect(failure?.code == .unknownModel)
        #expect(failure?.remedy?.contains(remedy) == true, "\(failure?.description ?? "")")
    }

    @Test(
        "The automatic choice goes by the kind of pipeline",
        arguments: [
            ("auto", "report", "dashscope/qwen3-vl-flash", false), ("auto", "mine", "dashscope/qwen3-vl-flash", false),
            ("dashscope/auto", "compare", "dashscope/qwen3.5-plus", true),
            ("dashscope@beijing/auto", "problem", "dashscope@beijing/qvq-max", true),
            ("segmind/auto", "invoice", "segmind/qwen2p5-vl-32b-instruct", false), ("openai/auto", "figure", "openai/o3", true),
        ])
    func automatic(name: String, pipeline: String, expected: String, thinks: Bool) throws {
        let model = try #require(try catalogue.resolve(name, pipeline: pipeline))
        #expect(model.name == expected && model.thinks == thinks && model.isListed)
    }

    @Test("Every automatic choice is a listed model that can do what is asked of it")
    func automaticChoices() throws {
        for pipeline in [
            "report", "tables", "invoice", "classify", "summary", "chart", "compare", "problem", "figure", "diagram", "compliance",
        ] {
            let choice = try #require(catalogue.automatic(for: pipeline))
            #expect(choice.pipelines.contains(pipeline))
            for (provider, model) in choice.models {
                let row = try self.model("\(provider)/\(model)")
                #expect(row.isListed && row.profile.fields.contains(.images), "\(row.name)")
                #expect(choice.thinks ? row.profile.thinking != .none : row.profile.thinking != .always, "\(row.name)")
            }
        }
    }

    // MARK: What a user says

    @Test("A user's price goes over all regions, one of a region over that region alone")
    func ownPrices() throws {
        let own = try merged(
            """
            models:
              dashscope/qvq-max: {price: {currency: EUR, input: 1, output: 2.5, cached-input: 0.1}}
              dashscope@us/qvq-max: {price: free, limits: {concurrency: 2}}
              segmind/qvq-max: {price: {currency: USD, call: 0.02}}
              openai/gpt-4o: {context: 1000, price: unknown}
            """)
        let eur = try #require(Currency("EUR"))
        let expected = Price.tokens(
            eur,
            [
                PriceTier(
                    input: try #require(TokenRate(perMillion: "1")), cachedInput: TokenRate(perMillion: "0.1"),
                    output: try #require(TokenRate(perMillion: "2.5")))
            ])
        for name in ["dashscope/qvq-max", "dashscope@beijing/qvq-max", "dashscope-native/qvq-max", "dashscope/qvq-max-latest"] {
            #expect(try own.resolve(name)?.profile.price == expected, "\(name)")
        }
        #expect(try own.resolve("dashscope@us/qvq-max")?.profile.price == .free)
        #expect(try own.resolve("dashscope@us/qvq-max")?.profile.limits == RateLimits(concurrency: 2))
        #expect(try own.resolve("dashscope@us/qvq-max")?.profile.thinking == .always)
        #expect(try own.resolve("segmind/qvq-max")?.profile.price == .call(Money(nanos: 20_000_000, .usd)))
        #expect(try own.resolve("openai/gpt-4o")?.profile.context == 1000)
        #expect(try own.resolve("openai/gpt-4o")?.profile.maxOutput == 16_384)
    }

    @Test("Users add providers, regions and models of their own")
    func additions() throws {
        let own = try merged(
            """
            providers:
              lab@eu: {base-url: "https://eu.lab.example/v1", key-variable: LAB_EU_KEY}
              lab:
                base-url: https://lab.example/v1
                protocol: chat
                key-variable: LAB_KEY
                key-header: x-api-key
                thinking-switch: chat_template_kwargs
                price: {currency: USD, input: 0.1, output: 0.2}
                limits: {requests: 10}
              dashscope@hongkong: {base-url: "https://cn-hongkong.dashscope.aliyuncs.com/compatible-mode/v1"}
            models:
              vllm/mine: {like: dashscope/qwen3-vl-flash, context: 32768}
              lab/other: {like: vllm/mine, image: {counting: cells, cell: 28, max-pixels: 1003520}, fields: [images]}
            """)
        let lab = try #require(try own.resolve("lab/x"))
        #expect(lab.provider.keyHeader == .apiKey && lab.provider.thinkingSwitch == .chatTemplate)
        #expect(lab.profile.limits.requestsPerMinute == 10 && lab.profile.price.currency == .usd)
        #expect(own.keyVariables(of: lab.provider, region: lab.provider.region("eu")) == ["LAB_EU_KEY", "LAB_KEY"])
        let mine = try #require(try own.resolve("vllm/mine"))
        #expect(mine.profile.thinking == .hybrid(isOnByDefault: false) && mine.profile.context == 32_768)
        #expect(mine.profile.price == .free && mine.profile.limits == RateLimits())
        let other = try #require(try own.resolve("lab/other"))
        #expect(other.profile.image.patch == 28 && other.profile.fields == [.images] && other.profile.price.currency == .usd)
        #expect(try own.resolve("dashscope@hongkong/kimi-k2.5")?.profile.price == .unknown)
        #expect(try own.resolve("dashscope/qvq-max")?.region?.name == "singapore")
    }

    @Test("A model without a price is free on this machine, except behind a proxy that spends elsewhere")
    func onThisMachine() throws {
        func price(_ name: String, isHere: Bool = true) throws -> Price {
            try model(name).endpoint(baseURL: "http://127.0.0.1/v1", isOnThisMachine: isHere, key: nil, maxSide: 900).profile.price
        }
        #expect(try price("openai/x") == .free)
        #expect(try price("openai/x", isHere: false) == .unknown)
        #expect(try price("litellm/x") == .unknown)
        #expect(try price("dashscope/qvq-max").currency == .usd)
        let endpoint = try model("dashscope@us/qvq-max").endpoint(baseURL: "u", isOnThisMachine: false, key: nil, maxSide: 900)
        #expect(endpoint.name == "dashscope@us/qvq-max" && endpoint.profile.image.maxSide == 900)
        #expect(endpoint.thinkingSwitch == .enableThinking && !endpoint.hasInlineThought)
    }

    @Test("The keys of an account serve its other protocol, the region's first")
    func keys() throws {
        let own = try merged("providers: {dashscope: {key-file: /a}, dashscope@beijing: {key-file: /b}}")
        let native = try #require(own.provider("dashscope-native"))
        #expect(
            own.keyVariables(of: native, region: native.region("beijing")) == ["DASHSCOPE_BEIJING_API_KEY", "DASHSCOPE_API_KEY"])
        #expect(own.keyVariables(of: native, region: native.region("singapore")) == ["DASHSCOPE_API_KEY"])
        let files = own.keyFiles(of: native, region: native.region("beijing"))
        #expect(files.map(\.path) == ["/b", "/a"] && files.map(\.record) == ["dashscope@beijing", "dashscope"])
        #expect(files.map(\.baseURL).first?.contains("dashscope.aliyuncs.com") == true)
    }

    @Test("Every mistake is named with its place")
    func mistakes() throws {
        let text = """
            providers:
              opnai: {key-file: x}
              dashscope: {protcol: chat, key-header: cookie, price: cheap}
              dashscope@bejing: {key-file: x}
              vllm: 5
              Lab: {base-url: "https://x.example"}
            models:
              gpt-4o: {price: free}
              openay/x: {price: free}
              openai/a: {price: {currency: usd, input: 1, output: 1}, thinking: maybe, context: -1}
              openai/b: {price: {currency: USD, input: 1e3}, fields: [images, smell]}
              openai/c: {price: {currency: USD, tiers: [{up-to: 9, input: 1, output: 1}, {up-to: 5, input: 1, output: 1}]}}
              openai/d: {like: openai/gpt-4, image: qwen-99, video-frames: [5, 4], contxt: 5}
              openai/e: {like: openai/f}
              openai/f: {like: openai/e}
            """
        let expected = [
            "2:3: there is no provider “opnai”; did you mean “openai”? A new one needs “base-url”",
            "3:15: there is no key “protcol”; did you mean “protocol”?", "3:42: “key-header” must be one of bearer, x-api-key",
            "3:57: “price” must be free, unknown, or a mapping such as {currency: USD, input: 0.4, output: 2.4}",
            "4:3: dashscope has no region “bejing”; did you mean “dashscope@beijing”? A new one needs “base-url”",
            "5:9: “vllm” must be a mapping", "6:3: “Lab” cannot name a provider: use small letters, digits and dashes",
            "8:3: “gpt-4o” names no model: write PROVIDER/MODEL", "9:3: there is no provider “openay”; did you mean “openai/x”?",
            "10:32: “currency” must be three capital letters, as in USD",
            "10:69: “thinking” must be one of none, hybrid-on, hybrid-off, always",
            "10:85: “context” must be a whole number from 1 to 10000000",
            "11:44: “input” must be the price of a million tokens, a decimal of at most six places",
            "11:21: “output” is missing: the price of a million tokens",
            "11:67: a field must be one of images, video, system, temperature, seed, max_tokens, thinking_budget, json_object, json_schema",
            "12:78: each tier but the last one, and only those, has “up-to”", "12:78: tiers must ascend",
            "13:20: there is no model “openai/gpt-4” to be like; did you mean “openai/gpt-4o”?",
        ]
        let found = try faults(in: text)
        for line in expected { #expect(found.contains(line), "\(line)\nis not among\n\(found.joined(separator: "\n"))") }
        #expect(found.contains { $0.hasPrefix("13:41: “image” must be one of kimi, patches-mini") })
        #expect(found.filter { $0.contains("leads back to itself") }.count == 2)
        #expect(found.count == expected.count + 5, "\(found.joined(separator: "\n"))")
    }

    @Test("A damaged catalogue is refused with all its mistakes")
    func damaged() {
        let text = "catalogue: qdoc.catalogue/2\nfamilies: {x: y}\nproviders: {a: {}}\nwhat: 1\n"
        let failure = #expect(throws: Failure.self) { try Catalogue(Array(text.utf8), name: "c.yaml") }
        #expect(failure?.code == .invalidConfiguration)
        #expect(failure?.message.split(separator: "\n").count == 4, "\(failure?.message ?? "")")
    }
}
