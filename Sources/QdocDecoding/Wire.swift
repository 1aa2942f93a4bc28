import QdocCore

/// Appends little-endian values to a frame.
struct WireWriter {
    private(set) var bytes: [UInt8] = []

    init(reserving capacity: Int = 64) {
        bytes.reserveCapacity(capacity)
    }

    mutating func put<Value: FixedWidthInteger>(_ value: Value) {
        var rest = value
        for _ in 0..<(Value.bitWidth / 8) {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    mutating func put(_ value: Double) {
        put(value.bitPattern)
    }

    mutating func put(_ box: Box) {
        put(box.x)
        put(box.y)
        put(box.width)
        put(box.height)
    }

    /// A length of two bytes, then UTF-8, cut to what fits between two characters.
    mutating func put(_ text: String, atMost limit: Int) {
        var utf8 = Array(text.utf8)
        if utf8.count > limit { utf8 = Array(WireWriter.prefix(of: text, atMost: limit).utf8) }
        put(UInt16(utf8.count))
        bytes += utf8
    }

    mutating func put(bytes more: some Sequence<UInt8>) {
        bytes.append(contentsOf: more)
    }

    private static func prefix(of text: String, atMost limit: Int) -> String {
        var kept = ""
        var count = 0
        for scalar in text.unicodeScalars {
            count += UTF8.width(scalar)
            if count > limit { break }
            kept.unicodeScalars.append(scalar)
        }
        return kept
    }
}

/// Reads little-endian values from bytes that nobody vouches for.
///
/// Each read is bounded; what does not hold is `decoder_protocol`.
struct WireReader {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var remaining: Int { bytes.count - offset }

    mutating func get<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws(Failure) -> Value {
        let size = Value.bitWidth / 8
        guard remaining >= size else { throw .wire("a frame ends too early") }
        defer { offset += size }
        return unsafe bytes.withUnsafeBytes { Value(littleEndian: unsafe $0.loadUnaligned(fromByteOffset: offset, as: Value.self)) }
    }

    /// A count of things, each of at least `size` bytes, that must still fit into the frame.
    mutating func count(atMost limit: Int, of size: Int, _ what: StaticString) throws(Failure) -> Int {
        let count = Int(try get(UInt32.self))
        guard count <= limit, count * size <= remaining else { throw .wire("a count of \(what) is out of bounds") }
        return count
    }

    /// A coordinate or length: finite and within ten million points.
    mutating func coordinate() throws(Failure) -> Double {
        let value = Double(bitPattern: try get(UInt64.self))
        guard value.magnitude <= WireLimits.coordinate else { throw .wire("a coordinate is out of bounds") }
        return value
    }

    /// A coordinate that is not negative.
    mutating func length() throws(Failure) -> Double {
        let value = try coordinate()
        guard value >= 0 else { throw .wire("a length is negative") }
        return value
    }

    mutating func point() throws(Failure) -> Point {
        Point(x: try coordinate(), y: try coordinate())
    }

    mutating func box() throws(Failure) -> Box {
        Box(x: try coordinate(), y: try coordinate(), width: try length(), height: try length())
    }

    mutating func flag() throws(Failure) -> Bool {
        switch try get(UInt8.self) {
        case 0: false
        case 1: true
        default: throw .wire("a flag is neither 0 nor 1")
        }
    }

    mutating func text(atMost limit: Int) throws(Failure) -> String {
        let count = Int(try get(UInt16.self))
        guard count <= limit else { throw .wire("a text is too long") }
        return try text(count: count)
    }

    mutating func text(count: Int) throws(Failure) -> String {
        let slice = try slice(count)
        guard let text = String(validating: slice, as: UTF8.self) else { throw .wire("a text is not UTF-8") }
        return text
    }

    mutating func slice(_ count: Int) throws(Failure) -> ArraySlice<UInt8> {
        guard count >= 0, count <= remaining else { throw .wire("a frame ends too early") }
        defer { offset += count }
        return bytes[offset..<offset + count]
    }

    /// Holds that the frame says nothing more.
    func finish() throws(Failure) {
        guard remaining == 0 else { throw .wire("a frame has bytes left over") }
    }
}

extension Failure {
    static func wire(_ what: String) -> Failure {
        Failure(.decoderProtocol, "the decoder's answer cannot be trusted: \(what)")
    }
}
