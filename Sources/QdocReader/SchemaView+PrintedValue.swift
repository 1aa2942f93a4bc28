import QdocCore

extension SchemaView {
    /// The printed text as a value that the schema allows, or nil where it is none.
    func value(of text: String, decimalMark: DecimalMark?) -> JSONValue? {
        if let choices {
            return choices.first { $0.string.map { $0.lowercased() == text.lowercased() } == true }
        }
        let kinds = kinds
        if kinds.contains("number") || kinds.contains("integer"), let number = PrintedNumber(text, decimalMark: decimalMark) {
            if kinds.contains("number") || number.decimals == 0 { return number.json }
        }
        guard kinds.contains("string") else { return nil }
        // A format is a promise that printed text seldom keeps; only ISO dates do.
        guard let format = self["format"]?.string else { return .string(text) }
        return format == "date" ? Self.isoDate(text).map(JSONValue.string) : nil
    }

    /// "2025-11-12", "12 November 2025" or "November 12, 2025" as RFC 3339 writes it; nil of numeric dates whose order is a guess.
    static func isoDate(_ text: String) -> String? {
        let parts = text.split { !$0.isNumber && !$0.isLetter }.map(String.init)
        guard parts.count == 3 else { return nil }
        if parts[0].count == 4, parts[1].count == 2, parts[2].count == 2, parts.allSatisfy({ Int($0) != nil }) {
            return parts.joined(separator: "-")
        }
        let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        guard let at = parts.firstIndex(where: { Int($0) == nil }), at < 2 else { return nil }
        guard let month = months.firstIndex(where: { parts[at].lowercased().hasPrefix($0) }), parts[at].count >= 3 else { return nil }
        guard let day = Int(parts[1 - at]), (1...31).contains(day), let year = Int(parts[2]), (1000...9999).contains(year) else {
            return nil
        }
        return "\(year)-\(month < 9 ? "0" : "")\(month + 1)-\(day < 10 ? "0" : "")\(day)"
    }
}
