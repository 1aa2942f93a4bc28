internal import Glibc
public import QdocCore

extension Console {
    private static let lane = BlockingLane("qdoc-console", width: 1)

    /// Writes all bytes without holding a thread of the cooperative pool, and waits as long as nobody reads.
    ///
    /// Cancellation does not keep the bytes from a stream that takes them; one that takes nothing for 0.3 s after it is given up for good.
    ///
    /// - Throws: `output_unwritable`.
    public func send(_ bytes: [UInt8]) async throws(Failure) {
        let cancelled = Flag()
        // A task of its own: the lane refuses the work of one that is cancelled.
        let writing = Task { try await Self.lane.run { try write(bytes, patientUntil: cancelled) } }
        let result = await withTaskCancellationHandler {
            await writing.result
        } onCancel: {
            cancelled.set()
        }
        do {
            try result.get()
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.outputUnwritable, "\(name) was not written")
        }
    }

    /// Waits at most 100 ms at a time, so that cancellation is noticed.
    private func write(_ bytes: [UInt8], patientUntil cancelled: Flag) throws(Failure) {
        var rest = bytes[...]
        var vainWaits = 0
        while !rest.isEmpty {
            guard !isAbandoned else { throw abandonment }
            var waited = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            guard unsafe poll(&waited, 1, 100) != 0 else {
                vainWaits = cancelled.isSet ? vainWaits + 1 : 0
                if vainWaits == 3 { abandon() }
                continue
            }
            // A pipe that polls as ready takes PIPE_BUF (4,096) bytes without blocking: pipe(7).
            try DescriptorOutput.write(Array(rest.prefix(4_096)), to: descriptor, name: name)
            rest = rest.dropFirst(4_096)
            vainWaits = 0
        }
    }
}
