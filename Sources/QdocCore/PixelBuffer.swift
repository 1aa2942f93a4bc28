/// Pixels of one image in memory that is used again for the next image.
///
/// A worker draws page after page into the same memory: fresh buffers of 7 to 48 MB cost more page faults than drawing.
///
/// - Shape: row-major BGRX, 4 bytes a pixel, `stride` bytes a row, no padding; the fourth byte means nothing.
public final class PixelBuffer {
    public private(set) var size: PixelSize
    /// Always `size.height * stride` bytes.
    public var bytes: [UInt8]

    public init(size: PixelSize = PixelSize(width: 0, height: 0)) {
        self.size = PixelSize(width: max(0, size.width), height: max(0, size.height))
        bytes = Array(repeating: 0xFF, count: self.size.pixels * 4)
    }

    public var width: Int { size.width }
    public var height: Int { size.height }
    /// Bytes from one row to the next.
    public var stride: Int { size.width * 4 }

    /// Takes another size; what the pixels were is undefined afterwards, and memory is only ever gained.
    public func resize(to newSize: PixelSize) {
        size = PixelSize(width: max(0, newSize.width), height: max(0, newSize.height))
        let count = size.pixels * 4
        if count < bytes.count {
            bytes.removeLast(bytes.count - count)
        } else {
            bytes.append(contentsOf: repeatElement(0xFF, count: count - bytes.count))
        }
    }
}
