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
    /// Whether the user chose that number, and takes it on himself that the answer is cut.
    let isWindowChosen: Bool
    let jobs: Int
    /// What the user wants of the images.
    let choice: ImageChoice
    /// Knows what the endpoint does not take.
    let client: ModelClient

    /// How many pages a window has, and what each window would ask.
    struct Draft: Sendable {
        var window: Int
        var numbers: CallNumbers
        var plan: RunPlan
        /// Of each window that is not empty.
        var identities: [Int: String]
        /// Of each page that is meant, by its index.
        var orders: [Int: [NumberedOrder]] = [:]
    }

    /// - Throws: `interrupted`, and what a child that cannot be started throws; a page that cannot be measured leaves a hole.
    func draft() async throws(Failure) -> Draft {
        var images: [Int: [EncodedImage]] = [:]
        var orders: [Int: [NumberedOrder]] = [:]
        var number = 1
        for (index, page) in pages.enumerated() {
            let geometry = try await self.geometry(of: page)
            let wanted = geometry.map { self.orders(of: page, $0) } ?? []
            orders[index] = wanted.enumerated().map { NumberedOrder(number: number + $0.offset, order: $0.element) }
            images[index] = orders[index]?.map { placeholder($0, page: page, timestamp: geometry?.timestamp) }
            // A page that cannot be measured leaves a hole of one.
            number += max(1, wanted.count)
        }
        var draft = Self.draft(
            images: images, pageCount: pages.count, window: window, isWindowChosen: isWindowChosen, jobs: jobs, source: document.source,
            questions: questions)
        for window in draft.plan.windows {
            let numbers = Set(window.images.map(\.number))
            let shown = images.sorted { $0.key < $1.key }.flatMap(\.value).filter { numbers.contains($0.record.number) }
            _ = try client.prepare(questions.request(images: shown, call: window.number), call: window.number)
        }
        draft.orders = orders
        return draft
    }

    /// The draft of images without pixels, by the index of their page among those that are meant.
    static func draft(
        images: [Int: [EncodedImage]], pageCount: Int, window: Int, isWindowChosen: Bool, jobs: Int, source: Source, questions: Questions
    ) -> Draft {
        let most = windowSize(
            wanted: window, isChosen: isWindowChosen, largestPage: images.values.map { $0.reduce(0) { $0 + $1.record.tokens } }.max() ?? 0,
            imagesOfPage: images.values.map(\.count).max() ?? 1, questions: questions)
        let size =
            questions.isVideo ? evenSize(most, of: pageCount, atLeast: questions.endpoint.profile.videoFrames?.lowerBound ?? 1) : most
        var plan = RunPlan(
            source: source, model: questions.endpoint.name, windows: [], currency: questions.endpoint.profile.price.worstCurrency,
            jobs: jobs)
        let numbers = CallNumbers(
            windows: (pageCount + size - 1) / size, parts: questions.partCount, maxRepairs: questions.settings.maxRepairs)
        var identities: [Int: String] = [:]
        for (index, start) in stride(from: 0, to: pageCount, by: size).enumerated() {
            let shown = (start..<min(start + size, pageCount)).flatMap { images[$0] ?? [] }
            guard !shown.isEmpty else { continue }
            for part in 0..<questions.partCount {
                let number = numbers.question(window: index + 1, part: part)
                let request = questions.request(images: shown, call: number)
                identities[number] = questions.identity(of: request)
                plan.windows.append(planned(number: number, numbers, request: request, images: shown, questions: questions))
            }
        }
        return Draft(window: size, numbers: numbers, plan: plan, identities: identities)
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
        number: Int, _ numbers: CallNumbers, request: ModelRequest, images: [EncodedImage], questions: Questions
    ) -> RunPlan.Window {
        let limits = questions.limits(images: images.count)
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
            images: images.map {
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

    /// The pages of a window: those wanted, fewer where the model's input, its context, its output or a minute's tokens demand it.
    ///
    /// - Parameters:
    ///   - largestPage: Tokens of all images of a page.
    ///   - imagesOfPage: At most.
    static func windowSize(wanted: Int, isChosen: Bool, largestPage: Int, imagesOfPage: Int, questions: Questions) -> Int {
        let profile = questions.endpoint.profile
        let text = (1...questions.partCount).map { questions.inputTokens(of: questions.request(images: [], call: $0)).most }.max() ?? 0
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
