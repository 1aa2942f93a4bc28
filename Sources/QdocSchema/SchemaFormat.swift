/// The formats that are checked, as patterns of RE2; every other format is an annotation.
///
/// A pattern can stand anywhere in a schema, also in a branch of `anyOf`, without a second validator beside valijson's.
enum SchemaFormat: String, CaseIterable {
    case date
    case dateTime = "date-time"
    case email
    case uri

    /// The whole text is in the format.
    var pattern: String {
        switch self {
        case .date: "^(?:\(Self.fullDate))$"
        case .dateTime: "^(?:\(Self.fullDate))[Tt](?:\(Self.fullTime))$"
        case .email: "^\(Self.atoms)@(?:\(Self.domain)|\\[[0-9A-Za-z:.]+\\])$"
        case .uri: "^\(Self.uriPattern)$"
        }
    }

    /// RFC 3339 §5.6 with appendix C: days as long as their months are, 29 February in leap years alone.
    private static let fullDate: String = {
        let leapYear = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)"
        let long = "(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
        let short = "(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
        let february = "02-(?:0[1-9]|1[0-9]|2[0-8])"
        return "[0-9]{4}-(?:\(long)|\(short)|\(february))|\(leapYear)-02-29"
    }()

    /// RFC 3339 §5.6. A leap second is the last of an hour: offsets that are no whole hours, which move its minute, are not known of one.
    private static let fullTime: String = {
        let offset = "(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
        let hour = "(?:[01][0-9]|2[0-3])"
        return "(?:\(hour):[0-5][0-9]:[0-5][0-9]|\(hour):59:60)(?:\\.[0-9]+)?\(offset)"
    }()

    /// RFC 5321 §4.1.2: a dot-string or a quoted string.
    private static let atoms: String = {
        let atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
        return "(?:\(atom)(?:\\.\(atom))*|\"(?:[ !#-\\[\\]-~]|\\\\[ -~])*\")"
    }()

    private static let domain: String = {
        let label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
        return "\(label)(?:\\.\(label))*"
    }()

    /// RFC 3986 appendix A.
    private static let uriPattern: String = {
        let character = "(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})"
        let user = "(?:[A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})*@"
        let host =
            "(?:\\[[0-9A-Fa-f:.]+\\]|\\[[vV][0-9A-Fa-f]+\\.[A-Za-z0-9._~!$&'()*+,;=:-]+\\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)"
        let hierarchy = "(?://(?:\(user))?\(host)(?::[0-9]*)?(?:/\(character)*)*|/?(?:\(character)+(?:/\(character)*)*)?)"
        return "[A-Za-z][A-Za-z0-9+.-]*:\(hierarchy)(?:\\?(?:\(character)|[/?])*)?(?:#(?:\(character)|[/?])*)?"
    }()
}
