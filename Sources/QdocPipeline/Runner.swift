public import QdocCore
public import QdocIngest
import QdocReader
public import QdocReport
import QdocRuntime

/// Runs a pipeline over one source: bytes → pages → windows → answers → fields → proof → report.
///
/// The stages overlap through bounded channels: the first request leaves while later pages are still drawn, and no more pages are held than
/// the requests in flight and one window ahead of them need.
public struct Runner: Sendable {
    let pipeline: Pipeline
    let answerer: Answerer
    let options: RunOptions
    let ingest: Ingest
    /// What `qdoc runs resume` needs to run it again; kept with the run.
    let invocation: Invocation?
    private let share: RunShare

    /// - Parameter share: Nil for a run that has the `jobs` of its options for itself.
    public init(
        pipeline: Pipeline, answerer: Answerer, options: RunOptions, ingest: Ingest, invocation: Invocation? = nil, share: RunShare? = nil
    ) {
        self.pipeline = pipeline
        self.answerer = answerer
        self.options = options
        self.ingest = ingest
        self.invocation = invocation
        self.share = share ?? RunShare(RunCapacity(jobs: options.jobs))
    }

    /// Runs over one file and tells what happens while it does.
    ///
    /// Never throws: what fails is in the report. A cancelled run ends within a second with what was done so far, as `partial`.
    public func run(path: String, onEvent: @escaping @Sendable (RunEvent) async -> Void) async -> Report {
        let log = RunLog(run: options.run ?? RunIdentifier.make(), listener: onEvent)
        let progress = RunProgress(identifier: log.run, pipeline: pipeline, answerer: answerer)
        await log.add(.runStarted(pipeline: pipeline.name, model: answerer.name, sources: [path]))
        let books = RunBooks(run: log.run)
        let failure = await withTaskGroup(of: Void.self) { group in
            group.addTask { await log.tick() }
            defer { group.cancelAll() }
            do {
                try await work(path: path, log: log, progress: progress, books: books)
                return nil as Failure?
            } catch let failure as Failure {
                return failure
            } catch is CancellationError {
                return Failure(.interrupted, "the run was interrupted", remedy: "run it again")
            } catch {
                return Failure(.internalError, "\(path): \(error)", remedy: "report this")
            }
        }
        let report = await progress.report(failure: failure)
        await log.add(.runFinished(state: report.run.state, failure: report.run.failure))
        await log.keepRest()
        await books.close(report)
        return report
    }

    /// Works out what a run over one file would send, and sends nothing.
    ///
    /// - Throws: What opening the file throws; `request_unsupported` where the model cannot take the questions.
    public func plan(path: String) async throws(Failure) -> RunPlan? {
        guard case .hosted(let access) = answerer else { return nil }
        let document = try await ingest.open(path: path, ordinal: 1, passwords: options.passwords, frames: options.frames)
        defer { document.close() }
        let (pages, _) = try options.selection(of: document.source.pageCount)
        let questions = questions(access, document.source, pages, run: "")
        return try await planner(access, questions, document, pages).plan(access).plan
    }

    private func work(path: String, log: RunLog, progress: RunProgress, books: RunBooks) async throws {
        let document = try await ingest.open(path: path, ordinal: 1, passwords: options.passwords, frames: options.frames)
        defer { document.close() }
        let (pages, isClipped) = try options.selection(of: document.source.pageCount)
        await progress.opened(document.source, pages: pages)
        await log.add(.sourceOpened(document.source, pages: pages.count))
        if isClipped {
            let warning = Warning(
                code: .pageOutOfRange,
                message: "only pages \(PageRanges(pages)) of those asked for: the document has \(document.source.pageCount)")
            await progress.warned(warning)
            await log.add(.warning(warning))
        }
        switch answerer {
        case .local:
            let source = LocalReader(
                schema: pipeline.schema, imageSources: document.source.mediaType.isPixels ? [document.source.ordinal] : [])
            let stages = Stages(runner: self, document: document, source: source, log: log, progress: progress)
            let wanted = pages.enumerated().map { WantedPage(pageNumber: $0.element, imageNumbers: [$0.offset + 1], orders: []) }
            // It reads page by page: neither one great window nor pages seen twice would tell it more.
            let window = options.window ?? pipeline.window?.pages ?? RunOptions.defaultWindow
            try await flow(stages, pages: wanted, layout: WindowLayout(size: window))
        case .hosted(let access):
            let questions = questions(access, document.source, pages, run: log.run)
            let draft = try await planner(access, questions, document, pages).plan(access)
            let lease = try await books.open(draft, with: access, pipeline: pipeline, invocation: invocation)
            await log.keep { events in await books.keep(events) }
            await log.add(draft.plan.event)
            let stages = Stages(
                runner: self, document: document, source: HostedModel(access: access, questions: questions, lease: lease), log: log,
                progress: progress,
                numbers: draft.numbers, extractors: questions.extractors,
                forgo: { numbers in await books.forgo(numbers) })
            let wanted = pages.enumerated().map { index, page in
                let orders = draft.orders[index] ?? []
                // Where words alone are sent, they carry the number of the page.
                let numbers = questions.showsImages ? orders.map(\.number) : [index + 1]
                return WantedPage(pageNumber: page, imageNumbers: numbers, orders: orders)
            }
            try await books.watchCancellation { try await flow(stages, pages: wanted, layout: draft.layout) }
        }
    }

    private func questions(_ access: ModelAccess, _ source: Source, _ pages: [Int], run: String) -> Questions {
        Questions(
            pipeline: pipeline, endpoint: access.endpoint, settings: options.question, source: source,
            occurrence: options.isFresh ? run : "", isVideo: options.isVideo, frames: pages.count)
    }

    private func planner(_ access: ModelAccess, _ questions: Questions, _ document: Document, _ pages: [Int]) -> Planner {
        // One video is one question, as far as the model takes so many frames.
        let isVideo = questions.isVideo
        let frames = max(1, min(pages.count, access.endpoint.profile.videoFrames?.upperBound ?? .max))
        let takesAll = pipeline.window.map { $0.pages == nil } ?? false
        let wanted = takesAll ? min(pages.count, Pipeline.Window.mostPages) : pipeline.window?.pages ?? RunOptions.defaultWindow
        return Planner(
            questions: questions, document: document, pages: pages, window: options.window ?? (isVideo ? frames : wanted),
            overlap: pipeline.window?.overlap ?? 0, isWindowChosen: options.window != nil || isVideo || takesAll,
            jobs: options.jobs, choice: options.images, client: access.client)
    }

    private func flow(_ stages: Stages, pages: [WantedPage], layout: WindowLayout) async throws {
        // What is held is bounded by the windows of the capacity, of which this run may get any number.
        let ready = Channel<PreparedWindow>(capacity: max(1, pages.count))
        let share = share
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    for (index, range) in layout.ranges(of: pages.count).enumerated() {
                        let place = try await share.capacity.windows.acquire(rank: share.rank)
                        let pages = try await stages.prepare(Array(pages[range]))
                        try await ready.send(PreparedWindow(number: index + 1, pages: pages, place: place))
                    }
                    ready.finish()
                } catch {
                    ready.finish(throwing: error)
                    throw error
                }
            }
            for _ in 0..<share.capacity.width {
                group.addTask {
                    for try await window in ready {
                        defer { window.place.release() }
                        let slot = try await share.capacity.requests.acquire(rank: share.rank)
                        defer { slot.release() }
                        try await stages.answer(window, slot: slot)
                    }
                }
            }
            // Not `waitForAll`, which lets the others run to their end before it throws: the first failure ends the run.
            while try await group.next() != nil {}
        }
    }
}
