import QdocCrypto

/// HMAC with SHA-256.
///
/// - Source: RFC 2104, RFC 4231.
enum KeyedDigest {
    /// Bytes of a block of SHA-256.
    private static let block = 64

    static func digest(of bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        let short = key.count > block ? SHA256.digest(of: key) : key
        let padded = short + [UInt8](repeating: 0, count: block - short.count)
        return SHA256.digest(of: padded.map { $0 ^ 0x5C } + SHA256.digest(of: padded.map { $0 ^ 0x36 } + bytes))
    }
}
