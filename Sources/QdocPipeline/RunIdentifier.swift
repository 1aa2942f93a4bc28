import QdocRuntime

/// Makes identifiers of runs: text of our own, sorted by time, unique without a database.
///
/// - Source: the shape is ULID's: 48 bits of milliseconds and 80 random bits in Crockford's base 32, here in lower case.
enum RunIdentifier {
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz")

    static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        return encode(UInt64(WallClock.now() / 1_000), digits: 10) + encode(generator.next(), digits: 8)
            + encode(generator.next(), digits: 8)
    }

    private static func encode(_ number: UInt64, digits: Int) -> String {
        String((0..<digits).reversed().map { alphabet[Int(number >> UInt64($0 * 5) & 31)] })
    }
}
