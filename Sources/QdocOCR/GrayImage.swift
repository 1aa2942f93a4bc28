internal import CTesseract
import QdocCore

// Leptonica has a Box of its own.
import struct QdocCore.Box

/// Pixels of one grey image, in Leptonica's own memory, which every step of preparing a page reads without copying.
///
/// - Shape: 8 bits a pixel, 0 black; 1 bit a pixel after `binarized`.
@safe final class GrayImage {
    let pix: UnsafeMutablePointer<Pix>

    /// Takes over what a function of Leptonica gave.
    ///
    /// - Throws: `decode_limit` where it gave nothing: it does so for want of memory.
    init(owning pix: UnsafeMutablePointer<Pix>?) throws(Failure) {
        guard let pix = unsafe pix else { throw Failure(.decodeLimit, "the page needs more memory than a worker has") }
        unsafe self.pix = pix
    }

    /// Copies pixels, row by row without padding.
    ///
    /// - Precondition: `pixels` holds `size.pixels` bytes or more.
    convenience init(size: PixelSize, pixels: ArraySlice<UInt8>) throws(Failure) {
        precondition(pixels.count >= size.pixels && size.width > 0 && size.height > 0)
        try unsafe self.init(owning: pixCreateNoInit(Int32(size.width), Int32(size.height), 8))
        guard let words = unsafe pixGetData(pix) else { throw Failure(.decodeLimit, "the page needs more memory than a worker has") }
        let rowBytes = Int(unsafe pixGetWpl(pix)) * 4
        unsafe pixels.withUnsafeBytes { source in
            guard let base = source.baseAddress else { return }
            for row in 0..<size.height {
                let target = unsafe UnsafeMutableRawPointer(words) + row * rowBytes
                unsafe target.copyMemory(from: base + row * size.width, byteCount: size.width)
            }
        }
        // Leptonica keeps the first pixel in the highest byte of a 32-bit word.
        _ = unsafe pixEndianByteSwap(pix)
    }

    deinit {
        var pix: UnsafeMutablePointer<Pix>? = unsafe pix
        unsafe pixDestroy(&pix)
    }

    var size: PixelSize {
        PixelSize(width: Int(unsafe pixGetWidth(pix)), height: Int(unsafe pixGetHeight(pix)))
    }

    /// Larger or smaller by one factor: area mapping below 0.7, else linear with sharpening.
    func scaled(by factor: Double) throws(Failure) -> GrayImage {
        try unsafe GrayImage(owning: pixScale(pix, Float(factor), Float(factor)))
    }

    /// Turned clockwise by quarters.
    func turned(quarters: Int) throws(Failure) -> GrayImage {
        try unsafe GrayImage(owning: pixRotateOrth(pix, Int32(quarters)))
    }

    /// Turned clockwise about its middle; what comes in is white, and the image grows so that nothing is cut.
    ///
    /// - Parameter angle: Radians, small.
    func turned(by angle: Double) throws(Failure) -> GrayImage {
        let size = size
        return try unsafe GrayImage(
            owning: pixRotate(pix, Float(angle), Int32(L_ROTATE_AREA_MAP), Int32(L_BRING_IN_WHITE), Int32(size.width), Int32(size.height)))
    }

    /// With a white border of so many pixels on each side.
    func bordered(by margin: Int) throws(Failure) -> GrayImage {
        try unsafe GrayImage(owning: pixAddBorder(pix, Int32(margin), 255))
    }

    /// The negative.
    func inverted() throws(Failure) -> GrayImage {
        try unsafe GrayImage(owning: pixInvert(nil, pix))
    }

    /// A copy in which the boxes are white.
    func cleared(of boxes: [Box]) throws(Failure) -> GrayImage {
        let copy = try unsafe GrayImage(owning: pixCopy(nil, pix))
        for place in boxes {
            var box = unsafe boxCreate(Int32(place.x), Int32(place.y), Int32(place.width.rounded(.up)), Int32(place.height.rounded(.up)))
            _ = unsafe pixSetInRect(copy.pix, box)
            unsafe boxDestroy(&box)
        }
        return copy
    }

    /// Ink and paper, by Otsu's threshold of each tile of at most 2,000 pixels' side.
    func binarized() throws(Failure) -> GrayImage {
        var result: UnsafeMutablePointer<Pix>?
        _ = unsafe pixOtsuAdaptiveThreshold(pix, 2000, 2000, 0, 0, 0, nil, &result)
        return try unsafe GrayImage(owning: result)
    }

    /// Share of ink in an image of 1 bit a pixel.
    func inkShare() -> Double {
        var count: Int32 = 0
        guard unsafe pixCountPixels(pix, &count, nil) == 0, size.pixels > 0 else { return 0 }
        return Double(count) / Double(size.pixels)
    }

    /// The angle by which lines of text must be turned clockwise to lie level, in an image of 1 bit a pixel; nil where there are none.
    ///
    /// Leptonica sweeps ±7° and says how much clearer the best angle is than the worst.
    ///
    /// - Returns: Radians.
    func skew() -> Double? {
        var (degrees, confidence) = (Float(0), Float(0))
        guard unsafe pixFindSkew(pix, &degrees, &confidence) == 0, confidence >= GrayImage.leastSkewConfidence else { return nil }
        return Double(degrees) * .pi / 180
    }

    /// Leptonica's own bound in `pixDeskew` (minimum allowed confidence). Upright scans have 9 to 76, receipts 2.7 to 6.3, scans on their side
    /// 1.2 to 1.4.
    private static let leastSkewConfidence: Float = 3

    /// Boxes of connected ink in an image of 1 bit a pixel.
    func inkBoxes() throws(Failure) -> [Box] {
        var boxes = unsafe pixConnCompBB(pix, 8)
        guard unsafe boxes != nil else { throw Failure(.decodeLimit, "the page needs more memory than a worker has") }
        defer { unsafe boxaDestroy(&boxes) }
        return (0..<(unsafe boxaGetCount(boxes))).map { index in
            var (x, y, width, height) = (Int32(0), Int32(0), Int32(0), Int32(0))
            _ = unsafe boxaGetBoxGeometry(boxes, index, &x, &y, &width, &height)
            return Box(x: Double(x), y: Double(y), width: Double(width), height: Double(height))
        }
    }
}
