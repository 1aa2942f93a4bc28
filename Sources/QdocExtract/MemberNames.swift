import QdocCore

/// Finds the member that a model meant where it spelt the name otherwise.
enum MemberNames {
    /// Letters and digits alone, in lower case: `Key Figures`, `key_figures` and `keyFigures` are one.
    static func folded(_ name: String) -> String { String(name.lowercased().filter { $0.isLetter || $0.isNumber }) }

    /// The one of the members that the name means: by its letters, by its title, by one letter too many, too few or wrong.
    ///
    /// - Parameter missing: Those that are not there; a name that is there is never taken twice.
    static func meant(by name: String, of missing: [(name: String, schema: SchemaView)]) -> String? {
        let key = folded(name)
        guard !key.isEmpty else { return nil }
        let ways: [((name: String, schema: SchemaView)) -> Bool] = [
            { folded($0.name) == key },
            { $0.schema.title.map { folded($0) == key } ?? false },
            // Short names differ by one letter and mean other things: unit, units, limit.
            { min($0.name.count, key.count) >= 5 && isNear(folded($0.name), key) },
        ]
        for way in ways {
            let found = missing.filter(way)
            if found.count == 1 { return found[0].name }
            if found.count > 1 { return nil }
        }
        return nil
    }

    /// Whether one letter more, less, another one, or two in the other order make them equal.
    private static func isNear(_ one: String, _ other: String) -> Bool {
        let (short, long) = one.count <= other.count ? (Array(one), Array(other)) : (Array(other), Array(one))
        guard long.count - short.count <= 1 else { return false }
        let head = zip(short, long).prefix { $0 == $1 }.count
        let tail = zip(short.reversed(), long.reversed()).prefix { $0 == $1 }.count
        if head + tail >= long.count - 1 { return true }
        return short.count == long.count && head + tail == long.count - 2 && short[head] == long[head + 1] && short[head + 1] == long[head]
    }
}
