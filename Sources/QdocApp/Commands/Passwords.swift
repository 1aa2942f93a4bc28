import QdocCore
import QdocReport
import QdocRuntime

/// The passwords of encrypted documents.
enum Passwords {
    /// What was given with options or in the environment.
    ///
    /// - Throws: `invalid_arguments`, also of a password file that cannot be read.
    static func given(_ parsed: ParsedArguments, environment: Environment) throws(Failure) -> [Secret] {
        if let path = parsed.value("password-file") {
            guard parsed.value("password") == nil else {
                throw Failure(.invalidArguments, "--password and --password-file are given both", remedy: "leave one out")
            }
            let text: String
            do {
                text = String(decoding: try Files.read(path, limit: 64 << 10), as: UTF8.self)
            } catch {
                throw Failure(.invalidArguments, "the password file: \(error.message)", remedy: error.remedy)
            }
            let line = text.prefix { !$0.isNewline }
            guard !line.isEmpty else {
                throw Failure(.invalidArguments, "\(path) begins with an empty line", remedy: "write the password into its first line")
            }
            return [Secret(String(line))]
        }
        return (parsed.value("password") ?? environment["QDOC_PDF_PASSWORD"]).map { [Secret($0)] } ?? []
    }

    private static let lane = BlockingLane("qdoc-terminal", width: 1)

    /// Asks at the terminal; nil where nobody is there to answer.
    fileprivate static func ask(_ question: String) async -> Secret? {
        guard Console.error.isTerminal else { return nil }
        let cancelled = Flag()
        return await withTaskCancellationHandler {
            // What the lane throws is cancellation alone: nobody answers then.
            try? await lane.run {
                Console.readSecret(prompt: question) { cancelled.isSet }
            }
        } onCancel: {
            cancelled.set()
        }
    }
}

/// The questions for the password of one document.
struct PasswordQuestions {
    /// As often as sudo and ssh ask.
    private static let limit = 3

    private let path: String
    private var asked = 0

    init(about path: String) {
        self.path = path
    }

    /// The next password to try after a failure; nil where it was not for want of one, where nobody answers, or after three wrong ones.
    mutating func answer(to failure: Failure?) async -> Secret? {
        guard let failure, [.passwordRequired, .passwordWrong].contains(failure.code), asked < Self.limit else { return nil }
        let complaint = asked > 0 ? "That password does not open it. " : ""
        asked += 1
        return await Passwords.ask("\(complaint)Password of \(DisplayText.safe(path)): ")
    }
}
