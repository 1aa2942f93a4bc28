import QdocCore
import QdocPipeline
import QdocRuntime

/// Which pipeline is meant, with what the command line says over it.
enum PipelineChoice {
    /// `-p` over what the fields or the question stand for, over the configuration, over `report`.
    ///
    /// Whoever gives the fields, or a question, and no pipeline wants neither the default's instructions nor its form.
    ///
    /// - Throws: As `Pipeline.find`; `invalid_arguments`.
    static func find(_ parsed: ParsedArguments, _ configuration: Configuration, _ environment: Environment) throws(Failure) -> Pipeline {
        if parsed.has("fields"), parsed.has("schema") {
            throw Failure(.invalidArguments, "--fields is the short form of --schema", remedy: "give one of them")
        }
        var changes = Pipeline.Changes(question: parsed.value("question"), language: parsed.value("language"))
        if let text = parsed.value("fields") { changes.schema = try FieldsText.schema(text) }
        if let path = parsed.value("schema") { changes.schema = try Pipeline.schema(at: path) }
        let implied = changes.schema != nil ? Pipeline.plain : changes.question != nil ? Pipeline.answering : nil
        let name = parsed.value("pipeline") ?? implied ?? configuration.pipeline ?? "report"
        return try Pipeline.find(name, environment: environment).changed(changes)
    }
}
