import QdocCore
import QdocIngest
import QdocRuntime

/// Has every page of a file drawn and encoded, as a run does, without any model.
///
///     QdocBenchmarks pages FILE [LANES [PARTS [SIDE]]]
///
/// `LANES` workers (1), `PARTS` of the content (`words`, `all`, `none`; `words`), images of `SIDE` pixels on their longer side (1600). The
/// decoder lies beside this program. Prints pages, bytes of the images and words.
struct PagesBenchmark {
    private let path: String
    private let lanes: Int
    private let parts: ContentParts
    private let side: Double

    init(_ arguments: [String]) {
        path = arguments[0]
        lanes = arguments.count > 1 ? Int(arguments[1]) ?? 1 : 1
        parts =
            switch arguments.count > 2 ? arguments[2] : "words" {
            case "none": []
            case "all": .all
            default: .words
            }
        side = arguments.count > 3 ? Double(arguments[3]) ?? 1600 : 1600
    }

    func run() async throws {
        let ingest = try Ingest(options: IngestOptions(lanes: lanes), workFile: WorkFile())
        let document = try await ingest.open(path: path, ordinal: 1, passwords: [])
        var total = (bytes: 0, words: 0)
        let pages = document.source.pageCount
        try await withThrowingTaskGroup(of: (Int, Int).self) { group in
            for lane in 0..<lanes {
                group.addTask {
                    var sums = (0, 0)
                    for pageNumber in stride(from: lane + 1, through: pages, by: lanes) {
                        let page = try await measured(document, pageNumber)
                        sums = (sums.0 + page.0, sums.1 + page.1)
                    }
                    return sums
                }
            }
            for try await sums in group { total = (total.bytes + sums.0, total.words + sums.1) }
        }
        await ingest.close()
        print("\(pages) pages, \(total.bytes) bytes, \(total.words) words")
    }

    private func measured(_ document: Document, _ pageNumber: Int) async throws -> (Int, Int) {
        let size = try await document.geometry(of: pageNumber).size
        let scale = side / max(size.width, size.height)
        let pixels = PixelSize(width: Int((size.width * scale).rounded()), height: Int((size.height * scale).rounded()))
        let page = try await document.page(pageNumber, image: ImageOrder(size: pixels), parts: parts)
        return (page.image?.bytes.count ?? 0, try page.content?.load().words.count ?? 0)
    }
}
