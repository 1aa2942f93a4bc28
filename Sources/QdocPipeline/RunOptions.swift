public import QdocCore

/// What a user decides for one run.
public struct RunOptions: Sendable {
    /// Nil for all pages.
    public var pages: PageRanges?
    /// Whether pages that a document does not have are left out, for several documents of which some are shorter.
    public var clipsPages = false
    /// Pages of one request; nil for the pipeline's own, else `defaultWindow`.
    public var window: Int?
    /// Requests in flight at most.
    public var jobs: Int
    /// How a hosted model is asked.
    public var question: QuestionSettings
    /// Whether to ask anew although the answer is known.
    public var isFresh = false
    /// The run that is taken up again; nil for a new one.
    public var run: String?
    /// How large images are, and what they show.
    public var images = ImageChoice()
    /// Which frames of a video are looked at.
    public var frames = FrameSelection()
    /// Whether frames go as one video with its rate, where the model takes videos, not as single images.
    public var isVideo = false
    /// Tried in order on an encrypted document.
    public var passwords: [Secret]

    /// Images of one request: as many as keep an answer inside the 8,192 output tokens of QVQ at about 1,000 tokens a page.
    public static let defaultWindow = 8
    /// Requests in flight: Model Studio counts QVQ's limits by the second (60 a minute), and four keep a page-a-second renderer busy.
    public static let defaultJobs = 4

    public init(
        pages: PageRanges? = nil, window: Int? = nil, jobs: Int = defaultJobs, question: QuestionSettings = QuestionSettings(),
        passwords: [Secret] = []
    ) {
        self.pages = pages
        self.window = window
        self.jobs = jobs
        self.question = question
        self.passwords = passwords
    }

    /// The pages that a part of is asked for, where parts are.
    private var regionPages: PageRanges? {
        images.regions.isEmpty ? nil : PageRanges(Set(images.regions.map(\.pageNumber)).sorted())
    }

    /// The pages of a document that are meant, ascending; less than was asked for where `clipsPages` left some out.
    ///
    /// - Throws: `page_out_of_range`.
    func selection(of pageCount: Int) throws(Failure) -> (pages: [Int], isClipped: Bool) {
        guard let pages = pages ?? regionPages else { return (Array(1...max(1, pageCount)), false) }
        guard clipsPages else { return (try pages.pages(of: pageCount), false) }
        let inside = Set(pages.ranges.flatMap { Array(min($0.first, pageCount + 1)..<min($0.last ?? pageCount, pageCount) + 1) })
        let isWhole = pages.ranges.allSatisfy { $0.first <= pageCount && $0.last ?? 0 <= pageCount }
        guard !inside.isEmpty else { return (try pages.pages(of: pageCount), false) }
        return (inside.sorted(), !isWhole)
    }
}
