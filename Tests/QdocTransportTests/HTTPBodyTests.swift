import QdocTransport
import Testing

@Suite struct HTTPBodyTests {
    private func bytes(_ body: HTTPBody) -> [UInt8] {
        var all: [UInt8] = []
        body.forEachBlock { all += $0 }
        return all
    }

    @Test(
        "base64 agrees with the examples of RFC 4648",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ])
    func examples(plain: String, encoded: String) {
        let body = HTTPBody([.base64(Array(plain.utf8))])
        #expect(String(decoding: bytes(body), as: UTF8.self) == encoded)
        #expect(body.byteCount == encoded.utf8.count)
    }

    @Test("every byte value and every length comes through base64 unchanged")
    func roundTrip() {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        for length in [0, 1, 2, 3, 255, 256, 257, 49_151, 49_152, 49_153, 200_000] {
            let plain = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
            let encoded = bytes(HTTPBody([.base64(plain)]))
            var bits = 0
            var count = 0
            var decoded: [UInt8] = []
            for digit in encoded where digit != UInt8(ascii: "=") {
                bits = (bits << 6 | (digits.firstIndex(of: digit) ?? 0)) & 0xFFFFFF
                count += 6
                if count >= 8 {
                    count -= 8
                    decoded.append(UInt8(truncatingIfNeeded: bits >> count))
                }
            }
            #expect(decoded == plain, "\(length) bytes")
            #expect(encoded.count % 4 == 0)
        }
    }

    @Test("pieces follow one another without a seam")
    func pieces() {
        let body = HTTPBody([.bytes(Array("a".utf8)), .base64([]), .base64([0xFF]), .bytes([]), .bytes(Array("b".utf8)), .base64([0, 0])])
        #expect(String(decoding: bytes(body), as: UTF8.self) == "a/w==bAAA=")
        #expect(body.byteCount == 10)
    }
}
