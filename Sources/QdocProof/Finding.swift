import QdocCore

/// What a search found of one value.
struct Finding {
    var verdict: Verdict
    var places: [Place] = []
    var note: String?
    var derivation: Derivation?
    /// What is printed instead.
    var found: JSONValue?
    /// Where the label, the period and the measure stand that settled it.
    var label: Place?
    var period: Place?
    var unit: Place?
    var scale: Place?

    /// The better of two: a verified place rules; then what says most.
    func orBetter(_ other: @autoclosure () -> Finding?) -> Finding {
        guard verdict != .verified, let other = other() else { return self }
        return Self.rank(other.verdict) > Self.rank(verdict) ? other : self
    }

    private static func rank(_ verdict: Verdict) -> Int {
        switch verdict {
        case .verified: 6
        case .derived: 5
        case .ambiguous: 4
        case .located: 3
        case .contradicted: 2
        case .notFound: 1
        case .unreadable: 0
        }
    }
}
