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
    /// What the model is told before it is told the answer form; empty where the question says it all.
    public let instructions: String
    /// The one question whose answer is wanted; nil where the instructions say it all.
    public private(set) var question: String?
    /// JSON Schema, draft 7, of `data`.
    public private(set) var schema: JSONValue
    /// How pages are dealt to requests; nil for the program's default.
    public let window: Window?
    /// Whether a model that can be told is to think first; nil for what suits pipelines of this name.
    public let thinks: Bool?
    /// Whether the words that the document stores for a page stand beside its image.
    let isAnchored: Bool
    /// Whether images are sent; a request of words alone goes to any model.
    let showsImages: Bool
    /// BCP 47 tag of the language of what the model says in its own words.
    public private(set) var language: String?
    /// Whether the opening role goes into a system message where the model takes one.
    let wantsSystem: Bool
    let limits: Limits
    /// SHA-256 of the file, lower-case hexadecimal; of the file and of what was changed in it, where something was.
    public private(set) var digest: String
    /// Where it was found: a path, or `embedded`.
    public let origin: String

    private(set) var extractor: Extractor
    /// Where what is asked stands in the file, from 1.
    let taskPlace: (line: Int, column: Int)

    /// How pages are dealt to requests.
    public struct Window: Sendable, Hashable {
        /// Of one request; nil for all of them in one, as far as the model takes them and up to `mostPages`.
        public var pages: Int?
        /// Pages that the next request shows again.
        public var overlap = 0

        /// Of one request, as `--window` has it: what is held in memory ends there, whatever a model's limits are.
        static let mostPages = 64
    }

    /// What one answer may take at most, where the model can be told.
    struct Limits: Sendable, Hashable {
        /// Tokens of the answer.
        var maxOutput: Int?
        /// Tokens of the thought.
        var thinkingBudget: Int?
    }

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
        instructions = form.text("instructions") ?? ""
        question = form.text("question")
        if !form.has("instructions"), !form.has("question") { form.missing("“instructions”, “question”, or both") }
        taskPlace = form.place("question") ?? form.place("instructions") ?? (1, 1)
        window = form.window("window")
        thinks = form.choice("thinking", among: ["auto", "on", "off"]).flatMap { ["on": true, "off": false][$0] }
        isAnchored = form.choice("anchor", among: ["none", "text"]) == "text"
        showsImages = form.choice("images", among: ["auto", "none"]) != "none"
        language = form.language("language")
        wantsSystem = form.choice("system", among: ["never", "auto"]) == "auto"
        limits = form.limits("limits")
        let schema = form.schema()
        form.refuseUnknownKeys()
        do {
            extractor = try Extractor(schema: schema)
        } catch {
            form.fault(form.has("schema") ? "schema" : "fields", error.message)
            throw form.failure
        }
        guard form.faults.isEmpty else { throw form.failure }
        self.schema = schema
        self.origin = origin
        digest = SHA256.hexDigest(of: bytes)
    }

    /// What a command line says over a pipeline file.
    public struct Changes: Sendable, Hashable {
        public var schema: JSONValue?
        public var question: String?
        public var language: String?

        public init(schema: JSONValue? = nil, question: String? = nil, language: String? = nil) {
            self.schema = schema
            self.question = question
            self.language = language
        }
    }

    /// The same pipeline with what a user says instead.
    ///
    /// - Throws: `invalid_arguments` where the schema or the language cannot be used.
    public func changed(_ changes: Changes) throws(Failure) -> Pipeline {
        guard changes != Changes() else { return self }
        var pipeline = self
        var said = JSONObject()
        if let schema = changes.schema {
            do {
                pipeline.extractor = try Extractor(schema: schema)
            } catch {
                throw Failure(.invalidArguments, error.message, remedy: error.remedy)
            }
            pipeline.schema = schema
            said["schema"] = schema
        }
        if let question = changes.question {
            pipeline.question = question
            said["question"] = .string(question)
        }
        if let language = changes.language {
            guard PipelineForm.isLanguage(language) else {
                throw Failure(.invalidArguments, "“\(language)” is no language tag", remedy: "write it as de, pt-BR or zh-Hant")
            }
            pipeline.language = language
            said["language"] = .string(language)
        }
        pipeline.digest = SHA256.hexDigest(of: Array((digest + JSONWriter.text(.object(said))).utf8))
        return pipeline
    }

    /// A JSON Schema from a file, in JSON or YAML.
    ///
    /// - Throws: `invalid_arguments`, or what reading the file throws.
    public static func schema(at path: String) throws(Failure) -> JSONValue {
        do {
            return try YAML.parse(try Files.read(path, limit: sizeLimit), name: path).json
        } catch {
            guard error.code == .invalidConfiguration else { throw error }
            throw Failure(.invalidArguments, error.message, remedy: error.remedy)
        }
    }

    /// The shipped pipeline that is meant where a user gives the fields alone.
    public static let plain = "fields"
    /// The shipped pipeline that is meant where a user gives a question alone.
    public static let answering = "question"

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
