internal import CSystem

/// The environment as it was when the process started.
public struct Environment: Sendable {
    private let variables: [String: String]

    public init(_ variables: [String: String]) {
        self.variables = variables
    }

    /// The process's own.
    public static let current: Environment = {
        var variables: [String: String] = [:]
        var index: Int32 = 0
        while let text = unsafe qdoc_environment_entry(index) {
            let parts = unsafe String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            index += 1
        }
        return Environment(variables)
    }()

    /// The folder of files that vanish with the process: `TMPDIR`, or `/tmp`.
    public var workFolder: String { self["TMPDIR"] ?? "/tmp" }

    /// A variable that is set to something, else nil.
    public subscript(_ name: String) -> String? {
        variables[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
