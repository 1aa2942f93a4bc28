public import QdocCore

/// Whom a name means, before it is known at which address.
public struct ModelReference: Sendable, Hashable {
    public var provider: CatalogueProvider
    /// Nil where the provider has one address.
    public var region: CatalogueRegion?
    /// Whether the region stands in the name; the first one is meant where it does not.
    public var namesRegion: Bool
    public var model: String
    /// What `auto` says about thinking; nil where a model was named.
    public var thinks: Bool?
}

/// What `auto` means for some kinds of pipeline.
public struct AutomaticChoice: Sendable, Hashable {
    /// Names of pipelines.
    public var pipelines: [String]
    public var thinks: Bool
    /// By provider.
    public var models: [String: String]
}

extension Catalogue {
    /// The choice for a pipeline by its name; pipelines of other names are treated as `report`.
    public func automatic(for pipeline: String) -> AutomaticChoice? {
        choices.first { $0.pipelines.contains(pipeline) } ?? choices.first { $0.pipelines.contains("report") }
    }

    /// Finds whom a name means: `PROVIDER/MODEL`, `PROVIDER@REGION/MODEL`, `PROVIDER/auto`, or `auto`; nil of `local`.
    ///
    /// - Parameter pipeline: Its name decides what `auto` means.
    /// - Throws: `unknown_model`.
    public func reference(_ name: String, pipeline: String = "report") throws(Failure) -> ModelReference? {
        guard name != Self.local else { return nil }
        // Alibaba's own endpoint has a model for every kind of pipeline.
        let full = name == Self.automatic ? "dashscope/\(name)" : name
        let parts = full.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let isPrintable = full.unicodeScalars.allSatisfy { (0x21...0x7E).contains($0.value) }
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, parts[1].utf8.count <= 200, isPrintable else {
            throw Failure(
                .unknownModel, "“\(name)” names no model", remedy: "write local or PROVIDER/MODEL; “qdoc models” lists the providers")
        }
        let owner = parts[0].split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let provider = provider(owner[0]) else {
            let rest = owner.count == 2 ? "@\(owner[1])" : ""
            let near = Spelling.nearest(to: owner[0], among: providers.map(\.name)).map { "did you mean \($0)\(rest)/\(parts[1])? " } ?? ""
            throw Failure(
                .unknownModel, "there is no provider “\(owner[0])”",
                remedy: "\(near)choose one of \(providers.map(\.name).joined(separator: ", "))")
        }
        let region = owner.count == 2 ? try self.region(owner[1], of: provider, model: parts[1]) : provider.regions.first
        var reference = ModelReference(provider: provider, region: region, namesRegion: owner.count == 2, model: parts[1])
        guard parts[1] == Self.automatic, !hasRow(full) else { return reference }
        guard let choice = automatic(for: pipeline), let model = choice.models[provider.name] else {
            let able = providers.map(\.name).filter { name in choices.contains { $0.models[name] != nil } }
            throw Failure(
                .unknownModel, "\(provider.name) has no automatic choice",
                remedy: "name a model, or one of \(able.map { "\($0)/auto" }.joined(separator: ", "))")
        }
        (reference.model, reference.thinks) = (model, choice.thinks)
        return reference
    }

    private func region(_ name: String, of provider: CatalogueProvider, model: String) throws(Failure) -> CatalogueRegion {
        if let region = provider.region(name) { return region }
        guard !provider.regions.isEmpty else {
            throw Failure(.unknownModel, "\(provider.name) has no regions", remedy: "write \(provider.name)/\(model)")
        }
        let names = provider.regions.map(\.name)
        let near = Spelling.nearest(to: name, among: names).map { "did you mean \(provider.name)@\($0)/\(model)? " } ?? ""
        throw Failure(
            .unknownModel, "\(provider.name) has no region “\(name)”", remedy: "\(near)choose one of \(names.joined(separator: ", "))")
    }

    /// All that is known of a model.
    ///
    /// - Parameter region: Instead of the reference's own, where its address turned out to be that of another.
    /// - Throws: `unknown_model`.
    public func model(_ reference: ModelReference, in region: CatalogueRegion? = nil) throws(Failure) -> CatalogueModel {
        let (provider, region) = (reference.provider, region ?? reference.region)
        let ownName = "\(provider.name)/\(reference.model)"
        let regionalName = region.map { "\(provider.name)@\($0.name)/\(reference.model)" }
        // What the same account offers in another protocol, then what is said of this provider, then of this region.
        let rows = ["\(provider.account)/\(reference.model)", provider.account == provider.name ? nil : ownName, regionalName]
            .compactMap { $0.flatMap(row) }
        guard !rows.isEmpty || provider.takesAnyModel else { throw unknown(reference) }
        var patch = provider.defaults
        for row in rows { patch.overlay(row) }
        let regional = region.flatMap { patch.regions?[$0.name] }
        if let region, let regions = patch.regions, regional == nil, !region.isAdded, regionalName.map(hasRow) != true {
            let names = provider.regions.map(\.name).filter { regions[$0] != nil }
            throw Failure(
                .unknownModel,
                "\(provider.name) has \(reference.model) in \(names.isEmpty ? "no region" : names.joined(separator: ", ")), not in \(region.name)",
                remedy: names.first.map { "write \(provider.name)@\($0)/\(reference.model)" })
        }
        let price = regional?.price ?? patch.price ?? provider.price
        let profile = ModelProfile(
            thinking: patch.thinking ?? .none, streaming: patch.streaming ?? .optional, fields: patch.fields ?? [], context: patch.context,
            maxInput: patch.maxInput, maxThinkingInput: patch.maxThinkingInput, maxOutput: patch.maxOutput, maxThought: patch.maxThought,
            image: patch.image ?? imageRule(forModel: reference.model), video: patch.video, maxDataURI: patch.maxDataURI,
            videoFrames: patch.videoFrames, limits: regional?.limits ?? patch.limits ?? provider.limits, price: price.price,
            priceDate: price.date)
        return CatalogueModel(
            provider: provider, region: region, model: reference.model, profile: profile, isPriceApproximate: price.isApproximate,
            source: patch.source, isListed: !rows.isEmpty, thinks: reference.thinks)
    }

    private func unknown(_ reference: ModelReference) -> Failure {
        let models = listed(reference.provider)
        let near = Spelling.nearest(to: reference.model, among: models).map { "did you mean \(reference.provider.name)/\($0)? " } ?? ""
        return Failure(
            .unknownModel, "\(reference.provider.name) is known to have \(models.joined(separator: ", ")), but no “\(reference.model)”",
            remedy: "\(near)add it below “models” in qdoc.yaml if it has")
    }

    /// The name of a model in one step; nil of `local`.
    ///
    /// - Throws: `unknown_model`.
    public func resolve(_ name: String, pipeline: String = "report") throws(Failure) -> CatalogueModel? {
        guard let reference = try reference(name, pipeline: pipeline) else { return nil }
        return try model(reference)
    }

    /// The models that are listed of a provider, without it and the slash.
    public func listed(_ provider: CatalogueProvider) -> [String] {
        names.reduce(into: []) { models, name in
            let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
            let owner = parts[0].split(separator: "@").first.map(String.init)
            guard parts.count == 2, owner == provider.account || owner == provider.name, !models.contains(parts[1]) else { return }
            models.append(parts[1])
        }
    }

    /// The models that are listed of a provider, each in the first region that has it.
    public func models(of provider: CatalogueProvider) -> [CatalogueModel] {
        let regions = provider.regions.isEmpty ? [nil] : provider.regions.map(Optional.some)
        return listed(provider).compactMap { name in
            for region in regions {
                let reference = ModelReference(provider: provider, region: region, namesRegion: true, model: name)
                // What one region lacks is in another.
                if let model = try? model(reference) { return model }
            }
            return nil
        }
    }

    /// Variables that may hold the key of an endpoint, the one of the region first.
    public func keyVariables(of provider: CatalogueProvider, region: CatalogueRegion?) -> [String] {
        records(of: provider, region: region).compactMap(\.variable)
    }

    /// A key file with the record it stands in.
    public struct KeyFile: Sendable, Hashable {
        /// `dashscope` or `dashscope@beijing`.
        public var record: String
        public var path: String
        /// Where the record's host is: the key is for nobody else.
        public var baseURL: String
    }

    /// Key files of an endpoint, the one of the region first. One whose record has another host is not for it.
    public func keyFiles(of provider: CatalogueProvider, region: CatalogueRegion?) -> [KeyFile] {
        records(of: provider, region: region).compactMap { record in
            record.file.map { KeyFile(record: record.name, path: $0, baseURL: record.baseURL) }
        }
    }

    private struct KeyRecord {
        var name: String
        var variable: String?
        var file: String?
        var baseURL: String
    }

    /// The records whose key an endpoint may use: its own, then those of the same account.
    private func records(of provider: CatalogueProvider, region: CatalogueRegion?) -> [KeyRecord] {
        let owners = [provider] + (provider.account == provider.name ? [] : [self.provider(provider.account)].compactMap(\.self))
        let regional = owners.compactMap { owner in
            region.flatMap { owner.region($0.name) }.map {
                KeyRecord(name: "\(owner.name)@\($0.name)", variable: $0.keyVariable, file: $0.keyFile, baseURL: $0.baseURL)
            }
        }
        let general = owners.map {
            KeyRecord(
                name: $0.name, variable: $0.keyVariable, file: $0.keyFile, baseURL: $0.baseURL ?? $0.regions.first?.baseURL ?? "")
        }
        return regional + general
    }
}
