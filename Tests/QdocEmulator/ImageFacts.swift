internal import Glibc
internal import QdocCrypto

/// How a provider counts an image, worked out here a second time: qdoc's own arithmetic is checked against it.
enum TokenCounting {
    /// Qwen: whole cells within limits of pixels, and two marks.
    case cells(side: Int, minPixels: Int, maxPixels: Int, highPixels: Int)
    /// Kimi K2.5: cells of 28 pixels, padded up, never enlarged.
    case padded
    /// OpenAI: tiles of 512 pixels.
    case tiles(base: Int, perTile: Int)

    /// - Parameter isHigh: Whether the request asked for high resolution.
    func tokens(width: Int, height: Int, isHigh: Bool) -> Int {
        let (w, h) = (Double(width), Double(height))
        switch self {
        case .cells(let side, let least, let most, let high):
            let f = Double(side)
            let limit = Double(isHigh ? high : most)
            func whole(_ length: Double, _ rule: FloatingPointRoundingRule) -> Double { max(1, (length / f).rounded(rule)) }
            var (rows, columns) = (whole(h, .toNearestOrEven), whole(w, .toNearestOrEven))
            if rows * columns * f * f > limit {
                let shrink = (w * h / limit).squareRoot()
                (rows, columns) = (whole(h / shrink, .down), whole(w / shrink, .down))
            } else if rows * columns * f * f < Double(least) {
                let grow = (Double(least) / (w * h)).squareRoot()
                (rows, columns) = (whole(h * grow, .up), whole(w * grow, .up))
            }
            return Int(rows * columns) + 2
        case .padded:
            let patches = Double(max(1, width / 14) * max(1, height / 14))
            let scale = [1, (16_384 / patches).squareRoot(), 7_168 / w, 7_168 / h].min() ?? 1
            return ((Int(w * scale) + 27) / 28) * ((Int(h * scale) + 27) / 28)
        case .tiles(let base, let perTile):
            let outer = min(1, 2_048 / max(w, h))
            let inner = min(1, 768 / (min(w, h) * outer))
            return base + perTile * Int((w * outer * inner / 512).rounded(.up)) * Int((h * outer * inner / 512).rounded(.up))
        }
    }

    /// The slots of a video, two frames each, within the limits that a frame has of its own.
    func videoTokens(frames: Int, width: Int, height: Int, isWide: Bool) -> Int {
        guard case .cells(let side, _, _, _) = self else { return frames * tokens(width: width, height: height, isHigh: false) }
        let cell = side * side
        let total = side == 28 ? 65_536 * cell : (isWide ? 131_072 : 65_536) * cell
        let most = min((side == 28 || isWide ? 640 : 768) * cell, total / max(1, frames) * 2)
        let least = 128 * cell
        let limit = max(most, least * 105 / 100)
        let frame = TokenCounting.cells(side: side, minPixels: least, maxPixels: limit, highPixels: limit)
        return (frames + 1) / 2 * (frame.tokens(width: width, height: height, isHigh: false) - 2) + 2
    }
}

/// An image or a frame that came as a data URI.
struct DataURI {
    var mediaType: String
    /// Of the whole text, which is what providers limit.
    var byteCount: Int
    var sha256: String
    /// Nil where the bytes are neither PNG nor JPEG.
    var size: (width: Int, height: Int)?

    /// Where the text of a data URI is replaced by a short name, so that megabytes of base64 need no parsing.
    static let mark = "emulator-uri:"

    /// Takes the data URIs out of a JSON text: each becomes `emulator-uri:INDEX`.
    static func excise(_ body: [UInt8]) -> (json: [UInt8], found: [DataURI]) {
        var (json, found) = ([UInt8](), [DataURI]())
        var (copied, position) = (0, 0)
        while let quote = next(UInt8(ascii: "\""), in: body, from: position) {
            let start = quote + 1
            position = start
            guard body[start...].starts(with: Array("data:".utf8)), let end = next(UInt8(ascii: "\""), in: body, from: start) else {
                continue
            }
            json += body[copied..<start]
            json += Array("\(mark)\(found.count)".utf8)
            found.append(DataURI(body[start..<end]))
            (copied, position) = (end, end + 1)
        }
        return (json + body[copied...], found)
    }

    /// By the C library: the bodies are large, and debug builds of loops over bytes slow.
    private static func next(_ byte: UInt8, in bytes: [UInt8], from start: Int) -> Int? {
        unsafe bytes.withUnsafeBytes { buffer in
            guard start < buffer.count, let base = buffer.baseAddress else { return nil }
            return unsafe memchr(base + start, Int32(byte), buffer.count - start).map { unsafe UnsafeRawPointer($0) - base }
        }
    }

    private init(_ text: ArraySlice<UInt8>) {
        byteCount = text.count
        sha256 = SHA256.hexDigest(of: Array(text))
        let head = text.prefix(100)
        let comma = head.firstIndex(of: UInt8(ascii: ",")) ?? head.endIndex
        let parts = String(decoding: head[..<comma].dropFirst(5), as: UTF8.self).split(separator: ";", omittingEmptySubsequences: false)
        mediaType = parts.first.map(String.init) ?? ""
        guard parts.last == "base64", comma < text.endIndex else { return }
        // JPEG files may carry a long preamble before the size.
        size = Self.size(of: Self.decoded(text[(comma + 1)...].prefix(128 << 10)))
    }

    private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        var (bits, count) = (UInt32(0), 0)
        for byte in text {
            let value: UInt8
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0") + 52
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            default: continue
            }
            (bits, count) = (bits << 6 | UInt32(value), count + 6)
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }

    private static func size(of bytes: [UInt8]) -> (width: Int, height: Int)? {
        func number(_ offset: Int, _ count: Int) -> Int {
            bytes[offset..<offset + count].reduce(0) { $0 << 8 | Int($1) }
        }
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]), bytes.count >= 24 { return (number(16, 4), number(20, 4)) }
        guard bytes.starts(with: [0xFF, 0xD8]) else { return nil }
        var position = 2
        while position + 9 < bytes.count, bytes[position] == 0xFF {
            let marker = bytes[position + 1]
            // Frame headers, but for the markers of tables among them.
            if (0xC0...0xCF).contains(marker), ![0xC4, 0xC8, 0xCC].contains(marker) {
                return (number(position + 7, 2), number(position + 5, 2))
            }
            position += 2 + number(position + 2, 2)
        }
        return nil
    }
}
