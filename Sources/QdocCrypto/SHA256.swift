internal import CCrypto
import QdocCore

/// Computes a SHA-256 digest over bytes given piece by piece.
///
/// - Source: FIPS 180-4, by libcrypto's EVP interface.
@safe public struct SHA256: ~Copyable {
    /// Bytes of a digest.
    public static let byteCount = 32

    private let context: OpaquePointer

    /// Begins an empty digest.
    public init() {
        guard let context = unsafe EVP_MD_CTX_new() else { preconditionFailure("no memory for a digest") }
        unsafe self.context = context
        let status = unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil)
        precondition(status == 1, "libcrypto offers no SHA-256")
    }

    deinit {
        unsafe EVP_MD_CTX_free(context)
    }

    /// Adds bytes at the end.
    public mutating func update(_ bytes: [UInt8]) {
        update(bytes[...])
    }

    /// Adds a part of an array at the end.
    public mutating func update(_ bytes: ArraySlice<UInt8>) {
        let status = unsafe bytes.withUnsafeBytes { unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        precondition(status == 1, "libcrypto cannot digest")
    }

    /// Ends the digest and gives its 32 bytes.
    consuming func finalize() -> [UInt8] {
        var count: UInt32 = 0
        return unsafe [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, initialized in
            let status = unsafe EVP_DigestFinal_ex(context, buffer.baseAddress, &count)
            precondition(status == 1 && count == Self.byteCount, "libcrypto cannot end a digest")
            initialized = Self.byteCount
        }
    }

    /// Ends the digest and gives it in lower-case hexadecimal.
    public consuming func hexDigest() -> String {
        hexadecimal(finalize())
    }

    /// Digests bytes that are all there.
    public static func digest(of bytes: [UInt8]) -> [UInt8] {
        var digest = SHA256()
        digest.update(bytes)
        return digest.finalize()
    }

    /// Digests bytes that are all there, in lower-case hexadecimal.
    public static func hexDigest(of bytes: [UInt8]) -> String {
        hexadecimal(digest(of: bytes))
    }
}

/// Writes bytes in lower-case hexadecimal.
public func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
