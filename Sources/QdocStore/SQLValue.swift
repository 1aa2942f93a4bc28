public import QdocCore

/// A value of SQLite, as it is bound and read.
public enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])

    /// An integer, or null of nil.
    public static func optional(_ number: (some BinaryInteger)?) -> SQLValue { number.map { .integer(Int64($0)) } ?? .null }
    /// Text, or null of nil.
    public static func optional(_ text: String?) -> SQLValue { text.map(SQLValue.text) ?? .null }
    /// 1 or 0.
    public static func flag(_ isSet: Bool) -> SQLValue { .integer(isSet ? 1 : 0) }
}

extension SQLValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    public init(stringLiteral text: String) { self = .text(text) }
    public init(integerLiteral number: Int64) { self = .integer(number) }
}

/// A row that a query gave; its columns are read by name and by type.
///
/// A column of another type than the one asked for is `store_damaged`: the tables are strict, so qdoc never wrote it.
public struct SQLRow: Sendable {
    let columns: [String]
    let values: [SQLValue]
    let path: String

    /// The value of a column.
    func value(_ column: String) throws(Failure) -> SQLValue {
        guard let index = columns.firstIndex(of: column) else { throw Failure(.internalError, "a query gives no column \(column)") }
        return values[index]
    }

    /// An integer or null.
    public func optionalInteger(_ column: String) throws(Failure) -> Int64? {
        switch try value(column) {
        case .null: return nil
        case .integer(let number): return number
        default: throw wrongType(column)
        }
    }

    /// A text or null.
    public func optionalText(_ column: String) throws(Failure) -> String? {
        switch try value(column) {
        case .null: return nil
        case .text(let text): return text
        default: throw wrongType(column)
        }
    }

    /// An integer.
    public func integer(_ column: String) throws(Failure) -> Int64 {
        guard let number = try optionalInteger(column) else { throw wrongType(column) }
        return number
    }

    /// A text.
    public func text(_ column: String) throws(Failure) -> String {
        guard let text = try optionalText(column) else { throw wrongType(column) }
        return text
    }

    /// Bytes.
    public func blob(_ column: String) throws(Failure) -> [UInt8] {
        guard case .blob(let bytes) = try value(column) else { throw wrongType(column) }
        return bytes
    }

    private func wrongType(_ column: String) -> Failure { StoreFailure.damaged(path, "its column \(column) holds another type") }
}
