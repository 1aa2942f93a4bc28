import QdocCore

/// Finds the columns of a table from its chunks.
///
/// From narrow to wide: a chunk that overlaps no column begins one, a chunk that overlaps exactly one widens it unless it would then
/// reach a neighbour, and a chunk over several columns spans them.
enum ColumnFinder {
    static func columns(of rows: [TextRow]) -> [Box] {
        let height = median(rows.map(\.height)) ?? 1
        var columns: [Box] = []
        for box in rows.flatMap({ $0.chunks.map(\.box) }).sorted(by: { $0.width < $1.width }) {
            let hits = columns.indices.filter { columns[$0].overlapX(box) > 0.1 * height }
            switch hits.count {
            case 0:
                // Bounded: no table has more columns.
                if columns.count < 200 { columns.append(box) }
            case 1:
                let widened = columns[hits[0]].union(box)
                if !columns.indices.contains(where: { $0 != hits[0] && columns[$0].overlapX(widened) > 0.1 * height }) {
                    columns[hits[0]] = widened
                }
            default: break
            }
        }
        return columns.sorted { $0.x < $1.x }
    }
}
