import QdocCore
import QdocRuntime

/// Texts that were looked at and kept.
public enum Golden {
    /// Compares a text with a kept one; `QDOC_RECORD=1` keeps the new text instead, and still fails.
    ///
    /// - Parameter path: Relative to the package.
    /// - Returns: Nil where they are equal, else what to tell.
    public static func difference(_ text: String, from path: String) throws -> String? {
        let file = Project.path(path)
        guard Environment.current["QDOC_RECORD"] == nil else {
            let output = try OutputFile(file, replaces: true)
            try output.write(Array(text.utf8))
            try output.commit()
            return "recorded \(path): look at it, then run without QDOC_RECORD"
        }
        guard Files.exists(file) else { return "\(path) is not there: record it with QDOC_RECORD=1" }
        let kept = String(decoding: try Files.read(file, limit: 1 << 20), as: UTF8.self)
        guard kept != text else { return nil }
        let pairs = zip(
            kept.split(separator: "\n", omittingEmptySubsequences: false), text.split(separator: "\n", omittingEmptySubsequences: false))
        guard let (index, pair) = pairs.enumerated().first(where: { $0.element.0 != $0.element.1 }) else {
            return "\(path) differs at its end"
        }
        return "\(path):\(index + 1): kept “\(pair.0)”, now “\(pair.1)”"
    }
}
