import QdocCore
import QdocReport
import QdocRuntime

/// The passwords of encrypted documents.
enum Passwords {
    /// What was given with options or in the environment.
    ///
    /// - Throws: What reading the password file throws.
    static func given(_ parsed: ParsedArguments, environment: Environment) throws(Failure) -> [Secret] {
        if let path = parsed.value("password-file") {
            let text = String(decoding: try Files.read(path, limit: 64 << 10), as: UTF8.self)
            let line = text.prefix { !$0.isNewline }
            guard !line.isEmpty else {
                throw Failure(.invalidArguments, "\(path) begins with an empty line", remedy: "write the password into its first line")
            }
            return [Secret(String(line))]
        }
        return (parsed.value("password") ?? environment["QDOC_PDF_PASSWORD"]).map { [Secret($0)] } ?? []
    }

    /// Times a person is asked.
    static let maxQuestions = 3

    private static let lane = BlockingLane("qdoc-terminal", width: 1)

    /// Asks at the terminal; nil where nobody is there to answer.
    static func ask(about path: String) async -> Secret? {
        guard Console.error.isTerminal else { return nil }
        let cancelled = Flag()
        return await withTaskCancellationHandler {
            // What the lane throws is cancellation alone: nobody answers then.
            try? await lane.run {
                Console.readSecret(prompt: "Password of \(DisplayText.safe(path)): ") { cancelled.isSet }
            }
        } onCancel: {
            cancelled.set()
        }
    }
}
