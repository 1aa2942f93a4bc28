public import QdocCore
import QdocDecoding

/// When characters are recognised, and in which languages.
public struct Recognition: Sendable, Hashable {
    public enum Policy: String, Sendable, Hashable, CaseIterable {
        /// Where a page or a picture has no usable text layer, and its words are wanted.
        case auto
        /// On every page, beside what text layer there is.
        case always
        case never
    }

    public var policy: Policy
    /// As tesseract names them (`eng`, `deu`, `chi_sim`); empty for all that are installed.
    public var languages: [String]

    public init(policy: Policy = .auto, languages: [String] = []) {
        self.policy = policy
        self.languages = languages
    }

    /// A dense page takes 2 s of one processor, a broken one that is read in four directions several times that.
    static let limits = DecodeLimits(wall: .seconds(30), cpuSeconds: 25)
}

/// Which parts of a page have no usable text layer.
enum RecognitionNeed {
    /// A picture with less of the page than this is a logo or an icon, not something to read.
    private static let smallestShare = 0.05
    /// Points: what is narrower holds no line of text worth a second of work.
    private static let smallestSide = 36.0
    /// From this share of characters that are no characters on, a text layer says nothing: a font without a map to Unicode.
    private static let unusableShare = 0.3
    /// Pictures of one page that are read at most.
    private static let mostPictures = 8

    /// The boxes to recognise characters in; empty where everything can be read.
    ///
    /// - Parameter isPixels: Whether the page is nothing but pixels.
    static func boxes(of content: PageContent, page: PageSize, isPixels: Bool, policy: Recognition.Policy) -> [Box] {
        let whole = Box(x: 0, y: 0, width: page.width, height: page.height)
        switch policy {
        case .never: return []
        case .always: return [whole]
        case .auto: break
        }
        guard !isPixels, isUsable(content.words) else { return isPixels || hasSomethingToRead(content, whole) ? [whole] : [] }
        return pictures(content, whole)
    }

    /// Whether words are there, and are words.
    private static func isUsable(_ words: [Word]) -> Bool {
        var characters = 0
        var unusable = 0
        for scalar in words.lazy.flatMap(\.text.unicodeScalars) {
            characters += 1
            switch scalar.properties.generalCategory {
            case .privateUse, .unassigned, .control, .surrogate: unusable += 1
            default: if scalar == "\u{FFFD}" { unusable += 1 }
            }
        }
        return characters > 0 && Double(unusable) < unusableShare * Double(characters)
    }

    /// A page without text may be empty: what has neither pictures nor outlines has nothing to be recognised.
    private static func hasSomethingToRead(_ content: PageContent, _ whole: Box) -> Bool {
        !content.pictures.isEmpty || !content.paths.isEmpty || !content.words.isEmpty
    }

    /// Pictures that no word of the text layer lies on: a text layer over a scan, or labels over a photograph, are read already.
    private static func pictures(_ content: PageContent, _ whole: Box) -> [Box] {
        let area = whole.width * whole.height
        let shown = content.pictures.compactMap { $0.intersection(whole) }.filter { picture in
            picture.width >= smallestSide && picture.height >= smallestSide && picture.width * picture.height >= smallestShare * area
                && !content.words.contains { picture.intersection($0.box) != nil }
        }
        return Array(shown.prefix(mostPictures))
    }
}

/// A page's content with what was recognised on it.
public struct RecognisedContent: Sendable {
    public var content: StoredContent
    /// Why nothing could be recognised although it was needed: the program is missing, or failed.
    public var failure: Failure?
}

extension Document {
    /// Points to pixels: what tesseract was trained for.
    private static let dotsPerInch = 300.0
    /// Pixels of one part at most: an A4 page at 250 dots per inch. A page of 8.4 million that is reduced so keeps 99 % of its words
    /// (`ocr_words_agree.py`); Tesseract takes five bytes for each pixel beside its copies of the page, in two children at a time.
    private static let mostPixels = 6_000_000.0

    /// Recognises the characters of a page where its text layer is missing or says nothing, and keeps them beside the text layer.
    ///
    /// - Parameters:
    ///   - content: What `page` gave for it.
    ///   - parts: What that holds; pictures and paths are asked for where it has none.
    /// - Throws: As `page`, but for failures of the recognition itself, which are told beside the content.
    public func recognise(
        _ pageNumber: Int, geometry: PageGeometry, content: StoredContent, parts: ContentParts
    ) async throws(Failure) -> RecognisedContent {
        var page = try content.load()
        let recognition = ingest.options.recognition
        guard recognition.policy != .never else { return RecognisedContent(content: content, failure: nil) }
        if !parts.contains(.pictures), !source.mediaType.isPixels {
            let shown = try await self.page(pageNumber, image: nil, parts: [.pictures, .paths]).content?.load() ?? PageContent()
            page.pictures = shown.pictures
            page.paths = shown.paths
        }
        let boxes = RecognitionNeed.boxes(
            of: page, page: geometry.size, isPixels: source.mediaType.isPixels, policy: recognition.policy)
        guard !boxes.isEmpty else { return RecognisedContent(content: content, failure: nil) }
        var words: [Word] = []
        for box in boxes {
            do throws(Failure) {
                words += try await read(box, pageNumber, recognition.languages)
            } catch {
                guard error.code != .interrupted, error.code != .workFileFailed else { throw error }
                return RecognisedContent(content: content, failure: error)
            }
        }
        guard !words.isEmpty else { return RecognisedContent(content: content, failure: nil) }
        // A text layer that says nothing is no help beside what was read.
        page.words = (boxes.count == 1 && recognition.policy == .auto && boxes[0].width >= geometry.size.width ? [] : page.words) + words
        return RecognisedContent(content: try StoredContent(try ContentFrame.encode(page), in: ingest.workFile), failure: nil)
    }

    /// The words of a part of a page, with their boxes in points.
    private func read(_ box: Box, _ pageNumber: Int, _ languages: [String]) async throws(Failure) -> [Word] {
        // Pixels are taken as they are; the child enlarges what is too small itself.
        let wanted = source.mediaType.isPixels ? 1 : Self.dotsPerInch / 72
        let scale = min(wanted, (Self.mostPixels / (box.width * box.height)).squareRoot(), 10_000 / max(box.width, box.height))
        let size = PixelSize(width: max(1, Int((box.width * scale).rounded())), height: max(1, Int((box.height * scale).rounded())))
        let opening = SourceOpening(
            descriptor: try await pixels(of: pageNumber, ImageOrder(region: box, size: size, encoding: .graymap)), program: .ocr,
            request: OpenRequest(
                mediaType: .graymap, languages: languages, dotsPerInch: source.mediaType.isPixels ? 0 : scale * 72),
            owner: ingest.newOwner())
        let reading = SourceReading(ingest: ingest, opening: opening, path: "\(source.path), page \(pageNumber)")
        defer { reading.close() }
        let read = try await reading.page(PageRequest(pageNumber: 1, image: nil, parts: .words))
        let found = try read.content.map { bytes throws(Failure) in try ContentFrame.decode(bytes) } ?? PageContent()
        let (across, down) = (box.width / Double(size.width), box.height / Double(size.height))
        return found.words.map { word in
            var word = word
            word.source = .ocr
            word.fontSize *= down
            word.box = Box(
                x: box.x + word.box.x * across, y: box.y + word.box.y * down, width: word.box.width * across,
                height: word.box.height * down)
            return word
        }
    }
    /// Drawn pixels as a source of their own; no other copy of them outlives the call.
    private func pixels(of pageNumber: Int, _ order: ImageOrder) async throws(Failure) -> Descriptor {
        guard let image = try await page(pageNumber, image: order, parts: []).image else {
            throw Failure(.decoderProtocol, "page \(pageNumber) came without its pixels")
        }
        let snapshot = try SourceSnapshot()
        try snapshot.append(image.bytes)
        return try snapshot.readOnly()
    }
}
