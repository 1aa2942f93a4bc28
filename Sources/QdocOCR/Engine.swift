internal import CTesseract
internal import Glibc
import QdocCore

// Leptonica has a Box of its own.
import struct QdocCore.Box

/// One instance of Tesseract with its languages loaded.
///
/// - Confinement: one thread. Nothing is learnt from a page, so that the next one does not depend on it.
@safe final class Engine {
    private let handle: OpaquePointer
    /// Languages, as they were given.
    let languages: [String]

    /// A word as Tesseract gives it; the box in pixels of the image that it was given.
    struct Candidate {
        var text: String
        var box: Box
        /// From 0 to 100.
        var confidence: Double
        /// Height from the descenders to the ascenders of its line, in pixels; 0 where it is not known.
        var lineHeight: Double
        var direction: TextDirection
        var spaceAfter: Bool
    }

    enum Layout {
        /// Columns, blocks and lines are looked for.
        case page
        /// Text is looked for everywhere, in no order.
        case sparse
    }

    /// The resolution that Tesseract is told; sizes in points are turned back by it.
    private static let dotsPerInch = 300.0

    /// What `clock` counts in a second, by POSIX.
    private static let clocksPerSecond = 1_000_000

    /// Loads languages for recognition by Tesseract's network, or, without any, the data that tell orientation.
    ///
    /// - Throws: `decoder_missing` where data cannot be loaded.
    init(_ data: LanguageData, languages: [String]) throws(Failure) {
        // Threads would be refused in a worker, and a process that forks must have one: libgomp never starts any at level 0.
        omp_set_max_active_levels(0)
        // Leptonica says on standard error what its results say too.
        _ = setMsgSeverity(Int32(L_SEVERITY_NONE))
        guard let handle = unsafe TessBaseAPICreate() else { throw Failure(.decodeLimit, "Tesseract cannot be started") }
        unsafe self.handle = handle
        self.languages = languages
        // It speaks on standard error of what it meets.
        _ = unsafe TessBaseAPISetVariable(handle, "debug_file", "/dev/null")
        let isOrientation = languages.isEmpty
        let names = isOrientation ? "osd" : languages.joined(separator: "+")
        guard unsafe TessBaseAPIInit2(handle, data.folder, names, isOrientation ? OEM_TESSERACT_ONLY : OEM_LSTM_ONLY) == 0 else {
            throw Failure(
                .decoderMissing, "the data of Tesseract for \(names) cannot be loaded", remedy: "install its packages tesseract-ocr-… again"
            )
        }
    }

    deinit {
        unsafe TessBaseAPIEnd(handle)
        unsafe TessBaseAPIDelete(handle)
    }

    /// How far the page is turned clockwise, in quarters, and how sure that is; nil where too little is on it.
    func orientation(of image: GrayImage) -> (quarters: Int, confidence: Double)? {
        defer { unsafe TessBaseAPIClear(handle) }
        unsafe TessBaseAPISetImage2(handle, image.pix)
        unsafe TessBaseAPISetSourceResolution(handle, Int32(Engine.dotsPerInch))
        var degrees: Int32 = 0
        var (confidence, scriptConfidence) = (Float(0), Float(0))
        var script: UnsafePointer<CChar>?
        guard unsafe TessBaseAPIDetectOrientationScript(handle, &degrees, &confidence, &script, &scriptConfidence) != 0 else { return nil }
        return (Int(degrees) / 90 % 4, Double(confidence))
    }

    /// Words in reading order.
    ///
    /// - Parameter milliseconds: Of processor time that recognition may take.
    /// - Returns: Nil where that is not enough, as on noise that looks like letters.
    func words(on image: GrayImage, layout: Layout, within milliseconds: Int) -> [Candidate]? {
        defer { unsafe TessBaseAPIClear(handle) }
        unsafe TessBaseAPISetPageSegMode(handle, layout == .page ? PSM_AUTO : PSM_SPARSE_TEXT)
        unsafe TessBaseAPISetImage2(handle, image.pix)
        unsafe TessBaseAPISetSourceResolution(handle, Int32(Engine.dotsPerInch))
        guard recognize(within: milliseconds) else { return nil }
        guard let results = unsafe TessBaseAPIGetIterator(handle) else { return [] }
        defer { unsafe TessResultIteratorDelete(results) }
        let places = unsafe TessResultIteratorGetPageIterator(results)
        var words: [Candidate] = []
        var line = LineText()
        repeat {
            if unsafe TessPageIteratorIsAtBeginningOf(places, RIL_TEXTLINE) != 0 {
                line = LineText(unsafe Engine.text(results, RIL_TEXTLINE) ?? "")
            }
            guard let text = unsafe Engine.text(results, RIL_WORD), let box = unsafe Engine.box(places, RIL_WORD) else { continue }
            let spaceAfter = line.hasSpace(after: text)
            // Blocks of pictures come as words of white space.
            guard text.contains(where: { !$0.isWhitespace }) else { continue }
            words.append(
                Candidate(
                    text: text, box: box, confidence: Double(unsafe TessResultIteratorConfidence(results, RIL_WORD)),
                    lineHeight: unsafe Engine.lineHeight(results), direction: unsafe Engine.direction(places, box), spaceAfter: spaceAfter))
        } while unsafe TessResultIteratorNext(results, RIL_WORD) != 0
        return words
    }

    /// Recognises what was set, word after word, until the processor time is used up: Tesseract's own deadline is by the clock on the wall, which
    /// goes on while other processes have the processor.
    private func recognize(within milliseconds: Int) -> Bool {
        var deadline = clock() + milliseconds * Engine.clocksPerSecond / 1000
        return unsafe withUnsafeMutablePointer(to: &deadline) { deadline in
            let monitor = unsafe TessMonitorCreate()
            defer { unsafe TessMonitorDelete(monitor) }
            unsafe TessMonitorSetCancelThis(monitor, deadline)
            unsafe TessMonitorSetCancelFunc(monitor) { deadline, _ in
                guard let deadline = unsafe deadline?.assumingMemoryBound(to: Int.self) else { return false }
                return clock() > (unsafe deadline.pointee)
            }
            return unsafe TessBaseAPIRecognize(handle, monitor) == 0
        }
    }

    private static func text(_ results: OpaquePointer?, _ level: TessPageIteratorLevel) -> String? {
        guard let bytes = unsafe TessResultIteratorGetUTF8Text(results, level) else { return nil }
        defer { unsafe TessDeleteText(bytes) }
        return unsafe String(cString: bytes)
    }

    private static func box(_ places: OpaquePointer?, _ level: TessPageIteratorLevel) -> Box? {
        var (left, top, right, bottom) = (Int32(0), Int32(0), Int32(0), Int32(0))
        guard unsafe TessPageIteratorBoundingBox(places, level, &left, &top, &right, &bottom) != 0, right > left, bottom > top else {
            return nil
        }
        return Box(x: Double(left), y: Double(top), width: Double(right - left), height: Double(bottom - top))
    }

    private static func lineHeight(_ results: OpaquePointer?) -> Double {
        // Only the size is kept: the network knows nothing of weight and slant.
        var flags = (Int32(0), Int32(0), Int32(0), Int32(0), Int32(0), Int32(0))
        var (points, font) = (Int32(0), Int32(0))
        _ = unsafe TessResultIteratorWordFontAttributes(
            results, &flags.0, &flags.1, &flags.2, &flags.3, &flags.4, &flags.5, &points, &font)
        return Double(max(0, points)) * dotsPerInch / 72
    }

    /// The way in which a word runs, by its baseline: Tesseract reads upright lines too, and says so nowhere else.
    private static func direction(_ places: OpaquePointer?, _ box: Box) -> TextDirection {
        var (x1, y1, x2, y2) = (Int32(0), Int32(0), Int32(0), Int32(0))
        guard unsafe TessPageIteratorBaseline(places, RIL_WORD, &x1, &y1, &x2, &y2) != 0 else { return .right }
        let (across, down) = (x2 - x1, y2 - y1)
        guard abs(down) > abs(across) else { return across < 0 ? .left : .right }
        return down > 0 ? .down : .up
    }
}

/// The text of a line, to see where white space stands between its words.
private struct LineText {
    private var rest: Substring = ""

    init(_ text: String = "") {
        rest = text[...]
    }

    /// Goes on behind a word; tells whether white space follows. Where the line has another text than its words it does.
    mutating func hasSpace(after word: String) -> Bool {
        let text = rest.drop { $0.isWhitespace }
        guard text.hasPrefix(word) else { return true }
        rest = text.dropFirst(word.count)
        return rest.first?.isWhitespace ?? true
    }
}
