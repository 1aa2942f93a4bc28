import QdocCore
import QdocCrypto
import QdocExtract
import QdocIngest
import QdocPrompt
import QdocProof
import QdocRuntime
import Synchronization

/// A page that was drawn and read, as far as the answer source needs it.
struct PreparedPage: Sendable {
    var imageNumber: Int
    var reference: PageReference
    var geometry: PageGeometry
    var image: EncodedImage?
    var content: StoredContent
}

/// The pages of a window that came through; a page that failed left a hole.
struct PreparedWindow: Sendable {
    /// From 1; also the number of the call that answers it.
    var number: Int
    var pages: [PreparedPage]
}

/// The stages of one run over one document.
struct Stages: Sendable {
    let runner: Runner
    let document: Document
    let log: RunLog
    let progress: RunProgress
    private let source: any AnswerSource
    /// Parsing and proving are long computations: off the cooperative pool. One thread for all runs of the process, for a lane's threads live
    /// as long as that; it is far more than answers need.
    private static let lane = BlockingLane("qdoc-proof", width: 1)

    init(runner: Runner, document: Document, source: any AnswerSource, log: RunLog, progress: RunProgress) {
        self.runner = runner
        self.document = document
        self.source = source
        self.log = log
        self.progress = progress
    }

    // MARK: Ingest

    /// Draws and reads the pages of a window, as many at once as the document has lanes.
    func prepare(number: Int, pages: [(imageNumber: Int, pageNumber: Int)]) async throws -> PreparedWindow {
        let prepared = try await withThrowingTaskGroup(of: PreparedPage?.self) { group in
            for page in pages {
                group.addTask { try await prepare(imageNumber: page.imageNumber, pageNumber: page.pageNumber) }
            }
            return try await group.reduce(into: [PreparedPage]()) { pages, page in
                if let page { pages.append(page) }
            }
        }
        return PreparedWindow(number: number, pages: prepared.sorted { $0.imageNumber < $1.imageNumber })
    }

    /// Nil where the page failed, which is recorded.
    private func prepare(imageNumber: Int, pageNumber: Int) async throws -> PreparedPage? {
        let reference = PageReference(source: document.source.ordinal, pageNumber: pageNumber)
        var geometry = PageGeometry(size: PageSize(width: 0, height: 0), rotation: 0)
        do {
            geometry = try await document.geometry(of: pageNumber)
            let rule = runner.answerer.imageRule
            let order = rule.map {
                ImageOrder(region: nil, size: ImageSizing.size(for: geometry.size, rule: $0, isPicture: document.source.mediaType.isPixels))
            }
            let delivery = try await document.page(pageNumber, image: order, parts: runner.answerer.contentParts)
            guard let content = delivery.content else { throw Failure(.decoderProtocol, "page \(pageNumber) came without its content") }
            let image = delivery.image.map { encoded($0, number: imageNumber, page: reference, geometry: geometry, rule: rule) }
            if let image {
                await progress.made(image.record)
                await log.add(
                    .imageMade(number: imageNumber, page: reference, size: image.record.size, byteCount: image.record.byteCount))
            }
            return PreparedPage(imageNumber: imageNumber, reference: reference, geometry: geometry, image: image, content: content)
        } catch let failure as Failure {
            // What a cancelled decode says: no fault of the page.
            guard failure.code != .interrupted else { throw CancellationError() }
            await finish(PageRecord(reference: reference, geometry: geometry, outcome: .failed(failure)))
            return nil
        }
    }

    private func encoded(_ image: RenderedImage, number: Int, page: PageReference, geometry: PageGeometry, rule: ImageRule?) -> EncodedImage
    {
        EncodedImage(
            record: ImageRecord(
                number: number, page: page, size: image.size, byteCount: image.bytes.count, encoding: image.encoding,
                sha256: SHA256.hexDigest(of: image.bytes), tokens: rule.map { ImageSizing.tokens(for: image.size, rule: $0) } ?? 0,
                pixelsPerPoint: geometry.size.width > 0 ? Double(image.size.width) / geometry.size.width : 0),
            bytes: image.bytes)
    }

    private func finish(_ page: PageRecord) async {
        await progress.finished(page)
        await log.add(.pageFinished(page.reference, outcome: page.outcome))
    }

    private func warn(_ warning: Warning) async {
        await progress.warned(warning)
        await log.add(.warning(warning))
    }

    // MARK: Answer

    /// Asks about a window, extracts and proves its values. What fails is recorded; only cancellation is thrown.
    func answer(_ window: PreparedWindow) async throws {
        guard !window.pages.isEmpty else { return }
        let isHosted = runner.answerer.imageRule != nil
        let call = window.number
        let transcript = Transcript()
        if isHosted {
            await progress.started(call: call, images: window.pages.map(\.imageNumber))
            await log.add(.callStarted(call: call, images: window.pages.map(\.imageNumber)))
        }
        do {
            try await source.answer(answerWindow(window)) { event in
                if let text = transcript.add(event) {
                    await log.addText(call: call, isReasoning: text.isReasoning, text.text)
                } else {
                    await tell(event, call: call)
                }
            }
            let result = try await Self.lane.run { try prove(transcript.entries, window: window) }
            await settle(window, result: result, transcript: transcript.entries, isHosted: isHosted)
        } catch let failure as Failure {
            await settle(window, failure: failure, transcript: transcript.entries, isHosted: isHosted)
            if failure.code.stopsRun { throw failure }
        } catch {
            // Interrupted: what had left by then may have been received and will be billed.
            let entries = transcript.entries
            if isHosted { await end(call, state: entries.egress == nil ? .refused : .unknown, entries, failure: nil) }
            throw error
        }
    }

    private func end(_ call: Int, state: CallState, _ transcript: Transcript.Entries, failure: Failure?) async {
        let booking = transcript.booking ?? CallBooking(state: state, attempts: transcript.egress == nil ? 0 : 1)
        await progress.ended(call: call, booking: booking, transcript: transcript, failure: failure)
        await log.add(
            .callFinished(call: call, state: booking.state, usage: transcript.usage, cost: booking.cost, isReused: booking.isReused))
    }

    /// Passes on what happens to a call beside its text.
    private func tell(_ event: AnswerEvent, call: Int) async {
        switch event {
        case .retrying(let attempt, let code, let wait):
            await log.add(.callRetried(call: call, attempt: attempt, code: code, wait: wait))
        case .paused(let failure):
            if await progress.paused() { await log.add(.endpointPaused(endpoint: runner.answerer.name, failure: failure)) }
        case .resumed:
            if await progress.resumed() { await log.add(.endpointResumed(endpoint: runner.answerer.name)) }
        default: break
        }
    }

    private func answerWindow(_ window: PreparedWindow) -> AnswerWindow {
        AnswerWindow(
            number: window.number,
            pages: window.pages.map { page in
                WindowPage(
                    imageNumber: page.imageNumber, reference: page.reference, geometry: page.geometry,
                    content: { () throws(Failure) in try page.content.load() },
                    image: { () throws(Failure) in
                        guard let image = page.image else {
                            throw Failure(.internalError, "page \(page.reference.pageNumber) was not drawn")
                        }
                        return image
                    })
            })
    }

    /// What extract and proof made of an answer.
    private struct Proven: Sendable {
        var answer: WindowAnswer
        var repairs: [Repair]
        var warnings: [Warning]
        var notRead: [PageReference: Failure.Code]
    }

    private func prove(_ transcript: Transcript.Entries, window: PreparedWindow) throws(Failure) -> Proven {
        let pages = try window.pages.map { page throws(Failure) in
            ProofPage(reference: page.reference, imageNumber: page.image == nil ? nil : page.imageNumber, content: try page.content.load())
        }
        let prover = Prover(schema: runner.pipeline.schema)
        if let placed = transcript.placed {
            let evidence = prover.prove(data: placed.data, citations: [:], places: placed.places, pages: pages, call: nil)
            return Proven(
                answer: WindowAnswer(call: window.number, data: placed.data, evidence: evidence), repairs: [], warnings: placed.warnings,
                notRead: placed.notRead)
        }
        let extraction = try runner.pipeline.extractor.extract(answer: transcript.answer, call: window.number, finish: transcript.finish)
        let evidence = prover.prove(data: extraction.data, citations: extraction.citations, places: [:], pages: pages, call: window.number)
        var warnings: [Warning] = []
        if transcript.finish == .length {
            warnings.append(
                Warning(
                    code: .answerTruncated,
                    message: "answer \(window.number) was cut at the output limit: what stood after the cut is missing",
                    page: window.pages.first?.reference))
        }
        return Proven(
            answer: WindowAnswer(call: window.number, data: extraction.data, evidence: evidence), repairs: extraction.repairs,
            warnings: warnings, notRead: [:])
    }

    private func settle(_ window: PreparedWindow, result: Proven, transcript: Transcript.Entries, isHosted: Bool) async {
        if isHosted { await end(window.number, state: .settled, transcript, failure: nil) }
        await progress.answered(result.answer, repairs: result.repairs, isTruncated: transcript.finish == .length)
        for warning in result.warnings { await warn(warning) }
        for page in window.pages {
            await finish(
                PageRecord(
                    reference: page.reference, geometry: page.geometry,
                    outcome: result.notRead[page.reference].map(PageOutcome.notRead) ?? .read))
        }
        for evidence in result.answer.evidence {
            await log.add(.field(pointer: evidence.pointer, value: evidence.value, verdict: evidence.verdict))
        }
    }

    private func settle(_ window: PreparedWindow, failure: Failure, transcript: Transcript.Entries, isHosted: Bool) async {
        let warning = Warning(code: failure.code, message: failure.description, page: window.pages.first?.reference)
        if isHosted { await end(window.number, state: transcript.state(after: failure), transcript, failure: failure) }
        await warn(warning)
        for page in window.pages {
            await finish(PageRecord(reference: page.reference, geometry: page.geometry, outcome: .notRead(failure.code)))
        }
    }
}

/// Collects what an answer source says about one window.
final class Transcript: Sendable {
    struct Entries: Sendable {
        var head = CallHead()
        var reasoning = ""
        var answer = ""
        var placed: PlacedAnswer?
        var usage = Usage()
        var finish: FinishReason?
        var egress: Egress?
        var booking: CallBooking?
        /// When the first piece of reasoning or answer came.
        var firstText: ContinuousClock.Instant?

        /// What a call that failed has come to: an endpoint that said no before it said anything else has not begun to work.
        func state(after failure: Failure) -> CallState {
            if egress == nil || (failure.code.isRefusal && firstText == nil) { return .refused }
            return finish == nil ? .unknown : .settled
        }
    }

    private let state = Mutex(Entries())

    var entries: Entries { state.withLock { $0 } }

    /// Keeps an event; gives the text that is worth showing.
    func add(_ event: AnswerEvent) -> (isReasoning: Bool, text: String)? {
        state.withLock { entries in
            switch event {
            case .head(let head): entries.head = head
            case .reasoning(let text):
                entries.firstText = entries.firstText ?? .now
                entries.reasoning += text
                return (true, text)
            case .answer(let text):
                entries.firstText = entries.firstText ?? .now
                entries.answer += text
                return (false, text)
            case .placed(let placed): entries.placed = placed
            case .usage(let usage): entries.usage = usage
            case .sent(let egress): entries.egress = egress
            case .finished(let reason): entries.finish = reason
            case .booked(let booking): entries.booking = booking
            case .retrying, .paused, .resumed: break
            }
            return nil
        }
    }
}

extension Failure.Code {
    /// Whether the endpoint itself said that it does not answer.
    fileprivate var isRefusal: Bool {
        switch self {
        case .requestRefused, .unauthorized, .quotaExceeded, .rateLimited, .contentBlocked, .requestUnsupported, .endpointPaused: true
        default: false
        }
    }

    /// Whether every further call would end the same way: nothing more is sent then.
    fileprivate var stopsRun: Bool {
        switch self {
        case .unauthorized, .quotaExceeded, .invalidConfiguration, .requestUnsupported, .endpointPaused, .budgetExceeded, .storeFull,
            .storeUnavailable, .storeDamaged:
            true
        default: false
        }
    }
}
