internal import QdocCore
internal import QdocYAML

/// Takes a catalogue, or a configuration's part of one, apart and gathers every mistake.
struct CatalogueForm {
    /// What the text is laid over; rules for images are added while it is read.
    var base: Catalogue
    var faults = YAMLFaults()
    private(set) var updated = ""
    private(set) var families: [(part: String, rule: String)] = []
    private(set) var choices: [AutomaticChoice] = []
    /// Of the text that is being read.
    private var added: [ProviderPatch.Entry] = []

    init(base: Catalogue) {
        self.base = base
    }

    /// A whole catalogue.
    mutating func catalogue(_ root: YAMLNode) -> CatalogueOverrides {
        if root["catalogue"]?.string != Catalogue.version { faults.add("“catalogue: \(Catalogue.version)” is missing", at: root) }
        updated = faults.text("updated", of: root) ?? ""
        faults.refuseUnknown(
            in: root, known: ["catalogue", "updated", "images", "videos", "families", "automatic", "providers", "models"])
        for entry in faults.entries("images", of: root) { base.images[entry.name] = imageRule(entry.value) }
        for entry in faults.entries("videos", of: root) { base.videos[entry.name] = videoRule(entry.value) }
        for entry in faults.entries("families", of: root) {
            guard let rule = entry.value.string, base.images[rule] != nil else {
                faults.add("“\(entry.name)” must name one of images", at: entry.value)
                continue
            }
            families.append((entry.name, rule))
        }
        for entry in faults.entries("automatic", of: root) { choice(entry.value) }
        return overrides(root)
    }

    private mutating func choice(_ node: YAMLNode) {
        faults.refuseUnknown(in: node, known: ["pipelines", "thinking", "models"])
        let thinking = faults.text("thinking", of: node, oneOf: ["on", "off"])
        var models: [String: String] = [:]
        for entry in faults.entries("models", of: node) { models[entry.name] = entry.value.string ?? "" }
        let pipelines = (node["pipelines"]?.elements ?? []).compactMap(\.string)
        if pipelines.isEmpty { faults.add("“pipelines” is missing", at: node) }
        choices.append(AutomaticChoice(pipelines: pipelines, thinks: thinking == "on", models: models))
    }

    /// What stands below `providers` and `models`.
    mutating func overrides(_ root: YAMLNode) -> CatalogueOverrides {
        var overrides = CatalogueOverrides()
        let entries = faults.entries("providers", of: root)
        // A region may stand before its provider.
        for entry in entries where !entry.name.contains("@") {
            guard let patch = provider(entry) else { continue }
            added.append(ProviderPatch.Entry(name: entry.name, regions: patch.regions.map(\.name)))
            overrides.providers.append(.init(name: entry.name, patch: patch))
        }
        for entry in entries where entry.name.contains("@") {
            guard let patch = region(entry) else { continue }
            let owner = String(entry.name.prefix { $0 != "@" })
            overrides.providers.append(.init(name: owner, patch: patch))
        }
        let models = faults.entries("models", of: root)
        for entry in models {
            guard isModelName(entry), let patch = model(entry.value) else { continue }
            overrides.models.append(.init(name: entry.name, patch: patch))
        }
        checkLikes(models, overrides)
        return overrides
    }

    // MARK: Providers

    private static let regionKeys = ["base-url", "key-file", "key-variable", "base-url-variable"]
    private static let providerKeys =
        regionKeys + [
            "protocol", "title", "help", "source", "account", "key-required", "key-header", "thinking-switch", "output-limit-field",
            "inline-thought", "any-model", "free-here", "price", "limits", "regions", "default",
        ]

    private var providerNames: [String] { base.providers.map(\.name) + added.map(\.name) }

    private mutating func provider(_ entry: YAMLNode.Member) -> ProviderPatch? {
        let isNew = base.provider(entry.name) == nil
        let node = entry.value
        guard node.members != nil else {
            faults.add("“\(entry.name)” must be a mapping", at: node)
            return nil
        }
        // Without an address it is no provider of the user's own, but one of the known that was misspelt.
        guard !isNew || node["base-url"] != nil || node["regions"] != nil else {
            refuseProvider(entry, known: providerNames)
            return nil
        }
        guard Self.isPlainName(entry.name), entry.name != Catalogue.local, entry.name != Catalogue.automatic else {
            faults.add(
                "“\(entry.name)” cannot name a provider: use small letters, digits and dashes", line: entry.line, column: entry.column)
            return nil
        }
        faults.refuseUnknown(in: node, known: Self.providerKeys)
        var patch = ProviderPatch()
        patch.title = faults.text("title", of: node)
        patch.help = faults.text("help", of: node)
        _ = faults.text("source", of: node)
        patch.wire = faults.choice("protocol", of: node)
        patch.account = faults.text("account", of: node, oneOf: node["account"] == nil ? nil : providerNames)
        patch.baseURL = faults.text("base-url", of: node)
        patch.baseURLVariable = variable("base-url-variable", of: node)
        patch.keyVariable = variable("key-variable", of: node)
        patch.keyFile = faults.text("key-file", of: node)
        patch.needsKey = faults.flag("key-required", of: node)
        patch.keyHeader = faults.choice("key-header", of: node)
        patch.thinkingSwitch = faults.choice("thinking-switch", of: node)
        patch.outputLimitField = faults.text("output-limit-field", of: node, oneOf: ["max_tokens", "max_completion_tokens"])
        patch.hasInlineThought = faults.flag("inline-thought", of: node)
        patch.takesAnyModel = faults.flag("any-model", of: node)
        patch.isFreeHere = faults.flag("free-here", of: node)
        patch.price = node["price"].flatMap { price($0) }
        patch.limits = node["limits"].flatMap { limits($0) }
        patch.defaults = node["default"].flatMap { model($0) }
        for region in faults.entries("regions", of: node) {
            let patchOfRegion = regionPatch(region.value, name: region.name)
            if patchOfRegion.baseURL == nil, base.provider(entry.name)?.region(region.name) == nil {
                faults.add("“base-url” is missing: “\(region.name)” is a new region", line: region.line, column: region.column)
            }
            patch.regions.append(patchOfRegion)
        }
        return patch
    }

    private mutating func refuseProvider(_ entry: YAMLNode.Member, known: [String]) {
        let meant =
            Spelling.nearest(to: entry.name, among: known).map { "did you mean “\($0)”?" } ?? "known are \(known.joined(separator: ", "))."
        faults.add("there is no provider “\(entry.name)”; \(meant) A new one needs “base-url”", line: entry.line, column: entry.column)
    }

    /// `dashscope@beijing: {…}`.
    private mutating func region(_ entry: YAMLNode.Member) -> ProviderPatch? {
        let parts = entry.name.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard entry.value.members != nil else {
            faults.add("“\(entry.name)” must be a mapping", at: entry.value)
            return nil
        }
        guard providerNames.contains(parts[0]) else {
            refuseProvider(entry, known: providerNames)
            return nil
        }
        guard Self.isPlainName(parts[1]) else {
            faults.add("“\(parts[1])” cannot name a region: use small letters, digits and dashes", line: entry.line, column: entry.column)
            return nil
        }
        faults.refuseUnknown(in: entry.value, known: Self.regionKeys)
        let patch = regionPatch(entry.value, name: parts[1])
        let known = (base.provider(parts[0])?.regions.map(\.name) ?? []) + added.filter { $0.name == parts[0] }.flatMap(\.regions)
        guard known.contains(parts[1]) || patch.baseURL != nil else {
            let meant = Spelling.nearest(to: parts[1], among: known).map { "did you mean “\(parts[0])@\($0)”? " } ?? ""
            faults.add(
                "\(parts[0]) has no region “\(parts[1])”; \(meant)A new one needs “base-url”", line: entry.line, column: entry.column)
            return nil
        }
        return ProviderPatch(regions: [patch])
    }

    private mutating func regionPatch(_ node: YAMLNode, name: String) -> RegionPatch {
        RegionPatch(
            name: name, baseURL: faults.text("base-url", of: node), baseURLVariable: variable("base-url-variable", of: node),
            keyVariable: variable("key-variable", of: node), keyFile: faults.text("key-file", of: node))
    }

    private static func isPlainName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 40
            && name.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }

    /// The name of a variable of the environment.
    private mutating func variable(_ key: String, of node: YAMLNode) -> String? {
        guard let name = faults.text(key, of: node) else { return nil }
        let isName = name.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
        if !isName, let value = node[key] { faults.add("“\(key)” must be the name of a variable, in capital letters", at: value) }
        return isName ? name : nil
    }

    // MARK: Models

    private mutating func isModelName(_ entry: YAMLNode.Member) -> Bool {
        let parts = entry.name.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let isPrintable = entry.name.unicodeScalars.allSatisfy { (0x21...0x7E).contains($0.value) }
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, entry.name.utf8.count <= 240, isPrintable else {
            faults.add("“\(entry.name)” names no model: write PROVIDER/MODEL", line: entry.line, column: entry.column)
            return false
        }
        let owner = parts[0].split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard providerNames.contains(owner[0]) else {
            let meant =
                Spelling.nearest(to: owner[0], among: providerNames).map { "did you mean “\($0)/\(parts[1])”?" }
                ?? "known are \(providerNames.joined(separator: ", "))"
            faults.add("there is no provider “\(owner[0])”; \(meant)", line: entry.line, column: entry.column)
            return false
        }
        return true
    }

    private static let modelKeys = [
        "like", "source", "thinking", "streaming", "fields", "context", "max-input", "max-thinking-input", "max-output", "max-thought",
        "image", "video", "max-data-uri", "video-frames", "price", "limits", "regions",
    ]

    /// Tokens of a context: ten times the largest that is known.
    private static let tokenLimit = 10_000_000

    mutating func model(_ node: YAMLNode) -> ModelPatch? {
        guard node.members != nil else {
            faults.add("a model is a mapping of keys to values", at: node)
            return nil
        }
        faults.refuseUnknown(in: node, known: Self.modelKeys)
        var patch = ModelPatch()
        patch.like = faults.text("like", of: node)
        patch.source = faults.text("source", of: node)
        patch.thinking = faults.text("thinking", of: node, oneOf: ["none", "hybrid-on", "hybrid-off", "always"]).map {
            switch $0 {
            case "always": .always
            case "none": .none
            default: .hybrid(isOnByDefault: $0 == "hybrid-on")
            }
        }
        patch.streaming = faults.choice("streaming", of: node)
        patch.fields = fields(node)
        patch.context = tokens("context", of: node)
        patch.maxInput = tokens("max-input", of: node)
        patch.maxThinkingInput = tokens("max-thinking-input", of: node)
        patch.maxOutput = tokens("max-output", of: node)
        patch.maxThought = tokens("max-thought", of: node)
        patch.image = node["image"].flatMap { named($0, "image", among: base.images) { form, node in form.imageRule(node) } }
        patch.video = node["video"].flatMap { named($0, "video", among: base.videos) { form, node in form.videoRule(node) } }
        patch.maxDataURI = faults.count("max-data-uri", of: node, in: 1_000...1_000_000_000)
        patch.videoFrames = node["video-frames"].flatMap { frames($0) }
        patch.price = node["price"].flatMap { price($0) }
        patch.limits = node["limits"].flatMap { limits($0) }
        guard node["regions"] != nil else { return patch }
        var regions: [String: ModelPatch.Regional] = [:]
        for entry in faults.entries("regions", of: node) {
            faults.refuseUnknown(in: entry.value, known: ["price", "limits"])
            regions[entry.name] = ModelPatch.Regional(
                price: entry.value["price"].flatMap { price($0) }, limits: entry.value["limits"].flatMap { limits($0) })
        }
        patch.regions = regions
        return patch
    }

    private mutating func tokens(_ key: String, of node: YAMLNode) -> Int? {
        faults.count(key, of: node, in: 1...Self.tokenLimit)
    }

    private mutating func fields(_ node: YAMLNode) -> Set<RequestField>? {
        guard let value = node["fields"] else { return nil }
        guard let elements = value.elements else {
            faults.add("“fields” must be a list", at: value)
            return nil
        }
        let known = RequestField.allCases.map(\.rawValue)
        return Set(
            elements.compactMap { element -> RequestField? in
                if let field = element.string.flatMap({ RequestField(rawValue: $0) }) { return field }
                faults.add("a field must be one of \(known.joined(separator: ", "))", at: element)
                return nil
            })
    }

    private mutating func frames(_ node: YAMLNode) -> ClosedRange<Int>? {
        let counts = (node.elements ?? []).compactMap(\.int)
        guard counts.count == 2, node.elements?.count == 2, counts[0] >= 1, counts[0] <= counts[1], counts[1] <= 100_000 else {
            faults.add("“video-frames” must be the fewest and the most, as in [4, 512]", at: node)
            return nil
        }
        return counts[0]...counts[1]
    }

    /// A rule by its name, or written out.
    private mutating func named<Rule>(
        _ node: YAMLNode, _ key: String, among rules: [String: Rule], read: (inout CatalogueForm, YAMLNode) -> Rule?
    ) -> Rule? {
        if node.members != nil { return read(&self, node) }
        if let name = node.string, let rule = rules[name] { return rule }
        faults.add("“\(key)” must be one of \(rules.keys.sorted().joined(separator: ", ")), or a mapping", at: node)
        return nil
    }

    /// Each `like` must lead to a row, and to an end.
    private mutating func checkLikes(_ entries: [YAMLNode.Member], _ overrides: CatalogueOverrides) {
        let targets = Dictionary(overrides.models.map { ($0.name, $0.patch.like) }) { $1 }
        for entry in entries {
            guard let like = entry.value["like"], let target = like.string else { continue }
            guard targets[target] != nil || base.hasRow(target) else {
                let names =
                    targets.keys.sorted()
                    + base.providers.flatMap { provider in
                        base.listed(provider).map { "\(provider.name)/\($0)" }
                    }
                let meant = Spelling.nearest(to: target, among: names).map { "; did you mean “\($0)”?" } ?? ""
                faults.add("there is no model “\(target)” to be like\(meant)", at: like)
                continue
            }
            var (next, seen) = (Optional(target), Set<String>())
            while let name = next, seen.insert(name).inserted { next = targets[name].flatMap(\.self) }
            if next != nil { faults.add("“like” leads back to itself", at: like) }
        }
    }
}

extension ProviderPatch {
    /// A provider that the text names, with the regions that it gives it.
    struct Entry: Sendable {
        var name: String
        var regions: [String]
    }
}
