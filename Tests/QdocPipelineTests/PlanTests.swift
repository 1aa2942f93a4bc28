import QdocCore
import QdocModel
import QdocPrompt
import Testing

@testable import QdocPipeline

@Suite("Plans of runs")
struct PlanTests {
    private static func draft(_ endpoint: ModelEndpoint, pages: Int, window: Int = 8, isChosen: Bool = false) throws -> Planner.Draft {
        let source = Source(ordinal: 1, path: "a.pdf", sha256: "00", mediaType: .pdf, byteCount: 1, pageCount: pages)
        let questions = Questions(
            pipeline: try Pipeline.find("report"), endpoint: endpoint, settings: QuestionSettings(), source: source, occurrence: "")
        let rule = endpoint.profile.image
        let size = ImageSizing.size(for: PageSize(width: 595, height: 842), rule: rule)
        var shown: [Int: PromptPage] = [:]
        for index in 0..<pages {
            let record = ImageRecord(
                number: index + 1, page: PageReference(source: 1, pageNumber: index + 1), size: size, byteCount: 0, encoding: .png,
                sha256: "",
                tokens: ImageSizing.tokens(for: size, rule: rule), pixelsPerPoint: 1)
            shown[index] = PromptPage(reference: record.page, number: index + 1, images: [EncodedImage(record: record, bytes: [])])
        }
        return Planner.draft(
            pages: shown, pageCount: pages, window: window, isWindowChosen: isChosen, jobs: 4, source: source, questions: questions)
    }

    /// Every vision model with a price, in every region that has it.
    private static func pricedVisionModels() throws -> [CatalogueModel] {
        let catalogue = try Catalogue.shipped()
        var models: [CatalogueModel] = []
        for provider in catalogue.providers {
            let prefixes = provider.regions.isEmpty ? [provider.name] : provider.regions.map { "\(provider.name)@\($0.name)" }
            for prefix in prefixes {
                for name in catalogue.listed(provider) {
                    // A region that does not have the model is no fault here.
                    guard let model = try? catalogue.resolve("\(prefix)/\(name)"), model.profile.fields.contains(.images) else { continue }
                    if model.profile.price != .unknown { models.append(model) }
                }
            }
        }
        return models
    }

    @Test("Thirty A4 pages pass the default cap on every priced vision model")
    func thirtyPages() throws {
        let models = try Self.pricedVisionModels()
        #expect(models.count > 40)
        for model in models {
            let endpoint = model.endpoint(baseURL: "https://host/v1", isOnThisMachine: false, key: nil, maxSide: nil)
            let plan = try Self.draft(endpoint, pages: 30).plan
            let worst = try #require(plan.needed, "\(model.name)")
            let cap: Int64 = worst.currency == .cny ? 10_000_000_000 : 1_000_000_000
            #expect(worst.nanos <= cap, "\(model.name): \(worst)")
            #expect(try #require(plan.likely).nanos <= worst.nanos, "\(model.name)")
            #expect(plan.windows.flatMap(\.images).map(\.number) == Array(1...30), "\(model.name)")
        }
    }

    @Test("Windows shrink to what the model takes, and hold what the user chose as far as it goes")
    func windows() throws {
        let model = try #require(try Catalogue.shipped().resolve("dashscope/qvq-max"))
        let endpoint = model.endpoint(baseURL: "https://host/v1", isOnThisMachine: false, key: nil, maxSide: nil)
        #expect(try Self.draft(endpoint, pages: 30).layout.size == 8)
        #expect(try Self.draft(endpoint, pages: 30, window: 16).layout.size == 8)
        #expect(try Self.draft(endpoint, pages: 30, window: 16, isChosen: true).layout.size == 16)
        var narrow = endpoint
        narrow.profile.context = 40_000
        #expect(try Self.draft(narrow, pages: 30).layout.size < 8)
    }

    @Test("A question is known by what decides its answer, not by file names or jobs")
    func identity() throws {
        let model = try #require(try Catalogue.shipped().resolve("dashscope/qvq-max"))
        let endpoint = model.endpoint(baseURL: "https://host/v1", isOnThisMachine: false, key: nil, maxSide: nil)
        let first = try Self.draft(endpoint, pages: 3).identities
        #expect(first == (try Self.draft(endpoint, pages: 3).identities))
        var other = endpoint
        other.model = "qvq-plus"
        #expect(first != (try Self.draft(other, pages: 3).identities))
        #expect(first != (try Self.draft(endpoint, pages: 2).identities))
    }
}
