import QdocCore
import QdocCrypto
import QdocExtract
import QdocIngest
import QdocPrompt
import QdocProof
import QdocRuntime

/// A page that was drawn and read, as far as the answer source needs it.
struct PreparedPage: Sendable {
    /// Of the images that show it, whether they were made or not.
    var imageNumbers: [Int]
    var reference: PageReference
    var geometry: PageGeometry
    var images: [EncodedImage]
    var content: StoredContent
}

/// A page that is meant, and the images that are to show it; none of them is made where the answerer looks at none.
struct WantedPage: Sendable {
    var pageNumber: Int
    var imageNumbers: [Int]
    var orders: [NumberedOrder]
}

/// The pages of a window that came through; a page that failed left a hole.
struct PreparedWindow: Sendable {
    /// From 1.
    var number: Int
    var pages: [PreparedPage]
    /// Its place in the capacity that it is held by, as long as its pages are.
    let place: Semaphore.Place
}

/// The stages of one run over one document.
struct Stages: Sendable {
    let runner: Runner
    let document: Document
    let log: RunLog
    let progress: RunProgress
    private let source: any AnswerSource
    private let numbers: CallNumbers
    /// One for each part that the schema is asked for in.
    private let extractors: [Extractor]
    /// Gives back what was reserved for calls that need not be made.
    private let forgo: @Sendable ([Int]) async -> Void
    /// Parsing and proving are long computations: off the cooperative pool. One thread for all runs of the process, for a lane's threads live
    /// as long as that; it is far more than answers need.
    private static let lane = BlockingLane("qdoc-proof", width: 1)

    init(
        runner: Runner, document: Document, source: any AnswerSource, log: RunLog, progress: RunProgress,
        numbers: CallNumbers = CallNumbers(windows: 0, maxRepairs: 0), extractors: [Extractor] = [],
        forgo: @escaping @Sendable ([Int]) async -> Void = { _ in }
    ) {
        self.numbers = numbers
        self.extractors = extractors.isEmpty ? [runner.pipeline.extractor] : extractors
        self.forgo = forgo
        self.runner = runner
        self.document = document
        self.source = source
        self.log = log
        self.progress = progress
    }

    // MARK: Ingest

    /// Draws and reads the pages of a window, as many at once as the document has lanes.
    func prepare(_ pages: [WantedPage]) async throws -> [PreparedPage] {
        let prepared = try await withThrowingTaskGroup(of: PreparedPage?.self) { group in
            for page in pages {
                group.addTask { try await prepare(page) }
            }
            return try await group.reduce(into: [PreparedPage]()) { pages, page in
                if let page { pages.append(page) }
            }
        }
        return prepared.sorted { $0.reference < $1.reference }
    }

    /// Nil where the page failed, which is recorded.
    private func prepare(_ wanted: WantedPage) async throws -> PreparedPage? {
        let pageNumber = wanted.pageNumber
        let reference = PageReference(source: document.source.ordinal, pageNumber: pageNumber)
        var geometry = PageGeometry(size: PageSize(width: 0, height: 0), rotation: 0)
        do {
            geometry = try await document.geometry(of: pageNumber)
            // The first image and the content in one trip, which makes the text nearly free.
            let delivery = try await document.page(pageNumber, image: wanted.orders.first?.order, parts: runner.answerer.contentParts)
            guard var content = delivery.content else { throw Failure(.decoderProtocol, "page \(pageNumber) came without its content") }
            var images: [EncodedImage] = []
            for order in wanted.orders {
                let drawn =
                    images.isEmpty ? delivery.image : try await document.page(pageNumber, image: order.order, parts: []).image
                guard let drawn else { throw Failure(.decoderProtocol, "page \(pageNumber) came without its image") }
                let image = encoded(drawn, order, page: reference, geometry: geometry)
                images.append(image)
                guard await progress.made(image.record) else { continue }
                await log.add(
                    .imageMade(number: order.number, page: reference, size: image.record.size, byteCount: image.record.byteCount))
            }
            if asksWordsAlone, PageWords.text(of: try content.load().words).isEmpty {
                await finish(PageRecord(reference: reference, geometry: geometry, outcome: .notRead(.noTextLayer)))
                return nil
            }
            // The local reader reads words; a model looks at the image, and words are needed only for what it says.
            if case .local = runner.answerer { content = try await recognised(reference, geometry, content) }
            return PreparedPage(
                imageNumbers: wanted.imageNumbers, reference: reference, geometry: geometry, images: images, content: content)
        } catch let failure as Failure {
            // What a cancelled decode says: no fault of the page.
            guard failure.code != .interrupted else { throw CancellationError() }
            await finish(PageRecord(reference: reference, geometry: geometry, outcome: .failed(failure)))
            return nil
        }
    }

    private func encoded(_ image: RenderedImage, _ wanted: NumberedOrder, page: PageReference, geometry: PageGeometry) -> EncodedImage {
        let width = wanted.order.region?.width ?? geometry.size.width
        return EncodedImage(
            record: ImageRecord(
                number: wanted.number, page: page, timestamp: geometry.timestamp, region: wanted.order.region, size: image.size,
                byteCount: image.bytes.count,
                encoding: image.encoding, sha256: SHA256.hexDigest(of: image.bytes),
                tokens: runner.answerer.imageRule.map { ImageSizing.tokens(for: image.size, rule: $0) } ?? 0,
                pixelsPerPoint: width > 0 ? Double(image.size.width) / width : 0),
            bytes: image.bytes)
    }

    /// The content with the characters of pictures; where they cannot be read, what is there, and a warning once.
    private func recognised(_ page: PageReference, _ geometry: PageGeometry, _ content: StoredContent) async throws -> StoredContent {
        let recognised = try await document.recognise(
            page.pageNumber, geometry: geometry, content: content, parts: runner.answerer.contentParts)
        if let failure = recognised.failure, await progress.missesCharacters(failure) {
            await warn(Warning(code: failure.code, message: failure.description, page: page))
        }
        return recognised.content
    }

    /// Whether the question holds no image: a page without words of its own cannot be asked about then.
    private var asksWordsAlone: Bool { runner.answerer.imageRule != nil && !runner.pipeline.showsImages }

    private func finish(_ page: PageRecord) async {
        guard await progress.finished(page) else { return }
        await log.add(.pageFinished(page.reference, outcome: page.outcome))
    }

    private func warn(_ warning: Warning) async {
        await progress.warned(warning)
        await log.add(.warning(warning))
    }

    // MARK: Answer

    /// Asks about a window, extracts and proves its values. What fails is recorded; only cancellation is thrown.
    ///
    /// - Parameter slot: The request's, given back once the answer is there: the next one goes out while this one is proven.
    func answer(_ window: PreparedWindow, slot: Semaphore.Place) async throws {
        let questions = (0..<numbers.parts).map { numbers.question(window: window.number, part: $0) }
        guard !window.pages.isEmpty else { return await forgo(questions.flatMap(numbers.followUps)) }
        var replies: [(question: Int, reply: Reply)] = []
        var failures: [Failure] = []
        var stop: Failure?
        for question in questions where stop == nil {
            do {
                let (reply, fault) = try await self.reply(to: question, window)
                replies.append((question, reply))
                stop = fault
            } catch let failure as Failure {
                failures.append(failure)
                if failure.code.stopsRun { stop = failure }
            }
        }
        slot.release()
        var isRead = false
        for (question, reply) in replies {
            do {
                let answer = try reply.outcome.get()
                let window = try await legible(window, for: answer)
                let result = try await Self.lane.run { try prove(answer, question: question, call: reply.call, window: window) }
                await settle(window, result: result, reply: reply, isFirst: !isRead)
                isRead = true
            } catch let failure as Failure {
                failures.append(failure)
            }
        }
        for failure in failures { await settle(window, failure: failure, isRead: isRead) }
        if let stop { throw stop }
    }

    /// Asks a question, and again where its answer is not valid.
    ///
    /// - Returns: The best answer that came, and what ends the run nevertheless.
    private func reply(to question: Int, _ window: PreparedWindow) async throws -> (Reply, stop: Failure?) {
        let spare = numbers.followUps(of: question)
        var unused = spare[...]
        var reply: Reply
        do {
            reply = try await ask(window, question: question, call: question, after: nil)
        } catch let failure as Failure {
            await forgo(spare)
            throw failure
        }
        var stop: Failure?
        while let unfit = reply.unfit(asked: 1 + spare.count - unused.count), let number = unused.popFirst() {
            do {
                reply = reply.better(of: try await ask(window, question: question, call: number, after: unfit))
            } catch let failure as Failure {
                // The answer before is all there is; money that is not there for another stops nothing.
                if failure.code.stopsRun, failure.code != .budgetExceeded { stop = failure }
                break
            }
        }
        await forgo(Array(unused))
        return (reply, stop)
    }

    /// Makes one call and reads its answer; the call is in the books and in the report when this returns or throws.
    private func ask(_ window: PreparedWindow, question: Int, call: Int, after unfit: UnfitAnswer?) async throws -> Reply {
        let isHosted = runner.answerer.imageRule != nil
        let transcript = Transcript()
        if isHosted {
            let images = window.pages.flatMap { $0.images.map(\.record.number) }
            await progress.started(call: call, images: images, mends: unfit == nil ? nil : question)
            await log.add(.callStarted(call: call, images: images))
        }
        do {
            try await source.answer(answerWindow(window, number: call, unfit: unfit)) { event in
                if let text = transcript.add(event) {
                    await log.addText(call: call, isReasoning: text.isReasoning, text.text)
                } else {
                    await tell(event, call: call)
                }
            }
            let entries = transcript.entries
            let outcome = try await Self.lane.run { () -> Result<ReadAnswer, Failure> in
                do throws(Failure) { return .success(try read(entries, question: question, call: call, window: window)) } catch {
                    return .failure(error)
                }
            }
            let reply = Reply(call: call, outcome: outcome, transcript: entries)
            if isHosted { await end(call, state: .settled, entries, failure: reply.failure) }
            return reply
        } catch let failure as Failure {
            let entries = transcript.entries
            if isHosted { await end(call, state: entries.state(after: failure), entries, failure: failure) }
            throw failure
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

    private func answerWindow(_ window: PreparedWindow, number: Int, unfit: UnfitAnswer?) -> AnswerWindow {
        AnswerWindow(
            number: number,
            pages: window.pages.map { page in
                WindowPage(
                    imageNumbers: page.imageNumbers, reference: page.reference, geometry: page.geometry,
                    content: { () throws(Failure) in try page.content.load() },
                    images: { () throws(Failure) in page.images })
            }, unfit: unfit)
    }

    /// What extract and proof made of an answer.
    private struct Proven: Sendable {
        var answer: WindowAnswer
        var repairs: [Repair]
        var warnings: [Warning]
        var notRead: [PageReference: Failure.Code]
        /// Fonts that the document does not bring, with the first page that uses each.
        var missingFonts: [String: PageReference] = [:]
    }

    /// What an answer says, before anything of it is proven.
    private enum ReadAnswer: Sendable {
        case placed(PlacedAnswer)
        case extracted(Extraction, isCut: Bool)

        /// What was left out because it broke the schema.
        var faults: [String] {
            if case .extracted(let extraction, _) = self { extraction.faults } else { [] }
        }
    }

    /// What one call brought.
    private struct Reply: Sendable {
        var call: Int
        var outcome: Result<ReadAnswer, Failure>
        var transcript: Transcript.Entries
        /// The call whose answer this one took the place of.
        var replaced: Int?

        var isCut: Bool { transcript.finish == .length }

        var failure: Failure? {
            switch outcome {
            case .failure(let failure): failure
            case .success(let answer):
                answer.faults.isEmpty
                    ? nil
                    : Failure(
                        .answerInvalid, "answer \(call) breaks the schema: \(answer.faults.count) of its records were left out",
                        remedy: "ask again (--fresh), use another model, or relax the schema")
            }
        }

        /// The answer as it is shown to the model again; nil where it is good, or was cut: the same question would be cut again.
        func unfit(asked: Int) -> UnfitAnswer? {
            guard !isCut, !transcript.answer.isEmpty else { return nil }
            switch outcome {
            case .success(let answer):
                return
                    answer.faults.isEmpty ? nil : UnfitAnswer(text: transcript.answer, faults: answer.faults, asked: asked)
            case .failure(let failure):
                guard failure.code == .answerInvalid || failure.code == .answerNotJSON else { return nil }
                return UnfitAnswer(text: transcript.answer, faults: [failure.message], asked: asked)
            }
        }

        /// This answer or the next one, whichever lacks less; of equals the first.
        func better(of next: Reply) -> Reply {
            func faults(_ reply: Reply) -> Int {
                switch reply.outcome {
                case .failure: .max
                case .success(let answer): answer.faults.count + (reply.isCut ? 1 : 0)
                }
            }
            guard faults(next) < faults(self) else { return self }
            var next = next
            next.replaced = call
            return next
        }
    }

    private func read(
        _ transcript: Transcript.Entries, question: Int, call: Int, window: PreparedWindow
    ) throws(Failure) -> ReadAnswer {
        if let placed = transcript.placed { return .placed(placed) }
        var extraction = try extractors[CallNumbers.part(of: question, among: extractors.count)].extract(
            answer: transcript.answer, call: call, finish: transcript.finish)
        let times = window.pages.flatMap(\.images).compactMap(\.record.timestamp)
        if var frames = FrameTimes(of: times, call: call) {
            extraction.data = frames.confine(extraction.data, to: SchemaView(runner.pipeline.schema))
            extraction.repairs += frames.repairs
        }
        return .extracted(extraction, isCut: transcript.finish == .length)
    }

    /// The window with the characters of those pages recognised that values are said to stand on: a page that is not spoken of costs nothing.
    private func legible(_ window: PreparedWindow, for answer: ReadAnswer) async throws -> PreparedWindow {
        guard case .extracted(let extraction, _) = answer, extraction.data.holdsValues else { return window }
        let cited = Set(extraction.citations.values.compactMap(\.image))
        var window = window
        for (index, page) in window.pages.enumerated() where cited.isEmpty || page.imageNumbers.contains(where: cited.contains) {
            window.pages[index].content = try await recognised(page.reference, page.geometry, page.content)
        }
        return window
    }

    private func prove(_ answer: ReadAnswer, question: Int, call: Int, window: PreparedWindow) throws(Failure) -> Proven {
        var pages = try window.pages.map { page throws(Failure) in
            ProofPage(reference: page.reference, imageNumbers: page.imageNumbers, content: try page.content.load())
        }
        let steering = pages.map { DocumentInstruction.find(on: $0.content) }
        if case .extracted = answer {
            // What a page tells a model to say is no statement of the document, although it stands there.
            for index in pages.indices { pages[index].content = pages[index].content.without(steering[index]) }
        }
        var proven = prove(answer, call: call, window: question, pages: pages)
        proven.warnings += zip(pages, steering).compactMap { page, passages in passages.first.map { Self.warning(of: $0, page.reference) } }
        for page in pages {
            for font in page.content.missingFonts where proven.missingFonts[font] == nil { proven.missingFonts[font] = page.reference }
        }
        return proven
    }

    private static func warning(of passage: DocumentInstruction, _ page: PageReference) -> Warning {
        Warning(
            code: .documentInstructions,
            message:
                "page \(page.pageNumber) speaks to whoever reads it with a model: “\(passage.quote)”; what stands there proves nothing",
            page: page)
    }

    private func prove(_ answer: ReadAnswer, call: Int, window: Int, pages: [ProofPage]) -> Proven {
        let prover = Prover(schema: runner.pipeline.schema)
        switch answer {
        case .placed(let placed):
            let evidence = prover.prove(data: placed.data, citations: [:], places: placed.places, pages: pages, call: nil)
            return Proven(
                answer: WindowAnswer(window: window, call: call, data: placed.data, evidence: evidence), repairs: [],
                warnings: placed.warnings,
                notRead: placed.notRead)
        case .extracted(let extraction, let isCut):
            var evidence = prover.prove(
                data: extraction.data, citations: extraction.citations, places: [:], pages: pages, call: call)
            if asksWordsAlone {
                // The number was that of a text: there is no image to be shown.
                for item in evidence.indices {
                    for place in evidence[item].places.indices { evidence[item].places[place].image = nil }
                }
            }
            let cut = Warning(
                code: .answerTruncated,
                message: "answer \(call) was cut at the output limit: what stood after the cut is missing",
                page: pages.first?.reference)
            return Proven(
                answer: WindowAnswer(window: window, call: call, data: extraction.data, evidence: evidence), repairs: extraction.repairs,
                warnings: isCut ? [cut] : [], notRead: [:])
        }
    }

    private func settle(_ window: PreparedWindow, result: Proven, reply: Reply, isFirst: Bool) async {
        var repairs = result.repairs
        if let replaced = reply.replaced {
            let note = "the answer of call \(replaced) was not valid; it was asked for again, and this one taken"
            repairs.insert(Repair(kind: "asked_again", call: reply.call, note: note), at: 0)
        }
        await progress.answered(result.answer, repairs: repairs, isWhole: !reply.isCut && reply.failure == nil)
        if let failure = reply.failure, !reply.isCut {
            await warn(Warning(code: failure.code, message: failure.description, page: window.pages.first?.reference))
        }
        for warning in result.warnings { await warn(warning) }
        if let fonts = await progress.newFonts(result.missingFonts) { await warn(fonts) }
        for page in window.pages where isFirst {
            await finish(
                PageRecord(
                    reference: page.reference, geometry: page.geometry,
                    outcome: result.notRead[page.reference].map(PageOutcome.notRead) ?? .read))
        }
        for evidence in result.answer.evidence {
            await log.add(.field(pointer: evidence.pointer, value: evidence.value, verdict: evidence.verdict))
        }
    }

    private func settle(_ window: PreparedWindow, failure: Failure, isRead: Bool) async {
        let warning = Warning(code: failure.code, message: failure.description, page: window.pages.first?.reference)
        await progress.lacksAnswer()
        await warn(warning)
        // What other parts of the schema found on the pages stands.
        guard !isRead else { return }
        for page in window.pages {
            await finish(PageRecord(reference: page.reference, geometry: page.geometry, outcome: .notRead(failure.code)))
        }
    }
}

extension JSONValue {
    /// Whether there is anything in it to prove.
    fileprivate var holdsValues: Bool {
        switch self {
        case .null, .bool: false
        case .number: true
        case .string(let text): !text.isEmpty
        case .array(let values): values.contains(where: \.holdsValues)
        case .object(let object): object.contains { $0.value.holdsValues }
        }
    }
}

extension Failure.Code {
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
