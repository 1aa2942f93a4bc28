import Glibc
import QdocCore
import QdocJournal
import QdocTesting
import Testing

@Suite("Throughput")
struct ThroughputTests {
    /// Syncs that SQLite makes in a transaction: the journal's pages and header, the store's pages, the journal's end (strace).
    private static let syncs = 5

    @Test("At least 150 steps a second are on the disk, or a third of what a disk that is busy gives at all")
    func steps() async throws {
        let bench = try JournalBench()
        let journal = try await Journal(path: bench.path)
        let (rounds, calls) = (8, 8)
        let lease = try await journal.admit(admission("run"), calls: planned(1...rounds * calls), caps: SpendingCaps())
        let clock = ContinuousClock()
        var (best, disk) = (0.0, 0.0)
        for round in 0..<rounds {
            let time = try await clock.measure {
                for number in round * calls + 1...(round + 1) * calls {
                    try await journal.bring(try await journal.ticket(question(number, "\(number)"), of: lease), to: .settled)
                }
            }
            // Intent, sent, streaming, settling, settled.
            best = max(best, Double(calls * 5) / (time / .seconds(1)))
            disk = max(disk, Double(calls * 5) / (clock.measure { bare(calls * 5, in: bench.folder) } / .seconds(1)))
        }
        print("the store keeps \(Int(best)) steps a second, the disk \(Int(disk)) of as many syncs")
        #expect(best >= min(150, disk / 3))
    }

    /// Writes and syncs as often as so many transactions do.
    private func bare(_ transactions: Int, in folder: TemporaryFolder) {
        let descriptor = unsafe creat(folder("bare"), 0o600)
        defer { close(descriptor) }
        let page = [UInt8](repeating: 7, count: 4_096)
        for number in 0..<transactions * Self.syncs {
            _ = unsafe page.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, (number % 8) * 4_096) }
            fdatasync(descriptor)
        }
    }
}
