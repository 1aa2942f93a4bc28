internal import QdocTesting

/// Sends the body of a response, and misbehaves on the way where a fault says so.
final class Outlet {
    enum End { case complete, gone, cut }

    private let exchange: LoopbackServer.Exchange
    private let fault: Fault?
    private let isChunked: Bool
    private let willBreakOff: () -> Void
    /// Bytes of the body that went out, whatever frames they are in.
    private var sent = 0
    private(set) var end = End.complete

    /// - Parameter willBreakOff: Called before a fault ends the connection.
    init(_ exchange: LoopbackServer.Exchange, fault: Fault?, isChunked: Bool, willBreakOff: @escaping () -> Void = {}) {
        self.willBreakOff = willBreakOff
        self.exchange = exchange
        self.fault = fault
        self.isChunked = isChunked
    }

    /// False once no more is to be sent.
    func send(_ payload: [UInt8]) -> Bool {
        guard end == .complete, !payload.isEmpty else { return end == .complete }
        guard let fault else { return pass(payload) }
        switch fault.kind {
        case .drop, .stall, .badChunk:
            let place = fault.at ?? 0
            guard sent + payload.count >= place else { return pass(payload) }
            _ = pass(Array(payload.prefix(max(0, place - sent))))
            breakOff(fault)
            return false
        case .oneByteChunks: return payload.allSatisfy { pass([$0]) }
        case .slowDrip:
            for start in stride(from: 0, to: payload.count, by: 16) {
                guard !exchange.pause(Int32(fault.milliseconds ?? 5)) else { return leave() }
                guard pass(Array(payload[start..<min(payload.count, start + 16)])) else { return false }
            }
            return true
        case .splitUTF8: return split(payload).allSatisfy { pass($0) }
        case .crlf: return pass(payload.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] })
        default: return pass(payload)
        }
    }

    /// Cut behind the first byte of each character that has several.
    private func split(_ payload: [UInt8]) -> [[UInt8]] {
        var parts: [[UInt8]] = [[]]
        for byte in payload {
            parts[parts.count - 1].append(byte)
            if byte >= 0xC2 { parts.append([]) }
        }
        return parts.filter { !$0.isEmpty }
    }

    private func pass(_ bytes: [UInt8]) -> Bool {
        guard !bytes.isEmpty else { return true }
        sent += bytes.count
        return (isChunked ? exchange.chunk(bytes) : exchange.send(bytes)) || leave()
    }

    /// Notes that the client went.
    func leave() -> Bool {
        end = .gone
        return false
    }

    /// Does what a `drop`, a `stall` or a `badChunk` does at its place.
    func breakOff(_ fault: Fault) {
        end = .cut
        if fault.kind != .stall { willBreakOff() }
        switch fault.kind {
        case .badChunk:
            exchange.send("zz\r\nno chunk\r\n")
            exchange.hangUp()
        case .stall:
            stall(withComments: fault.how == "comments", every: Int32(fault.milliseconds ?? 100))
            exchange.hangUp()
        default: if fault.how == "reset" { exchange.reset() } else { exchange.hangUp() }
        }
    }

    /// Until the client goes, ten minutes at most: longer than any client's clock.
    private func stall(withComments: Bool, every milliseconds: Int32) {
        for _ in 0..<(600_000 / max(1, milliseconds)) {
            guard !exchange.pause(milliseconds) else { break }
            guard !withComments || exchange.chunk(": keep-alive\n\n") else { break }
        }
        end = .gone
    }

    /// Ends the framing of a whole body.
    func close() {
        if isChunked, end == .complete { exchange.chunk([]) }
    }
}

/// Waits so that tokens leave at a steady rate, whatever the waits before took.
struct Pacer {
    private let interval: Duration?
    private var next: ContinuousClock.Instant

    init(tokensPerSecond: Double?) {
        interval = tokensPerSecond.map { .nanoseconds(Int64(1e9 / max($0, 0.001))) }
        next = .now
    }

    /// False where the client went meanwhile.
    mutating func wait(tokens: Int, _ exchange: LoopbackServer.Exchange) -> Bool {
        guard let interval, tokens > 0 else { return true }
        next += interval * tokens
        let left = next - .now
        guard left > .zero else { return true }
        let (seconds, attoseconds) = left.components
        return !exchange.pause(Int32(clamping: seconds * 1_000 + attoseconds / 1_000_000_000_000_000 + 1))
    }
}

/// Gzip without a compressor: stored blocks, and one kind of bomb.
///
/// - Source: RFC 1951 and 1952.
enum Gzip {
    private static let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]

    static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var result = head
        var start = 0
        repeat {
            let end = min(bytes.count, start + 65_535)
            let count = UInt16(end - start)
            result += [end == bytes.count ? 1 : 0] + little(UInt32(count), 2) + little(UInt32(~count), 2) + bytes[start..<end]
            start = end
        } while start < bytes.count
        return result + little(checksum(bytes), 4) + little(UInt32(truncatingIfNeeded: bytes.count), 4)
    }

    /// Blanks without end, 258 of them in 13 bits; its checksum is wrong, which nobody lives to see.
    static func bomb(of size: Int) -> [UInt8] {
        var result = head
        var (bits, count) = (UInt64(0), UInt64(0))
        func put(_ value: UInt64, _ width: UInt64) {
            bits |= value << count
            count += width
            while count >= 8 {
                result.append(UInt8(truncatingIfNeeded: bits))
                bits >>= 8
                count -= 8
            }
        }
        // A final block of fixed codes; codes go in from their highest bit: a blank is 0x50 (8 bits), length 258 is 0xC5 (8 bits), and the
        // distance 1 five zeros.
        put(1, 1)
        put(1, 2)
        put(0b0000_1010, 8)
        for _ in 0..<(size / 258) {
            put(0b1010_0011, 8)
            put(0, 5)
        }
        put(0, 7 + 8)
        return result + [0, 0, 0, 0] + little(UInt32(truncatingIfNeeded: size / 258 * 258 + 1), 4)
    }

    private static func little(_ value: UInt32, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var sum = UInt32.max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }
}
