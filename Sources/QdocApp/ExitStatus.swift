public import QdocCore
import QdocReport

/// What the process tells its caller.
public enum ExitStatus: Int32, Sendable {
    case complete = 0
    case failed = 1
    case usage = 2
    case partial = 3
    case refusedByBudget = 4
    /// By `--require-proof`.
    case unproven = 5
    /// What a shell shows of a program that SIGPIPE ended.
    case readerGone = 141

    /// Each status with its meaning, for the manual.
    static let table: [(status: Int, meaning: String)] = [
        (0, "Complete."),
        (1, "Failed; of qdoc diff: the reports differ."),
        (
            2,
            "Wrong arguments or configuration, an unknown model or pipeline, or a missing key; nothing was sent. No document was opened, "
                + "except to find that --pages names a page that it does not have."
        ),
        (3, "Partial: a page or an answer is missing; the last line of standard error names them."),
        (4, "Refused by a budget, or for want of a price: nothing was sent."),
        (5, "A value is not proven as --require-proof asks; standard error names it. The report is written."),
        (129, "Hung up."),
        (130, "Interrupted: the first interrupt still writes a partial report, the second ends at once."),
        (141, "The reader of standard output went away, as in qdoc ... | head; nothing is said about it."),
        (143, "Terminated; a partial report is still written."),
    ]

    /// The status of a command that failed.
    public init(_ code: Failure.Code) {
        switch code {
        case .invalidArguments, .invalidConfiguration, .unknownModel, .missingKey, .unknownPipeline, .invalidPipeline, .offline,
            .pageOutOfRange, .outputExists, .requestUnsupported, .runNotFound:
            self = .usage
        case .priceUnknown, .budgetExceeded: self = .refusedByBudget
        default: self = .failed
        }
    }

    /// The status of a run.
    init(_ report: Report) {
        switch report.run.state {
        case .complete: self = .complete
        case .partial: self = .partial
        case .failed: self = report.run.failure.map { ExitStatus($0.code) } ?? .failed
        }
    }

    /// The status of several runs: a failure rules, then a partial one.
    func joined(_ other: ExitStatus) -> ExitStatus {
        func weight(_ status: ExitStatus) -> Int {
            switch status {
            case .complete: 0
            case .unproven: 1
            case .partial: 2
            case .usage: 3
            case .refusedByBudget: 4
            case .failed: 5
            case .readerGone: 6
            }
        }
        return weight(self) >= weight(other) ? self : other
    }
}
