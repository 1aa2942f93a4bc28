import QdocCore
import QdocDecoding
import Synchronization

/// What was measured of each source: a run plans its files, and opens them again to read them.
final class Measurements: Sendable {
    private struct State {
        var pages: [String: [Int: PageGeometry]] = [:]
        var count = 0
    }

    /// Of all sources; beyond them pages are measured again. A page takes about 100 bytes.
    private static let maximumPages = 100_000

    private let state = Mutex(State())

    /// Pages of a source, by its digest and their number.
    func pages(of digest: String) -> [Int: PageGeometry] {
        state.withLock { $0.pages[digest] ?? [:] }
    }

    /// Remembers pages from `first` on; not those that failed, which may do better another time.
    func add(_ outcomes: [GeometryOutcome], first: Int, of digest: String) {
        state.withLock { state in
            for (index, outcome) in outcomes.enumerated() where state.count < Self.maximumPages {
                guard case .success(let geometry) = outcome else { continue }
                if state.pages[digest, default: [:]].updateValue(geometry, forKey: first + index) == nil { state.count += 1 }
            }
        }
    }
}
