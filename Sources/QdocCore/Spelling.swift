/// Finds what somebody may have meant.
public enum Spelling {
    /// The name nearest to a text by edits (insert, delete, replace, swap neighbours), if it is near: one edit for each three letters.
    public static func nearest(to text: String, among names: [String]) -> String? {
        // Nobody mistypes a name of that length; the bound keeps the table small.
        guard text.count <= 40 else { return nil }
        let ranked = names.map { (name: $0, distance: distance(Array(text), Array($0))) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= max(1, text.count / 3) else { return nil }
        return best.name
    }

    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var rows = [Array(0...right.count)]
        for i in 0..<left.count {
            var row = [i + 1]
            for j in 0..<right.count {
                var best = min(rows[i][j] + (left[i] == right[j] ? 0 : 1), row[j] + 1, rows[i][j + 1] + 1)
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { best = min(best, rows[i - 1][j - 1] + 1) }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }
}
