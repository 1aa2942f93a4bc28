import QdocCore
import QdocIngest
import QdocModel
import QdocPipeline
import QdocRuntime

/// What `analyze` and `plan` are asked to do: everything that can be decided before a file is opened.
struct AnalysisRequest {
    let parsed: ParsedArguments
    let environment: Environment
    let inputs: InputFiles
    let configuration: Configuration
    let pipeline: Pipeline
    let model: ModelChoice
    let isOffline: Bool
    /// The run that is taken up again; nil for a new one.
    let run: String?
    private let images: ImageChoice
    private let frames: FrameSelection
    private let pages: PageRanges?
    private let passwords: [Secret]

    /// - Parameter needsKey: Whether a model without its key is refused.
    var files: [String] { inputs.paths }

    /// How files are read.
    var ingest: IngestOptions {
        IngestOptions(allowUnsandboxed: parsed.has("allow-unsandboxed"), recognition: ReadingChoice.recognition(parsed))
    }

    /// - Throws: What makes the exit status 2.
    init(_ parsed: ParsedArguments, environment: Environment, needsKey: Bool, run: String? = nil) throws(Failure) {
        self.run = run
        self.parsed = parsed
        self.environment = environment
        inputs = try InputFiles(parsed.positionals, recursive: parsed.has("recursive"))
        images = try ReadingChoice.images(parsed)
        frames = try ReadingChoice.frames(parsed)
        configuration = try Configuration.load(named: parsed.value("config"), environment: environment)
        isOffline = parsed.has("offline") || configuration.isOffline ?? false
        pipeline = try PipelineChoice.find(parsed, configuration, environment)
        model = try ModelChoice(
            named: parsed.value("model"), baseURL: parsed.value("base-url"), maxSide: parsed.count("max-side") ?? configuration.maxSide,
            isOffline: isOffline && needsKey, needsKey: needsKey, pipeline: pipeline.name, configuration: configuration,
            environment: environment)
        pages = try parsed.value("pages").map { text throws(Failure) in try PageRanges(text) }
        passwords = try Passwords.given(parsed, environment: environment)
    }

    /// - Parameter setup: Nil for the local reader.
    func options(_ setup: HostedSetup?) -> RunOptions {
        var options = RunOptions(
            pages: pages, window: parsed.count("window") ?? configuration.window,
            jobs: parsed.count("jobs") ?? configuration.jobs ?? RunOptions.defaultJobs, question: setup?.question ?? QuestionSettings(),
            passwords: passwords)
        options.clipsPages = files.count > 1
        options.isFresh = parsed.has("fresh")
        options.run = run
        options.images = images
        options.frames = frames
        options.isVideo = parsed.has("as-video")
        return options
    }

    /// - Throws: As `HostedSetup`.
    func setup(_ choice: HostedChoice) throws(Failure) -> HostedSetup {
        try HostedSetup(parsed, choice: choice, pipeline: pipeline, configuration: configuration, environment: environment)
    }

    /// How this file alone would be asked for again: every option but those that hold a secret, and the file.
    func invocation(for path: String) -> Invocation {
        var arguments = parsed.path
        for option in parsed.command.options where !["password", "force", "recursive"].contains(option.name) {
            if option.placeholder == nil {
                if parsed.has(option.name) { arguments.append("--\(option.name)") }
            } else {
                for value in parsed.all(option.name) { arguments.append("--\(option.name)=\(value)") }
            }
        }
        return Invocation(arguments: arguments + ["--", path], workingFolder: Files.workingFolder)
    }
}
