internal import CSystem
internal import Glibc
import QdocCore
import QdocRuntime

/// Owns a file descriptor; it is closed with the last reference.
public final class Descriptor: Sendable {
    let number: Int32

    init(owning number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }

    /// Names a process; nil where there is none of that number.
    static func naming(process pid: Int32) -> Descriptor? {
        let number = qdoc_pidfd_open(pid)
        return number >= 0 ? Descriptor(owning: number) : nil
    }

    /// Makes a pair of connected sockets that keep the bounds of messages.
    static func socketPair() throws(Failure) -> (Descriptor, Descriptor) {
        var numbers: [Int32] = [-1, -1]
        guard unsafe qdoc_socket_pair(Int32(SOCK_SEQPACKET.rawValue), &numbers) == 0 else {
            throw Failure(.internalError, "no socket can be made for the decoder: \(SystemError.last)")
        }
        return (Descriptor(owning: numbers[0]), Descriptor(owning: numbers[1]))
    }

    /// Sends one message with descriptors; tells whether the peer took it.
    func send(_ bytes: [UInt8], _ descriptors: [Descriptor] = []) -> Bool {
        let numbers = descriptors.map(\.number)
        return unsafe qdoc_send_descriptors(number, bytes, bytes.count, numbers, Int32(numbers.count)) == bytes.count
    }

    /// One message, or why there is none.
    enum Received {
        case message([UInt8], [Descriptor])
        case ended
        case timedOut
    }

    /// Receives one message; blocks until the deadline, or for ever without one.
    func receive(until deadline: ContinuousClock.Instant?) -> Received {
        var milliseconds: Int32 = -1
        if let deadline {
            let left = ContinuousClock.now.duration(to: deadline)
            milliseconds = Int32(clamping: max(0, left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000 + 1))
        }
        guard qdoc_wait_readable(number, milliseconds) != 0 else { return .timedOut }
        var numbers: [Int32] = [-1, -1, -1, -1]
        var count: Int32 = 0
        // One byte more than any frame may have, so that a longer one shows.
        let capacity = WireLimits.frameBytes + 1
        var ended = false
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initialized in
            let received = unsafe qdoc_receive_descriptors(number, buffer.baseAddress, capacity, &numbers, &count)
            ended = received <= 0
            initialized = max(0, received)
        }
        let descriptors = numbers[..<Int(count)].map { Descriptor(owning: $0) }
        return ended ? .ended : .message(bytes, descriptors)
    }
}

/// Memory that a worker fills and the host reads: its size is fixed before the worker sees it.
struct Payload: Sendable {
    let descriptor: Descriptor
    let byteCount: Int

    init(byteCount: Int = WireLimits.payloadBytes) throws(Failure) {
        self.byteCount = byteCount
        let number = unsafe qdoc_memfd_create("qdoc-payload")
        guard number >= 0 else { throw Failure(.internalError, "no memory file can be made: \(SystemError.last)") }
        descriptor = Descriptor(owning: number)
        guard ftruncate(number, byteCount) == 0, qdoc_memfd_seal_size(number) == 0 else {
            throw Failure(.internalError, "a memory file cannot be sealed: \(SystemError.last)")
        }
    }

    /// Copies a range out, once: what the worker writes afterwards changes nothing.
    func read(offset: Int, count: Int) throws(Failure) -> [UInt8] {
        guard offset >= 0, count >= 0, offset + count <= byteCount else { throw .wire("a payload is out of bounds") }
        let bytes = readFully(descriptor.number, offset: offset, count: count)
        guard bytes.count == count else { throw .wire("a payload ends too early") }
        return bytes
    }

    /// Gives memory back once it is more than is used for a usual page (1 MiB).
    func trim() {
        if qdoc_allocated(descriptor.number) > 1 << 20 { qdoc_punch(descriptor.number, byteCount) }
    }
}

/// Reads up to `count` bytes at an offset; fewer at the end of the file or where reading fails.
func readFully(_ descriptor: Int32, offset: Int, count: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
        while initialized < count {
            let read = unsafe pread(descriptor, buffer.baseAddress?.advanced(by: initialized), count - initialized, offset + initialized)
            if read < 0, errno == EINTR { continue }
            guard read > 0 else { return }
            initialized += read
        }
    }
}
