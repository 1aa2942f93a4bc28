/// The words of time in a text: years, quarters, halves, months, days. Two texts name one period where these are the same.
enum Period {
    static func marks(in text: String) -> Set<String> {
        var marks: Set<String> = []
        let words = text.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
        var hasMonth = false
        for (word, next) in zip(words, words.dropFirst()) {
            if let number = ordinals[word], next == "half", number <= 2 { marks.insert("h\(number)") }
            if let number = ordinals[word], next == "quarter" { marks.insert("q\(number)") }
            // "Six months ended 30 June" is no year.
            if next == "months", word != "twelve", word != "12", counts.contains(word) || Int(word) != nil { marks.insert(word + next) }
            if word == "pro", next == "forma" { marks.insert("proforma") }
        }
        for word in words {
            if let month = months[String(word.prefix(3))], word.allSatisfy(\.isLetter),
                fullMonths.contains(where: { $0.hasPrefix(word) }) || word == "sept"
            {
                marks.insert(month)
                hasMonth = true
            } else if let mark = mark(word) {
                marks.formUnion(mark)
            }
        }
        if hasMonth {
            // A day counts only beside a month.
            for word in words { if let day = Int(word), (1...31).contains(day), word.count <= 2 { marks.insert("d\(day)") } }
        }
        // A plan's figure is not the year's; without a year "plan" is any word.
        if !marks.isEmpty { for word in words { if let plan = plans[word] { marks.insert(plan) } } }
        return marks
    }

    private static let ordinals = ["first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4]
    private static let counts: Set<String> = ["three", "six", "nine"]
    private static let plans = [
        "budget": "budget", "budgeted": "budget", "forecast": "forecast", "target": "target", "targets": "target", "plan": "plan",
        "planned": "plan", "proforma": "proforma", "outlook": "outlook", "guidance": "outlook",
    ]

    /// Whether the text says nothing but a period.
    static func isOnly(_ text: String) -> Bool {
        let words = text.lowercased().split { !($0.isLetter || $0.isNumber) }
        return !words.isEmpty && !marks(in: text).isEmpty
            && words.allSatisfy { word in
                mark(String(word)) != nil || months[String(word.prefix(3))] != nil || Int(word).map { $0 <= 31 } == true
                    || ordinals[String(word)] != nil || plans[String(word)] != nil || counts.contains(String(word))
                    || ["half", "pro", "forma", "twelve", "fy", "year", "ended", "as", "at", "the", "of", "quarter", "months"].contains(
                        word)
            }
    }

    private static let fullMonths = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
    ]
    private static let months: [String: String] = Dictionary(
        uniqueKeysWithValues: fullMonths.enumerated().map { (String($0.element.prefix(3)), "m\($0.offset + 1)") })

    private static func mark(_ word: String) -> Set<String>? {
        let bare = word.hasPrefix("fy") ? String(word.dropFirst(2)) : word
        if isYear(bare) { return [bare] }
        // "FY25".
        if word.hasPrefix("fy"), bare.count == 2, bare.allSatisfy(\.isNumber) { return ["20" + bare] }
        if bare.count == 2, let kind = bare.first, let number = bare.last?.wholeNumberValue {
            if kind == "q", (1...4).contains(number) { return [bare] }
            if kind == "h", (1...2).contains(number) { return [bare] }
        }
        // "1Q", "2024Q1", "Q12024", "1H25".
        if bare.count == 2, bare.last == "q", let number = bare.first?.wholeNumberValue, (1...4).contains(number) { return ["q\(number)"] }
        if bare.count == 6, isYear(String(bare.prefix(4))), let rest = mark(String(bare.suffix(2))) {
            return rest.union([String(bare.prefix(4))])
        }
        if bare.count == 6, isYear(String(bare.suffix(4))), let rest = mark(String(bare.prefix(2))) {
            return rest.union([String(bare.suffix(4))])
        }
        return nil
    }

    private static func isYear(_ word: String) -> Bool {
        word.count == 4 && (word.hasPrefix("19") || word.hasPrefix("20")) && word.allSatisfy { $0.isASCII && $0.isNumber }
    }
}
