public import QdocCore

/// What the process was started with.
public enum ProcessArguments {
    /// The arguments, without the program's name.
    ///
    /// - Throws: `invalid_arguments` of bytes that are no UTF-8: repaired, they would name another file.
    public static func read() throws(Failure) -> [String] {
        var arguments: [String] = []
        for index in 0..<Int(CommandLine.argc) where index > 0 {
            guard let bytes = unsafe CommandLine.unsafeArgv[index] else { break }
            guard let argument = unsafe String(validatingCString: bytes) else {
                throw Failure(.invalidArguments, "argument \(index) is not UTF-8", remedy: "rename the file if it names one")
            }
            arguments.append(argument)
        }
        return arguments
    }
}
