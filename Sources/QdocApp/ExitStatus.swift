public import QdocCore
import QdocReport

/// What the process tells its caller.
public enum ExitStatus: Int32, Sendable {
    case complete = 0
    case failed = 1
    case usage = 2
    case partial = 3

    /// Each status with its meaning, for the manual.
    static let table: [(status: Int, meaning: String)] = [
        (0, "Complete."),
        (1, "Failed."),
        (2, "Wrong arguments or configuration, an unknown model or pipeline, or a missing key; nothing was decoded and nothing sent."),
        (3, "Partial: a page or an answer is missing; the last line of standard error names them."),
        (129, "Hung up."),
        (130, "Interrupted: the first interrupt still writes a partial report, the second ends at once."),
        (143, "Terminated; a partial report is still written."),
    ]

    /// The status of a command that failed.
    public init(_ code: Failure.Code) {
        switch code {
        case .invalidArguments, .invalidConfiguration, .unknownModel, .missingKey, .unknownPipeline, .invalidPipeline, .offline,
            .pageOutOfRange, .outputExists:
            self = .usage
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
            case .partial: 1
            case .usage: 2
            case .failed: 3
            }
        }
        return weight(self) >= weight(other) ? self : other
    }
}
