public import QdocCore
internal import QdocEmbedded
public import QdocYAML

/// The endpoints and models that are known, with their limits and prices: a data file that travels inside the program, and what the
/// user's configuration adds to it.
public struct Catalogue: Sendable {
    /// Stands for the local reader.
    public static let local = "local"
    /// Stands for a choice by the kind of pipeline.
    static let automatic = "auto"
    static let version = "qdoc.catalogue/1"

    /// The day the shipped file was last looked through.
    public private(set) var updated = ""
    /// In the order of the file, the user's own behind them.
    public internal(set) var providers: [CatalogueProvider] = []
    /// `PROVIDER/MODEL` and `PROVIDER@REGION/MODEL`, in the order of the file.
    private(set) var names: [String] = []
    private var rows: [String: ModelPatch] = [:]
    var images: [String: ImageRule] = [:]
    var videos: [String: VideoRule] = [:]
    /// Part of a model's name and the image rule that it stands for.
    private(set) var families: [(part: String, rule: String)] = []
    private(set) var choices: [AutomaticChoice] = []

    /// A catalogue of nothing, on which a file is laid.
    init() {}

    /// The catalogue inside the program.
    ///
    /// - Throws: `internal_error`, where the file that was built in is damaged.
    public static func shipped() throws(Failure) -> Catalogue { try embedded.get() }

    private static let embedded = Result<Catalogue, Failure> { () throws(Failure) in
        guard let file = EmbeddedFile.catalogue else { throw Failure(.internalError, "the program holds no catalogue of models") }
        return try Catalogue(file.bytes, name: "models/catalogue.yaml")
    }

    /// Reads a whole catalogue.
    ///
    /// - Parameter name: The file, for messages.
    /// - Throws: `invalid_configuration` that lists every mistake with its line and column.
    package init(_ bytes: [UInt8], name: String) throws(Failure) {
        let root = try YAML.parse(bytes, name: name)
        var form = CatalogueForm(base: Catalogue())
        let overrides = form.catalogue(root)
        guard form.faults.isEmpty else {
            let list = form.faults.inOrder.map { "\(name):\($0.line):\($0.column): \($0.message)" }
            throw Failure(.invalidConfiguration, list.joined(separator: "\n"), remedy: "docs/models.md explains the keys")
        }
        self = form.base.merging(overrides, isShipped: true)
        updated = form.updated
        families = form.families
        choices = form.choices
    }

    /// What a user's configuration says below `providers` and `models`.
    ///
    /// - Parameter faults: Every mistake is added to it.
    public func overrides(of root: YAMLNode, faults: inout YAMLFaults) -> CatalogueOverrides {
        var form = CatalogueForm(base: self)
        form.faults = faults
        let overrides = form.overrides(root)
        faults = form.faults
        return overrides
    }

    /// The catalogue with what the user's configuration says over it.
    public func merging(_ overrides: CatalogueOverrides) -> Catalogue { merging(overrides, isShipped: false) }

    private func merging(_ overrides: CatalogueOverrides, isShipped: Bool) -> Catalogue {
        var result = self
        for (name, patch) in overrides.providers.map({ ($0.name, $0.patch) }) {
            let index = result.providers.firstIndex { $0.name == name } ?? result.providers.endIndex
            if index == result.providers.endIndex { result.providers.append(CatalogueProvider(name: name)) }
            patch.apply(to: &result.providers[index], isShipped: isShipped)
        }
        for (name, patch) in overrides.models.map({ ($0.name, $0.patch) }) {
            if result.rows[name] == nil { result.names.append(name) }
            result.rows[name, default: ModelPatch()].overlay(patch)
        }
        return result
    }

    /// The provider of a name.
    public func provider(_ name: String) -> CatalogueProvider? { providers.first { $0.name == name } }

    /// Whether there is a row of this name.
    func hasRow(_ name: String) -> Bool { rows[name] != nil }

    /// What the rows say that a name leads to: those it is like first, its own over them.
    func row(_ name: String) -> ModelPatch? {
        guard var patch = rows[name] else { return nil }
        var (target, seen, home) = (patch.like, Set([name]), name.prefix { $0 != "/" && $0 != "@" })
        // A circle was refused where the rows were read; here it would only end.
        while let next = target, let under = rows[next], seen.insert(next).inserted {
            let owner = next.prefix { $0 != "/" && $0 != "@" }
            var below = owner == home ? under : under.abroad
            target = under.like
            below.overlay(patch)
            (patch, home) = (below, owner)
        }
        return patch
    }

    /// How the images of a model that is not listed are counted, by its family.
    ///
    /// - Source: Model Studio's pages on visual reasoning and understanding (February 2026): cell side, least and most pixels by family.
    public func imageRule(forModel model: String) -> ImageRule {
        let name = model.lowercased()
        let rule = families.first { name.contains($0.part) }?.rule ?? "plain"
        return images[rule] ?? ImageRule(patch: 32, minPixels: 4_096, maxPixels: 2_621_440, maxSide: 2_048)
    }
}

/// What a user's configuration says of providers and models, in the order written.
public struct CatalogueOverrides: Sendable, Hashable {
    var providers: [Named<ProviderPatch>] = []
    var models: [Named<ModelPatch>] = []

    public init() {}

    struct Named<Patch: Sendable & Hashable>: Sendable, Hashable {
        var name: String
        var patch: Patch
    }
}
