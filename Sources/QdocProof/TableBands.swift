import QdocCore

/// The columns of a printed table as its cells show them: vertical bands between white gaps, each under one header.
///
/// A header alone does not tell its column: it may be centred over cells that begin left of it.
struct TableBands {
    private struct Band {
        var low: Double
        var high: Double
        /// Into the headers.
        var headers: [Int] = []
        var hasCells = false
    }

    private var bands: [Band] = []
    private let headers: [(column: Int, box: Box)]

    /// - Parameters:
    ///   - columns: As located on the page.
    ///   - rows: The printed rows under the header.
    init(_ columns: TableColumns, rows: Range<Int>, of layout: PageLayout) {
        let headers = columns.cells
        self.headers = headers
        var extents: [(low: Double, high: Double, header: Int?)] = headers.enumerated().map { ($1.box.x, $1.box.maxX, $0) }
        for row in rows {
            let line = layout.rows[row]
            // A line of one cell (a heading in the table, a note) tells nothing of columns.
            guard line.cells.count > 1 else { continue }
            for cell in line.cells {
                let box = layout.cell(cell, of: line).box
                let under = headers.count { $0.box.x < box.maxX && box.x < $0.box.maxX }
                if under < 2 { extents.append((box.x, box.maxX, nil)) }
            }
        }
        for extent in extents.sorted(by: { $0.low < $1.low }) {
            if let last = bands.indices.last, extent.low < bands[last].high {
                bands[last].high = max(bands[last].high, extent.high)
            } else {
                bands.append(Band(low: extent.low, high: extent.high))
            }
            if let header = extent.header {
                bands[bands.count - 1].headers.append(header)
            } else {
                bands[bands.count - 1].hasCells = true
            }
        }
        join()
    }

    /// Between two columns that have both header and cells, headers without cells and cells without headers belong together in order.
    private mutating func join() {
        var start = 0
        var runs: [Range<Int>] = []
        for end in 0...bands.count where end == bands.count || (!bands[end].headers.isEmpty && bands[end].hasCells) {
            if start < end { runs.append(start..<end) }
            start = end + 1
        }
        for run in runs {
            let bare = run.filter { bands[$0].headers.isEmpty }
            let empty = run.filter { !bands[$0].hasCells }
            guard bare.count == empty.count else { continue }
            for (cells, header) in zip(bare, empty) { bands[cells].headers = bands[header].headers }
        }
    }

    /// What a box stands in.
    enum Answer: Equatable {
        /// A claimed column.
        case column(Int)
        /// A column that the claim leaves out, or two at once.
        case other
        case unknown
    }

    func column(of box: Box) -> Answer {
        let touched = bands.filter { $0.low < box.maxX && box.x < $0.high }
        guard touched.count == 1, let band = touched.first else { return touched.isEmpty ? .unknown : .other }
        if band.headers.count == 1 { return answer(band.headers[0]) }
        // Cells that run into each other: only a header right above tells.
        let under = band.headers.filter { headers[$0].box.x < box.maxX && box.x < headers[$0].box.maxX }
        if under.count == 1 { return answer(under[0]) }
        return band.headers.isEmpty ? .unknown : .other
    }

    private func answer(_ header: Int) -> Answer { headers[header].column >= 0 ? .column(headers[header].column) : .other }
}
