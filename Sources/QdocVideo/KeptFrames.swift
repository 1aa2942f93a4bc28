/// The frames chosen so far, none of them like another.
struct KeptFrames {
    struct Frame {
        var time: Double
        var begin: Double
        fileprivate var hash: UInt64
        fileprivate var look: Look
    }

    /// Bits of 64 in which the hashes of two likenesses of one picture may differ.
    static let alike = 4
    /// Share of the cells in which they may differ: text of another slide in the same layout has nearly the same hash.
    static let alikeArea = 0.004
    /// Kept at most, of 7 KB each: beyond it every second one goes, which still is many more than a model is ever sent.
    static let maximum = 4096

    private(set) var frames: [Frame] = []

    /// Keeps a frame unless one like it is kept already.
    mutating func offer(_ time: Double, _ look: Look, begin: Double) {
        let hash = look.hash
        let isKnown = frames.contains { frame in
            (frame.hash ^ hash).nonzeroBitCount <= KeptFrames.alike && look.difference(from: frame.look).area <= KeptFrames.alikeArea
        }
        guard !isKnown else { return }
        if frames.count >= KeptFrames.maximum { frames = stride(from: 0, to: frames.count, by: 2).map { frames[$0] } }
        frames.append(Frame(time: time, begin: begin, hash: hash, look: look))
    }

    /// At most `limit` of them, as evenly spread over their numbers as can be, the first and the last among them.
    static func thinned<Element>(_ all: [Element], to limit: Int) -> [Element] {
        let limit = max(1, limit)
        guard all.count > limit else { return all }
        guard limit > 1 else { return [all[0]] }
        return (0..<limit).map { all[($0 * (all.count - 1) + (limit - 1) / 2) / (limit - 1)] }
    }
}
