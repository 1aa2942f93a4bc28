import QdocCore

/// Files that are worked through several at once, the first ones first.
struct FileBatch: Sendable {
    /// Bytes of each file; 0 where that is not known.
    let sizes: [Int]
    /// Files that are open at the same time at most.
    let width: Int
    /// Whether what came of a file waits for what comes of those before it.
    let isOrdered: Bool

    /// Bytes of the files that are open at the same time, beyond the first: each is held in memory, so that nobody changes it meanwhile.
    private static let openBytes = 64 << 20
    /// Files ahead of one that is waited for: what came of them is held.
    private static let reach = 64

    /// Whether the files that are left are wanted.
    enum Decision: Sendable {
        case goOn
        case stop
    }

    /// Works until every file is done, or no more are wanted, or the task is cancelled.
    ///
    /// - Parameters:
    ///   - work: Given the index of a file; several run at the same time.
    ///   - deliver: Given each index with what came of it, one at a time.
    /// - Returns: Files that were begun; those after them were not.
    /// - Throws: What `deliver` throws, after the work under way was cancelled.
    func run<Outcome: Sendable>(
        _ work: @escaping @Sendable (Int) async -> Outcome, deliver: (Int, Outcome) async throws(Failure) -> Decision
    ) async throws(Failure) -> Int {
        let result = await withTaskGroup(of: (index: Int, outcome: Outcome).self) { group -> Result<Int, Failure> in
            var begun = 0
            var open: Set<Int> = []
            var waiting: [Int: Outcome] = [:]
            var delivered = 0
            var isWanted = true
            while true {
                while isWanted, !Task.isCancelled, begun < sizes.count, begun < delivered + Self.reach, hasRoom(for: begun, beside: open) {
                    let index = begun
                    open.insert(index)
                    begun += 1
                    group.addTask { (index, await work(index)) }
                }
                guard let done = await group.next() else { return .success(begun) }
                open.remove(done.index)
                waiting[done.index] = done.outcome
                for index in waiting.keys.sorted() where !isOrdered || index == delivered {
                    guard let outcome = waiting.removeValue(forKey: index) else { continue }
                    delivered += 1
                    do throws(Failure) {
                        if case .stop = try await deliver(index, outcome) { isWanted = false }
                    } catch {
                        group.cancelAll()
                        return .failure(error)
                    }
                }
            }
        }
        return try result.get()
    }

    private func hasRoom(for index: Int, beside open: Set<Int>) -> Bool {
        guard !open.isEmpty else { return true }
        return open.count < width && open.reduce(sizes[index]) { $0 + sizes[$1] } <= Self.openBytes
    }
}
