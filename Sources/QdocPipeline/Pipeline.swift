public import QdocCore
import QdocCrypto
import QdocEmbedded
import QdocExtract
public import QdocRuntime
import QdocYAML

/// A pipeline file (`qdoc.pipeline/1`): what to ask of the pages, and the shape the answer must come in. A record, not a program.
public struct Pipeline: Sendable {
    public let name: String
    public let description: String
    /// What the model is told before it is told the answer form.
    public let instructions: String
    /// JSON Schema, draft 7, of `data`.
    public let schema: JSONValue
    /// Pages of one request; nil for the program's default.
    public let window: Int?
    /// SHA-256 of the file, lower-case hexadecimal.
    public let digest: String
    /// Where it was found: a path, or `embedded`.
    public let origin: String

    let extractor: Extractor

    /// Reads a pipeline file.
    ///
    /// - Parameter origin: Path for messages.
    /// - Throws: `invalid_pipeline` that lists every mistake with its line and column.
    public init(_ bytes: [UInt8], origin: String) throws(Failure) {
        let root: YAMLNode
        do {
            root = try YAML.parse(bytes, name: origin)
        } catch {
            throw Failure(.invalidPipeline, error.message, remedy: error.remedy)
        }
        var form = PipelineForm(root, origin: origin)
        form.expectVersion("qdoc.pipeline/1")
        name = form.requiredText("name")
        description = form.text("description") ?? ""
        instructions = form.requiredText("instructions")
        window = form.count("window", in: 1...64)
        let schema = form.requiredObject("schema")
        form.refuseUnknownKeys()
        do {
            extractor = try Extractor(schema: schema)
        } catch {
            form.fault("schema", error.message)
            throw form.failure
        }
        guard form.faults.isEmpty else { throw form.failure }
        self.schema = schema
        self.origin = origin
        digest = SHA256.hexDigest(of: bytes)
    }

    /// A shipped or installed pipeline file that was found.
    public struct Listing: Sendable, Hashable {
        public var name: String
        public var origin: String
    }

    /// Pipeline files are small: 1 MiB is a thousand times the shipped ones.
    public static let sizeLimit = 1 << 20

    /// Finds a pipeline by path, or by name beside the program, in XDG data directories, and among the shipped ones.
    ///
    /// - Throws: `unknown_pipeline`, `invalid_pipeline`, or what reading the file throws.
    public static func find(_ name: String, environment: Environment = .current) throws(Failure) -> Pipeline {
        if name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
            return try Pipeline(try Files.read(name, limit: sizeLimit), origin: name)
        }
        for folder in folders(environment) where Files.exists("\(folder)/\(name).yaml") {
            let path = "\(folder)/\(name).yaml"
            return try Pipeline(try Files.read(path, limit: sizeLimit), origin: path)
        }
        if let file = EmbeddedFile.pipelines.first(where: { $0.name == name }) { return try Pipeline(file.bytes, origin: "embedded") }
        let known = list(environment: environment).map(\.name).joined(separator: ", ")
        throw Failure(.unknownPipeline, "there is no pipeline “\(name)”", remedy: "choose one of \(known), or give a path to a .yaml file")
    }

    /// Every pipeline that `find` would find by name, sorted.
    public static func list(environment: Environment = .current) -> [Listing] {
        var found: [String: String] = [:]
        for folder in folders(environment) {
            for file in Files.names(in: folder) where file.hasSuffix(".yaml") {
                let name = String(file.dropLast(".yaml".count))
                if found[name] == nil { found[name] = "\(folder)/\(file)" }
            }
        }
        for file in EmbeddedFile.pipelines where found[file.name] == nil { found[file.name] = "embedded" }
        return found.map { Listing(name: $0.key, origin: $0.value) }.sorted { $0.name < $1.name }
    }

    /// - Source: XDG Base Directory Specification 0.8 for the variables and their defaults.
    private static func folders(_ environment: Environment) -> [String] {
        let home = environment["XDG_DATA_HOME"] ?? environment["HOME"].map { "\($0)/.local/share" }
        let shared = (environment["XDG_DATA_DIRS"] ?? "/usr/local/share:/usr/share").split(separator: ":").map(String.init)
        let program = Files.programFolder
        // The specification has relative paths ignored: they would mean another folder wherever the program is started.
        let folders = ([home].compactMap(\.self) + shared).filter { $0.hasPrefix("/") }
        return ["\(program)/pipelines", "\(program)/../share/qdoc/pipelines"] + folders.map { "\($0)/qdoc/pipelines" }
    }
}
