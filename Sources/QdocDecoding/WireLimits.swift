/// Bounds that both sides of the protocol keep; the host checks each of them.
public enum WireLimits {
    /// Bytes of one frame: far below what a socket of the system takes in one piece (212,992).
    static let frameBytes = 65_536
    /// Bytes of images and content that one answer may hold: a photograph of 100 megapixels as JPEG stays below it.
    static let payloadBytes = 64 << 20
    /// Points: 50 times the largest page a PDF can state (200,000 points).
    static let coordinate = 1e7
    /// Pages of a source, as in Dangerzone.
    static let pages = 10_000
    /// Pixels of a side of an image, and of the image.
    static let imageSide = 10_000
    static let imagePixels = 100_000_000
    static let words = 200_000
    static let wordBytes = 65_535
    static let rulings = 100_000
    static let paths = 50_000
    static let subpaths = 1_000_000
    static let vertices = 1_000_000
    static let pictures = 50_000
    /// Pages whose geometry is told in one frame.
    public static let geometries = 64
    static let fonts = 64
    static let fontBytes = 127
    static let languages = 16
    static let languageBytes = 32
    static let timestamps = 1_000
    static let messageBytes = 400
    static let passwords = 64
    /// Longer passwords are cut here, as revision 6 of the standard handler does; uncut they overflow a buffer (CVE-2026-107705).
    static let passwordBytes = 127
}
