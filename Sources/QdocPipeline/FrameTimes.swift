import QdocCore

/// Holds times that a model gives of a video's events to what it was shown: members that the schema marks with `x-qdoc-time: frame`.
///
/// A time outside of the frames that were sampled is made up, whatever the event is.
struct FrameTimes {
    /// Of the first and of the last frame, in seconds.
    let range: ClosedRange<Double>
    let call: Int
    private(set) var repairs: [Repair] = []

    /// - Returns: Nil where no frame has a time.
    init?(of times: [Double], call: Int) {
        guard let first = times.min(), let last = times.max() else { return nil }
        // Labels have milliseconds and people, as models, write whole seconds.
        range = first.rounded(.down)...last.rounded(.up)
        self.call = call
    }

    /// The value with null for every time that lies outside, where the schema allows null.
    mutating func confine(_ value: JSONValue, to schema: SchemaView, at pointer: JSONPointer = JSONPointer()) -> JSONValue {
        switch value {
        case .object(var object):
            for (name, property) in schema.properties {
                guard let member = object[name] else { continue }
                object[name] = confine(member, to: property, at: pointer.appending(name))
            }
            return .object(object)
        case .array(let elements):
            return .array(
                elements.enumerated().map { index, element in
                    schema.element(at: index).map { confine(element, to: $0, at: pointer.appending(index)) } ?? element
                })
        case .string, .number:
            guard schema["x-qdoc-time"]?.string == "frame", !isInside(value) else { return value }
            repairs.append(
                Repair(kind: "time_outside", pointer: pointer, call: call, note: "a time outside of the frames that were shown"))
            return schema.isNullable ? .null : value
        default: return value
        }
    }

    private func isInside(_ value: JSONValue) -> Bool {
        // What is no time lies nowhere.
        guard let text = value.string ?? value.number?.lexical, let seconds = try? VideoTime.seconds(text) else { return false }
        return range.contains(seconds)
    }
}
