import QdocCore
import QdocIngest
import QdocJournal
import QdocModel
import QdocPipeline
import QdocReport
import QdocRuntime

/// `qdoc plan`: what `analyze` with the same arguments would send and cost; nothing is sent.
struct PlanCommand {
    private let parsed: ParsedArguments
    private let environment: Environment
    private let request: AnalysisRequest

    init(_ parsed: ParsedArguments, environment: Environment) throws(Failure) {
        self.parsed = parsed
        self.environment = environment
        request = try AnalysisRequest(parsed, environment: environment, needsKey: false)
    }

    func run() async throws(Failure) -> ExitStatus {
        guard case .hosted(let choice) = request.model else {
            try Console.output.write(
                parsed.has("json")
                    ? JSONWriter.text(["schema": "qdoc.plan/1", "requests": 0, "runs": []]) + "\n"
                    : "The local reader sends nothing and costs nothing. Name a model with -m to plan for it.\n")
            return .complete
        }
        let ingest = try Ingest(options: request.ingest, workFile: try WorkFile())
        do {
            let status = try await show(ingest, choice)
            await ingest.close()
            return status
        } catch {
            await ingest.close()
            throw error
        }
    }

    private func show(_ ingest: Ingest, _ choice: HostedChoice) async throws(Failure) -> ExitStatus {
        let setup = try request.setup(choice)
        let access = try await setup.open(choice.endpoint)
        var (text, failures) = try await Planning(request: request, setup: setup, access: access, ingest: ingest).planText()
        text.alternatives = try await alternatives(to: text, choice, setup, ingest, access)
        let refusal = Planning.refusal(of: text, access: access)
        await access.close()
        if parsed.has("json") {
            try Console.output.write(JSONWriter.text(text.json, indent: 2) + "\n")
        } else {
            try Console.output.write(text.lines(style: .of(.output, environment: environment)).joined(separator: "\n") + "\n")
        }
        for failure in failures { Program.report(failure) }
        if let refusal { throw refusal }
        return failures.isEmpty ? .complete : .failed
    }

    /// The provider's other models in the same region, at the same address.
    private func others(than choice: HostedChoice) throws(Failure) -> [ModelEndpoint] {
        try request.configuration.catalogue().models(of: choice.model.provider)
            .filter { $0.model != choice.model.model && $0.region?.name == choice.model.region?.name }
            .map {
                $0.endpoint(
                    baseURL: choice.endpoint.baseURL, isOnThisMachine: choice.address.isLoopback, key: choice.endpoint.key,
                    maxSide: choice.endpoint.profile.image.maxSide)
            }
    }

    /// The two cheapest models of the same provider and region that take the same pages, where they cost less.
    private func alternatives(
        to text: PlanText, _ choice: HostedChoice, _ setup: HostedSetup, _ ingest: Ingest, _ access: ModelAccess
    ) async throws(Failure) -> [PlanText.Alternative] {
        guard let worst = text.worst, let first = text.plans.first else { return [] }
        var found: [PlanText.Alternative] = []
        for candidate in try others(than: choice) {
            let runner = Runner(
                pipeline: request.pipeline, answerer: .hosted(access.asking(candidate)), options: request.options(setup), ingest: ingest)
            // A model that cannot take the pages is no alternative.
            guard let plan = try? await runner.plan(path: first.source.path), let price = plan.worst, let likely = plan.likely,
                price.currency == worst.currency, first.worst.map({ price.nanos < $0.nanos }) ?? false
            else { continue }
            found.append(PlanText.Alternative(name: candidate.name, worst: price, likely: likely))
        }
        return Array(found.sorted { $0.worst.nanos < $1.worst.nanos }.prefix(2))
    }
}

/// Plans the files of one invocation together: one plan, one cap.
struct Planning {
    let request: AnalysisRequest
    let setup: HostedSetup
    let access: ModelAccess
    let ingest: Ingest

    /// The plans, and what failed of the files that cannot be planned.
    ///
    /// - Throws: `interrupted`, `request_unsupported`, what the store throws.
    func planText() async throws(Failure) -> (PlanText, [Failure]) {
        let runner = Runner(pipeline: request.pipeline, answerer: .hosted(access), options: request.options(setup), ingest: ingest)
        var text = PlanText(plans: [])
        var failures: [Failure] = []
        for path in request.files {
            do throws(Failure) {
                if let plan = try await runner.plan(path: path) { text.plans.append(plan) }
            } catch {
                // The others are planned all the same; the run tells what is wrong with this one.
                switch error.code {
                case .interrupted, .requestUnsupported, .storeUnavailable, .storeDamaged, .storeFull: throw error
                default: failures.append(error)
                }
            }
        }
        text.credits = await access.credits
        if let currency = access.endpoint.profile.price.currency {
            text.cap = access.rules.caps.perRun[currency]
            let committed = try await Failure.only { try await access.journal.committed(currency) }
            text.day = (committed, access.rules.caps.perDay[currency])
        }
        return (text, failures)
    }

    /// Why nothing may be sent; nil where the plan is within all bounds.
    static func refusal(of text: PlanText, access: ModelAccess) -> Failure? {
        let calls = text.plans.reduce(0) { $0 + $1.open.count }
        do throws(Failure) {
            try access.checkPrice(of: calls)
        } catch {
            return error
        }
        guard let worst = text.needed, worst.nanos > 0 else { return nil }
        guard let cap = text.cap else {
            return Failure(
                .budgetExceeded, "there is no cap for \(worst.currency.code)",
                remedy: "give one with --budget \(worst.decimal)\(worst.currency.code), or in caps of the configuration")
        }
        guard worst.nanos > cap.nanos else { return nil }
        let over = Money(nanos: worst.nanos - cap.nanos, cap.currency)
        return Failure(
            .budgetExceeded, "this could cost \(worst), which is \(over) over the cap of \(cap); nothing was sent",
            remedy:
                "fewer pages (--pages), smaller images (--max-side), a cheaper model (qdoc plan names some), or --budget \(worst.decimal)")
    }
}
