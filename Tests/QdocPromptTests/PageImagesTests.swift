import QdocCore
import QdocTesting
import Testing

@testable import QdocPrompt

@Suite("Images of a page") struct PageImagesTests {
    private static let qwen = ImageRule(patch: 32, minPixels: 65_536, maxPixels: 2_621_440)
    private static let rules = [
        qwen, ImageRule(patch: 28, minPixels: 3_136, maxPixels: 1_003_520),
        ImageRule(patch: 28, minPixels: 784, maxPixels: 3_211_264, counting: .paddedCells),
        ImageRule(patch: 32, minPixels: 1, maxPixels: 16_777_216, counting: .tiles(base: 85, perTile: 170)),
        ImageRule(patch: 32, minPixels: 1, maxPixels: 16_777_216, counting: .patches(cap: 1_536, hundredths: 162)),
    ]
    private static let a4 = PageSize(width: 595, height: 842)

    private static func orders(
        _ size: PageSize = a4, text: Double?, rule: ImageRule = qwen, choice: ImageChoice = ImageChoice(), isPixels: Bool = false
    ) -> [ImageOrder] {
        PageImages.orders(
            of: PageGeometry(size: size, rotation: 0, smallestText: text), pageNumber: 3, rule: rule, choice: choice, isPixels: isPixels)
    }

    @Test("are as small as the print allows, by detail", arguments: [(ImageDetail.low, 12.0), (.auto, 16), (.high, 24)])
    func legible(detail: ImageDetail, height: Double) throws {
        let orders = Self.orders(text: 12, choice: ImageChoice(detail: detail))
        let image = try #require(orders.first)
        #expect(orders.count == 1)
        // Within a patch of the width that is wanted.
        #expect(abs(Double(image.size.width) / 595 * 12 - height) <= 32 / 595 * 12)
        #expect(image.region == nil)
    }

    @Test("are as large as the model takes where nobody knows the print, or the user wants that")
    func largest() {
        let most = ImageSizing.size(for: Self.a4, rule: Self.qwen)
        #expect(Self.orders(text: nil).map(\.size) == [most])
        #expect(Self.orders(text: 40, choice: ImageChoice(detail: .max)).map(\.size) == [most])
        // Small print asks for more than the model takes.
        #expect(Self.orders(text: 6, choice: ImageChoice(detail: .high)).map(\.size) == [most])
    }

    @Test("cost no more tokens than the user grants", arguments: rules)
    func tokens(rule: ImageRule) {
        for most in [300, 600, 1_200, 5_000] {
            for size in [Self.a4, PageSize(width: 842, height: 595), PageSize(width: 200, height: 2_000)] {
                let order = Self.orders(size, text: nil, rule: rule, choice: ImageChoice(maxTokens: most)).first
                let tokens = order.map { ImageSizing.tokens(for: $0.size, rule: rule) } ?? 0
                #expect(tokens <= most, "\(size) of \(most): \(tokens)")
                // And waste little of it, unless the model's own limit is lower.
                let own = ImageSizing.tokens(for: ImageSizing.size(for: size, rule: rule), rule: rule)
                #expect(Double(tokens) > 0.45 * Double(min(most, own)), "\(size) of \(most): \(tokens)")
            }
        }
    }

    @Test("show a plan whole and in parts that overlap, cover it, and make its print legible")
    func parts() throws {
        let plan = PageSize(width: 1_684, height: 2_384)
        let orders = Self.orders(plan, text: 5)
        #expect(orders.first?.region == nil)
        let parts = orders.dropFirst().compactMap(\.region)
        #expect(parts.count == orders.count - 1)
        #expect([4, 9, 16].contains(parts.count))
        for (order, region) in zip(orders.dropFirst(), parts) {
            let height = Double(order.size.width) / region.width * 5
            #expect(height >= PageImages.leastHeight * 0.95)
        }
        // Each point lies in a part, and each inner border inside of a neighbour.
        for x in stride(from: 1.0, to: plan.width, by: 59) {
            for y in stride(from: 1.0, to: plan.height, by: 59) {
                #expect(parts.contains { $0.contains(Box(x: x, y: y, width: 0, height: 0)) })
            }
        }
        let area = parts.reduce(0) { $0 + $1.area }
        #expect(area > plan.width * plan.height * 1.05)
        #expect(Self.orders(plan, text: 5, choice: ImageChoice(detail: .low)).count == 1)
        #expect(Self.orders(plan, text: 40).count == 1)
        // A page of a report is one image, however small its print and its model's images are.
        #expect(Self.orders(text: 4, rule: Self.rules[1]).count == 1)
    }

    @Test("show the parts that are asked for, alone and large, and nothing of another page")
    func regions() {
        let box = Box(x: 72, y: 90, width: 200, height: 100)
        let choice = ImageChoice(regions: [PageRegion(pageNumber: 3, box: box), PageRegion(pageNumber: 4, box: box)])
        let orders = Self.orders(text: 10, choice: choice)
        #expect(orders.map(\.region) == [box])
        #expect(orders.map(\.size) == [ImageSizing.size(for: PageSize(width: 200, height: 100), rule: Self.qwen)])
        let outside = ImageChoice(regions: [PageRegion(pageNumber: 3, box: Box(x: 900, y: 0, width: 5, height: 5))])
        #expect(Self.orders(text: 10, choice: outside).isEmpty)
    }

    @Test("of pixels are never enlarged")
    func pixels() {
        let orders = Self.orders(PageSize(width: 640, height: 480), text: nil, choice: ImageChoice(detail: .max), isPixels: true)
        #expect(orders.map(\.size) == [PixelSize(width: 640, height: 480)])
    }
}
