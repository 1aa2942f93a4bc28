public import QdocCore

/// Counts the tokens of a video that is given as frames.
public enum VideoTokens {
    /// The begin and the end mark around a video.
    private static let marks = 2

    /// The tokens of so many frames of one size.
    ///
    /// Frames share slots, and the last slot is filled up. Each frame is shrunk to the rule's limit, or to its part of the limit of all.
    ///
    /// - Source: Model Studio, limits of video input (February 2026); the vendor's preprocessing code (repository QwenLM/Qwen3-VL).
    public static func count(frames: Int, size: PixelSize, rule: VideoRule) -> Int {
        guard frames > 0 else { return 0 }
        let slots = (frames + rule.framesPerSlot - 1) / rule.framesPerSlot
        guard case .cells = rule.counting else {
            return slots * PaddedCells.count(in: size, cell: rule.patch, maxPixels: rule.maxPixels)
        }
        let share = rule.totalPixels.map { Int(Double($0) / Double(frames) * Double(rule.framesPerSlot)) } ?? .max
        // A little above the least, so that there is always a size between the two.
        let most = max(min(rule.maxPixels, share), Int(Double(rule.minPixels) * 1.05))
        let frame = ImageRule(patch: rule.patch, minPixels: rule.minPixels, maxPixels: most)
        return slots * ImageSizing.cells(of: size, rule: frame) + marks
    }
}
