import QdocCrypto
import Testing

@Suite struct SHA256Tests {
    @Test(
        "Digests the examples of FIPS 180-4",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func digestsExamples(text: String, expected: String) {
        #expect(SHA256.hexDigest(of: Array(text.utf8)) == expected)
    }

    @Test("Gives the same digest however the bytes are cut")
    func isIndependentOfCuts() {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let whole = SHA256.hexDigest(of: bytes)
        for cut in [0, 1, 63, 64, 65, 999, 1000] {
            var digest = SHA256()
            digest.update(bytes[..<cut])
            digest.update(bytes[cut...])
            #expect(digest.hexDigest() == whole)
        }
    }
}
