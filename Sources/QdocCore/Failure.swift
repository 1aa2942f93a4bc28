/// Why something failed: what failed, on what, and the remedy.
///
/// The one error envelope of the program. Each code has a row in `docs/errors.md`.
public struct Failure: Error, Sendable, Hashable {
    /// A stable slug. Reports, metrics and exit status are decided by it, never by the message.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        // Arguments and configuration.
        case invalidArguments = "invalid_arguments"
        case invalidConfiguration = "invalid_configuration"
        case unknownModel = "unknown_model"
        case missingKey = "missing_key"
        case unknownPipeline = "unknown_pipeline"
        case invalidPipeline = "invalid_pipeline"
        case offline
        case requestUnsupported = "request_unsupported"
        // Money.
        case priceUnknown = "price_unknown"
        case budgetExceeded = "budget_exceeded"
        // Sources.
        case fileNotFound = "file_not_found"
        case fileUnreadable = "file_unreadable"
        case fileEmpty = "file_empty"
        case fileTooLarge = "file_too_large"
        case unsupportedMedia = "unsupported_media"
        case passwordRequired = "password_required"
        case passwordWrong = "password_wrong"
        case damagedFile = "damaged_file"
        case tooManyPages = "too_many_pages"
        case pageOutOfRange = "page_out_of_range"
        // Pages.
        case pageDamaged = "page_damaged"
        case pageTooLarge = "page_too_large"
        case decodeCrashed = "decode_crashed"
        case decodeTimedOut = "decode_timed_out"
        case decodeLimit = "decode_limit"
        case noTextLayer = "no_text_layer"
        case pictureNotRead = "picture_not_read"
        case chartNotRead = "chart_not_read"
        case fontMissing = "font_missing"
        case documentInstructions = "document_instructions"
        // The decode child.
        case decoderMissing = "decoder_missing"
        case decoderMismatch = "decoder_mismatch"
        case decoderProtocol = "decoder_protocol"
        case sandboxUnavailable = "sandbox_unavailable"
        // The model.
        case requestRefused = "request_refused"
        case unauthorized
        case quotaExceeded = "quota_exceeded"
        case rateLimited = "rate_limited"
        case providerUnavailable = "provider_unavailable"
        case connectionFailed = "connection_failed"
        case modelTimedOut = "model_timed_out"
        case streamTruncated = "stream_truncated"
        case streamMalformed = "stream_malformed"
        case contentBlocked = "content_blocked"
        case toolRequested = "tool_requested"
        case answerRepeats = "answer_repeats"
        case endpointPaused = "endpoint_paused"
        case outcomeUnknown = "outcome_unknown"
        // The store.
        case storeUnavailable = "store_unavailable"
        case storeDamaged = "store_damaged"
        case storeFull = "store_full"
        case runNotFound = "run_not_found"
        // The answer.
        case answerTruncated = "answer_truncated"
        case answerNotJSON = "answer_not_json"
        case answerInvalid = "answer_invalid"
        // A kept report.
        case reportInvalid = "report_invalid"
        // Output.
        case outputExists = "output_exists"
        case outputUnwritable = "output_unwritable"
        case workFileFailed = "work_file_failed"
        // The run.
        case interrupted
        case internalError = "internal_error"
    }

    public var code: Code
    /// What failed and on what; holds no document text, prompt, key or header value.
    public var message: String
    /// What to do about it.
    public var remedy: String?

    public init(_ code: Code, _ message: String, remedy: String? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }
}

extension Failure {
    /// Runs work whose only errors are failures and cancellation, which becomes `interrupted`: for commands, which end with either.
    public static func only<Value: Sendable>(_ work: () async throws -> Value) async throws(Failure) -> Value {
        do {
            return try await work()
        } catch let failure as Failure {
            throw failure
        } catch is CancellationError {
            throw Failure(.interrupted, "interrupted")
        } catch {
            throw Failure(.internalError, "\(error)", remedy: "report this")
        }
    }
}

extension Failure: CustomStringConvertible {
    /// One or two sentences: the message, then the remedy.
    public var description: String {
        remedy.map { "\(message): \($0)" } ?? message
    }
}
