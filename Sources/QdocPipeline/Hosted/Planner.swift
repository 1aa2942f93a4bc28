import QdocCore
import QdocIngest
import QdocJournal
import QdocModel
import QdocPrompt

/// Works out what a run would send before anything is sent: sizes come from the pages' geometry, nothing is drawn.
struct Planner: Sendable {
    let questions: Questions
    let document: Document
    /// Of the document, ascending.
    let pages: [Int]
    /// Pages of one request that are wanted.
    let window: Int
    /// Pages that the next request shows again.
    let overlap: Int
    /// Whether the user chose that number, and takes it on himself that the answer is cut.
    let isWindowChosen: Bool
    let jobs: Int
    /// What the user wants of the images.
    let choice: ImageChoice
    /// Knows what the endpoint does not take.
    let client: ModelClient

    /// How many pages a window has, and what each window would ask.
    struct Draft: Sendable {
        var layout: WindowLayout
        var numbers: CallNumbers
        var plan: RunPlan
        /// Of each window that is not empty.
        var identities: [Int: String]
        /// Of each page that is meant, by its index.
        var orders: [Int: [NumberedOrder]] = [:]
    }

    /// - Throws: `interrupted`, and what a child that cannot be started throws; a page that cannot be measured leaves a hole.
    func draft() async throws(Failure) -> Draft {
        var shown: [Int: PromptPage] = [:]
        var orders: [Int: [NumberedOrder]] = [:]
        var number = 1
        for (index, page) in pages.enumerated() {
            let geometry = try await self.geometry(of: page)
            let wanted = questions.showsImages ? geometry.map { self.orders(of: page, $0) } ?? [] : []
            orders[index] = wanted.enumerated().map { NumberedOrder(number: number + $0.offset, order: $0.element) }
            let images = orders[index]?.map { placeholder($0, page: page, timestamp: geometry?.timestamp) } ?? []
            let words = try await self.words(of: page)
            if !images.isEmpty || words?.isEmpty == false {
                shown[index] = PromptPage(
                    reference: PageReference(source: document.source.ordinal, pageNumber: page), number: number, images: images,
                    words: words)
            }
            // A page that cannot be measured leaves a hole of one.
            number += max(1, wanted.count)
        }
        var draft = Self.draft(
            pages: shown, pageCount: pages.count, window: window, overlap: overlap, isWindowChosen: isWindowChosen, jobs: jobs,
            source: document.source, questions: questions)
        for (index, range) in draft.layout.ranges(of: pages.count).enumerated() {
            let asked = range.compactMap { shown[$0] }
            guard !asked.isEmpty else { continue }
            for part in 0..<questions.partCount {
                let number = draft.numbers.question(window: index + 1, part: part)
                _ = try client.prepare(questions.request(pages: asked, call: number), call: number)
            }
        }
        draft.orders = orders
        return draft
    }

    /// The draft of pages whose images have no pixels yet, by their index among those that are meant.
    static func draft(
        pages: [Int: PromptPage], pageCount: Int, window: Int, overlap: Int = 0, isWindowChosen: Bool, jobs: Int, source: Source,
        questions: Questions
    ) -> Draft {
        let most = windowSize(
            wanted: window, isChosen: isWindowChosen, largestPage: pages.values.map(tokens).max() ?? 0,
            imagesOfPage: pages.values.map { max(1, $0.images.count) }.max() ?? 1, questions: questions)
        let size =
            questions.isVideo ? evenSize(most, of: pageCount, atLeast: questions.endpoint.profile.videoFrames?.lowerBound ?? 1) : most
        // A video's windows are even, or the last one would be too short for a video.
        let layout = WindowLayout(size: size, overlap: questions.isVideo ? 0 : overlap)
        var plan = RunPlan(
            source: source, model: questions.endpoint.name, windows: [], currency: questions.endpoint.profile.price.worstCurrency,
            jobs: jobs)
        let numbers = CallNumbers(
            windows: layout.ranges(of: pageCount).count, parts: questions.partCount, maxRepairs: questions.settings.maxRepairs)
        var identities: [Int: String] = [:]
        for (index, range) in layout.ranges(of: pageCount).enumerated() {
            let shown = range.compactMap { pages[$0] }
            guard !shown.isEmpty else { continue }
            for part in 0..<questions.partCount {
                let number = numbers.question(window: index + 1, part: part)
                let request = questions.request(pages: shown, call: number)
                identities[number] = questions.identity(of: request)
                plan.windows.append(planned(number: number, numbers, request: request, pages: shown, questions: questions))
            }
        }
        return Draft(layout: layout, numbers: numbers, plan: plan, identities: identities)
    }

    /// Tokens of a page at most: its images, and its words with the head of theirs.
    private static func tokens(of page: PromptPage) -> Int {
        // Each line of words gets a mark of two bytes, and a line has one byte at least beside its end.
        page.images.reduce(0) { $0 + $1.record.tokens } + (page.words.map { 2 * TextTokens.upperBound(of: $0) + 100 } ?? 0)
    }

    /// The draft with what is answered already marked, and checked against what the model takes.
    ///
    /// - Throws: As `draft`; `request_unsupported`; what the store throws.
    func plan(_ access: ModelAccess) async throws(Failure) -> Draft {
        var draft = try await draft()
        for index in draft.plan.windows.indices {
            guard let identity = draft.identities[draft.plan.windows[index].number] else { continue }
            draft.plan.windows[index].isAnswered = try await Failure.only { try await access.journal.hasAnswer(to: identity) }
        }
        return draft
    }

    /// Nil of a page that cannot be measured: it is not sent, and what is wrong with it is told when it is read.
    private func geometry(of page: Int) async throws(Failure) -> PageGeometry? {
        do {
            return try await document.geometry(of: page)
        } catch {
            guard error.code != .interrupted else { throw error }
            return nil
        }
    }

    /// The words that are shown of a page; a page that cannot be read has none, which is told when it is read.
    private func words(of page: Int) async throws(Failure) -> String? {
        guard questions.showsWords else { return nil }
        do {
            let delivery = try await document.page(page, image: nil, parts: .words)
            return questions.words(of: try delivery.content?.load())
        } catch {
            guard error.code != .interrupted else { throw error }
            return ""
        }
    }

    private func orders(of page: Int, _ geometry: PageGeometry) -> [ImageOrder] {
        let profile = questions.endpoint.profile
        // Base64 makes four bytes of three, behind the head of a data address.
        return PageImages.orders(
            of: geometry, pageNumber: page, rule: questions.imageRule(frames: min(window, pages.count)), choice: choice,
            isPixels: document.source.mediaType.isPixels,
            maxBytes: profile.maxDataURI.map { max(1, ($0 - 32) / 4 * 3) })
    }

    /// The image as far as it is known before it is drawn.
    private func placeholder(_ wanted: NumberedOrder, page: Int, timestamp: Double?) -> EncodedImage {
        EncodedImage(
            record: ImageRecord(
                number: wanted.number, page: PageReference(source: document.source.ordinal, pageNumber: page), timestamp: timestamp,
                region: wanted.order.region,
                size: wanted.order.size, byteCount: 0, encoding: .png, sha256: "",
                tokens: ImageSizing.tokens(for: wanted.order.size, rule: questions.imageRule(frames: min(window, pages.count))),
                pixelsPerPoint: 0), bytes: [])
    }

    private static func planned(
        number: Int, _ numbers: CallNumbers, request: ModelRequest, pages: [PromptPage], questions: Questions
    ) -> RunPlan.Window {
        let limits = questions.limits(pages: pages)
        let input = questions.inputTokens(of: request)
        let price = questions.endpoint.profile.price
        let usage = Usage(inputTokens: input.likely, outputTokens: limits.likelyTokens)
        func worst(_ inputTokens: Int) -> Money? {
            price.worstCase(inputTokens: inputTokens, outputTokens: limits.mostTokens, thinks: limits.expectsThought)
        }
        let inputAgain = input.most + Questions.correctionTokens
        let followUps = numbers.followUps(of: number).map {
            RunPlan.FollowUp(number: $0, inputTokens: inputAgain, worst: worst(inputAgain))
        }
        return RunPlan.Window(
            number: number,
            images: pages.flatMap(\.images).map {
                RunPlan.Image(number: $0.record.number, page: $0.record.page, size: $0.record.size, tokens: $0.record.tokens)
            },
            inputTokens: input.most, likelyInputTokens: input.likely, outputTokens: limits.mostTokens,
            likelyOutputTokens: limits.likelyTokens,
            worst: worst(input.most), likely: price.cost(of: usage, thought: limits.expectsThought), isAnswered: false,
            followUps: followUps)
    }

    /// The largest size up to `most` that leaves no last window with fewer frames than the model takes as a video; `most` where there is none.
    static func evenSize(_ most: Int, of frames: Int, atLeast least: Int) -> Int {
        guard most > least else { return most }
        return (least...most).reversed().first { frames % $0 == 0 || frames % $0 >= least } ?? most
    }

    /// Bytes of what a question says of a video's range and of the pages' words, which one without pages lacks: 340 and 220, and their numbers.
    private static let paragraphTokens = 640

    /// The pages of a window: those wanted, fewer where the model's input, its context, its output or a minute's tokens demand it.
    ///
    /// - Parameters:
    ///   - largestPage: Tokens of all that is shown of a page.
    ///   - imagesOfPage: At most.
    static func windowSize(wanted: Int, isChosen: Bool, largestPage: Int, imagesOfPage: Int, questions: Questions) -> Int {
        let profile = questions.endpoint.profile
        let asked = (1...questions.partCount).map { questions.inputTokens(of: questions.request(pages: [], call: $0)).most }
        let text = (asked.max() ?? 0) + Self.paragraphTokens
        func fits(_ pages: Int) -> Bool {
            let limits = questions.limits(images: pages)
            // A label for each image, at most 100 bytes.
            let input = text + pages * (largestPage + 100 * imagesOfPage)
            let mostInput = (limits.expectsThought ? profile.maxThinkingInput : nil) ?? profile.maxInput ?? .max
            let fitsOutput = isChosen || limits.maxOutputTokens >= pages * QuestionSettings.answerTokensPerPage
            return input <= mostInput && input + limits.mostTokens <= profile.context ?? .max
                && input + limits.likelyTokens <= profile.limits.tokensPerMinute ?? .max && fitsOutput
        }
        return (1...max(1, wanted)).reversed().first(where: fits) ?? 1
    }
}

extension Price {
    /// The currency of a reservation: a free call's nothing counts in dollars.
    fileprivate var worstCurrency: Currency? { worstCase(inputTokens: 0, outputTokens: 0, thinks: false)?.currency }
}
