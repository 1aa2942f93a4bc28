/// A small likeness of a frame, by which frames are compared: noise and small movements are averaged away in its cells.
struct Look: Hashable {
    /// Cells across and down: one is 20 × 20 pixels of 720p, the size of a headline's letter.
    static let width = 64
    static let height = 36
    static let cells = width * height

    /// Luma, then the two colour differences, each `cells` samples, row by row.
    let planes: [UInt8]
    /// How sharp the frame itself is, in 255ths between neighbouring pixels; 0 where that is not known.
    let detail: Double

    /// How much two looks differ.
    struct Difference: Hashable {
        /// Share of the cells whose luma or colour differs by more than `Look.visible`.
        var area: Double
        /// Mean over the cells of the largest difference of a plane, in 255ths.
        var mean: Double
    }

    /// A difference of a cell that is not noise: compression and film grain stay below 8 in cells, a line of text makes 20 and more.
    private static let visible = 12
    /// A lamp that flickers or an exposure that is corrected changes all cells together, by up to so much.
    private static let flicker = 10

    /// Compares, without what all cells have in common.
    func difference(from other: Look) -> Difference {
        let count = Look.cells
        return unsafe planes.withUnsafeBufferPointer { own in
            unsafe other.planes.withUnsafeBufferPointer { other in
                var balance = 0
                for cell in 0..<count { unsafe balance += Int(own[cell]) - Int(other[cell]) }
                let common = max(-Look.flicker, min(Look.flicker, Int((Double(balance) / Double(count)).rounded())))
                var sum = 0
                var changed = 0
                for cell in 0..<count {
                    let luma = unsafe abs(Int(own[cell]) - Int(other[cell]) - common)
                    let blue = unsafe abs(Int(own[cell + count]) - Int(other[cell + count]))
                    let red = unsafe abs(Int(own[cell + 2 * count]) - Int(other[cell + 2 * count]))
                    let most = max(luma, blue, red)
                    sum += most
                    changed += most > Look.visible ? 1 : 0
                }
                return Difference(area: Double(changed) / Double(count), mean: Double(sum) / Double(count))
            }
        }
    }

    /// Whether nothing is to be seen: one even tone, as between two recordings or before a picture is faded in.
    var isBlank: Bool {
        let luma = planes.prefix(Look.cells)
        return Int(luma.max() ?? 0) - Int(luma.min() ?? 0) < 10
    }

    /// The difference hash: for 8 rows of 9 means of luma, whether each is brighter than its left neighbour.
    var hash: UInt64 {
        var hash: UInt64 = 0
        for row in 0..<8 {
            var left = 0
            for column in 0..<9 {
                let here = mean(rows: row, of: 8, columns: column, of: 9)
                if column > 0 { hash = hash << 1 | (here > left ? 1 : 0) }
                left = here
            }
        }
        return hash
    }

    /// Mean luma of one of `rowCount * columnCount` fields, in 256ths.
    private func mean(rows row: Int, of rowCount: Int, columns column: Int, of columnCount: Int) -> Int {
        let rows = row * Look.height / rowCount..<(row + 1) * Look.height / rowCount
        let columns = column * Look.width / columnCount..<(column + 1) * Look.width / columnCount
        let sum = rows.reduce(0) { sum, y in columns.reduce(sum) { $0 + Int(planes[y * Look.width + $1]) } }
        return sum * 256 / (rows.count * columns.count)
    }
}
