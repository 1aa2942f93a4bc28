/// How pages are dealt to windows: at fixed numbers, each window the size of the first, the last one what is left.
struct WindowLayout: Sendable, Hashable {
    let size: Int
    /// Pages of a window that the next one begins with; fewer than a window has.
    let overlap: Int

    init(size: Int, overlap: Int = 0) {
        self.size = max(1, size)
        self.overlap = max(0, min(overlap, self.size - 1))
    }

    /// Indices of the pages of each window.
    func ranges(of count: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start = 0
        while ranges.last?.upperBound ?? 0 < count {
            ranges.append(start..<min(start + size, count))
            start += size - overlap
        }
        return ranges
    }
}
