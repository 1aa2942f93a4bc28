import QdocCore
import QdocPrompt
import QdocTesting
import Testing

@Suite struct ImageSizingTests {
    private static let qvq = ImageRule(patch: 28, minPixels: 3136, maxPixels: 1_003_520)
    private static let qvqHigh = ImageRule(patch: 28, minPixels: 3136, maxPixels: 12_845_056)
    private static let qwen = ImageRule(patch: 32, minPixels: 65_536, maxPixels: 2_621_440)
    private static let qwenLow = ImageRule(patch: 32, minPixels: 4096, maxPixels: 2_621_440)
    private static let qwenHigh = ImageRule(patch: 32, minPixels: 65_536, maxPixels: 16_777_216)

    /// Source: the vendor's rule, worked through; the first and the seventh equal token counts in public transcripts.
    static let examples: [(PixelSize, ImageRule, PixelSize, Int)] = [
        (PixelSize(width: 1024, height: 406), qvq, PixelSize(width: 1036, height: 392), 520),
        (PixelSize(width: 1280, height: 720), qvq, PixelSize(width: 1288, height: 728), 1198),
        (PixelSize(width: 1920, height: 1080), qvq, PixelSize(width: 1316, height: 728), 1224),
        (PixelSize(width: 1920, height: 1080), qwen, PixelSize(width: 1920, height: 1088), 2042),
        (PixelSize(width: 2480, height: 3508), qwen, PixelSize(width: 1344, height: 1920), 2522),
        (PixelSize(width: 2480, height: 3508), qwenHigh, PixelSize(width: 2496, height: 3520), 8582),
        (PixelSize(width: 2480, height: 3508), qvq, PixelSize(width: 840, height: 1176), 1262),
        (PixelSize(width: 2480, height: 3508), qvqHigh, PixelSize(width: 2492, height: 3500), 11_127),
        (PixelSize(width: 200, height: 160), qvq, PixelSize(width: 196, height: 168), 44),
        (PixelSize(width: 200, height: 160), qwen, PixelSize(width: 288, height: 256), 74),
        (PixelSize(width: 200, height: 160), qwenLow, PixelSize(width: 192, height: 160), 32),
        (PixelSize(width: 2044, height: 1372), qwen, PixelSize(width: 1952, height: 1312), 2503),
        (PixelSize(width: 800, height: 600), qwen, PixelSize(width: 800, height: 608), 477),
    ]

    @Test("the provider's resize and token count agree with the worked examples", arguments: examples)
    func worked(size: PixelSize, rule: ImageRule, resized: PixelSize, tokens: Int) {
        #expect(ImageSizing.providerSize(of: size, rule: rule) == resized)
        #expect(ImageSizing.tokens(for: size, rule: rule) == tokens)
    }

    @Test(
        "A4 fills the model's limit", arguments: [(qvq, PixelSize(width: 840, height: 1176)), (qwen, PixelSize(width: 1344, height: 1920))])
    func a4(rule: ImageRule, expected: PixelSize) {
        #expect(ImageSizing.size(for: PageSize(width: 595.28, height: 841.89), rule: rule) == expected)
    }

    @Test("whatever the page, the size keeps to the rule, the provider leaves it alone, and the shape is kept")
    func properties() {
        var chance = SeededGenerator(seed: 7)
        for round in 0..<2000 {
            let page = PageSize(width: .random(in: 20...4000, using: &chance), height: .random(in: 20...4000, using: &chance))
            var rule = [Self.qvq, Self.qvqHigh, Self.qwen, Self.qwenLow, Self.qwenHigh][round % 5]
            if round % 3 == 0 { rule.maxSide = .random(in: 400...2000, using: &chance) }
            let isPicture = round % 2 == 0
            let size = ImageSizing.size(for: page, rule: rule, isPicture: isPicture)
            let note = "round \(round): \(page) \(rule) -> \(size)"
            #expect(size.width % rule.patch == 0 && size.height % rule.patch == 0, "\(note)")
            #expect(size.pixels >= rule.minPixels && size.pixels <= rule.maxPixels, "\(note)")
            #expect(ImageSizing.providerSize(of: size, rule: rule) == size, "\(note)")
            #expect(ImageSizing.tokens(for: size, rule: rule) == size.pixels / (rule.patch * rule.patch) + 2, "\(note)")
            // The lower limit of pixels rules over the user's longest side.
            if let side = rule.maxSide, size.pixels > 2 * rule.minPixels { #expect(max(size.width, size.height) <= side, "\(note)") }
            // Half a patch of the short side, which has at least one.
            let long = Double(max(size.width, size.height))
            let short = Double(min(size.width, size.height))
            let wanted = long * min(page.width, page.height) / max(page.width, page.height)
            #expect(abs(short - max(wanted, Double(rule.patch))) <= Double(rule.patch) / 2 + 1e-6, "\(note)")
            if isPicture, size.pixels > 2 * rule.minPixels {
                #expect(long <= max(page.width, page.height) + Double(rule.patch) / 2 + 1e-6, "\(note)")
            }
        }
    }

    @Test("pages of impossible sizes give a legal image")
    func extremes() {
        for page in [
            PageSize(width: 0, height: 0), PageSize(width: -5, height: .infinity), PageSize(width: .nan, height: 10),
            PageSize(width: 1e300, height: 1), PageSize(width: 1, height: 14_400),
        ] {
            let size = ImageSizing.size(for: page, rule: Self.qwen)
            #expect(size.pixels >= Self.qwen.minPixels && size.pixels <= Self.qwen.maxPixels, "\(page) \(size)")
            #expect(max(size.width, size.height) <= 200 * min(size.width, size.height), "\(page) \(size)")
        }
    }
}
