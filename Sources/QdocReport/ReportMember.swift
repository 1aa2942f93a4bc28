import QdocCore
import QdocRuntime

/// Why a text is no report.
struct ReportMistake: Error {
    var reason: String
}

/// A member of a report that is being read, with the way to it for messages.
struct ReportMember {
    /// Nil where it is not there.
    var value: JSONValue?
    var pointer: JSONPointer

    subscript(_ name: String) -> ReportMember { ReportMember(value: value?[name], pointer: pointer.appending(name)) }

    var isTrue: Bool { value?.bool ?? false }

    func mistake(_ what: String) -> ReportMistake {
        ReportMistake(reason: "\(DisplayText.safe(pointer.description)) \(value == nil ? "is missing" : what)")
    }

    func ifThere<Result>(_ read: (ReportMember) throws(ReportMistake) -> Result) throws(ReportMistake) -> Result? {
        guard let value, !value.isNull else { return nil }
        return try read(self)
    }

    func list<Element>(_ read: (ReportMember) throws(ReportMistake) -> Element) throws(ReportMistake) -> [Element] {
        guard let items = value?.array else { throw mistake("is no list") }
        var elements: [Element] = []
        elements.reserveCapacity(items.count)
        for (index, item) in items.enumerated() {
            elements.append(try read(ReportMember(value: item, pointer: pointer.appending(index))))
        }
        return elements
    }
}

/// The plain values that the records of a report are made of.
extension ReportReader {
    static func any(_ member: ReportMember) throws(ReportMistake) -> JSONValue {
        guard let value = member.value else { throw member.mistake("") }
        return value
    }

    static func text(_ member: ReportMember) throws(ReportMistake) -> String {
        guard let text = member.value?.string else { throw member.mistake("is no text") }
        return text
    }

    static func count(_ member: ReportMember) throws(ReportMistake) -> Int {
        guard let count = member.value?.int, count >= 0 else { throw member.mistake("is no count") }
        return count
    }

    static func double(_ member: ReportMember) throws(ReportMistake) -> Double {
        guard let double = member.value?.double, double.isFinite else { throw member.mistake("is no number") }
        return double
    }

    static func duration(_ member: ReportMember) throws(ReportMistake) -> Duration {
        let milliseconds = (try double(member) * 1_000).rounded()
        // Longer than a century is no run.
        guard (0..<4e12).contains(milliseconds) else { throw member.mistake("is no duration") }
        return .milliseconds(Int64(milliseconds))
    }

    static func time(_ member: ReportMember) throws(ReportMistake) -> Int64 {
        guard let time = WallClock.microseconds(rfc3339: try text(member)) else { throw member.mistake("is no time in UTC") }
        return time
    }

    static func path(_ member: ReportMember) throws(ReportMistake) -> JSONPointer {
        guard let pointer = JSONPointer(text: try text(member)), pointer.tokens.count <= JSONParser.Limits().depth else {
            throw member.mistake("is no JSON pointer into data")
        }
        return pointer
    }

    /// One of the words of an enumeration; a word of a later qdoc is refused, since nobody here knows what it promises.
    static func choice<Choice: RawRepresentable<String>>(_ member: ReportMember) throws(ReportMistake) -> Choice {
        let word = try text(member)
        guard let choice = Choice(rawValue: word) else {
            throw member.mistake("is “\(DisplayText.safe(word))”, which this qdoc does not know")
        }
        return choice
    }
}
