import QdocCore
import QdocPrompt
import QdocTesting
import Testing

@Suite struct TokenCountTests {
    private static let kimi = ImageRule(patch: 28, minPixels: 784, maxPixels: 3_211_264, counting: .paddedCells)
    private static let gpt4 = tiles(85, 170)
    private static let mini = ImageRule(patch: 32, minPixels: 1, maxPixels: 1_572_864, counting: .patches(cap: 1_536, hundredths: 162))

    private static func tiles(_ base: Int, _ perTile: Int) -> ImageRule {
        ImageRule(patch: 1, minPixels: 1, maxPixels: 768 * 2_048, counting: .tiles(base: base, perTile: perTile))
    }

    /// Source: the providers' own examples, and the published preprocessors worked through.
    static let examples: [(Int, Int, ImageRule, Int)] = [
        (1280, 720, kimi, 1196), (2480, 3508, kimi, 4158), (28, 28, kimi, 1), (29, 28, kimi, 2),
        (1024, 1024, gpt4, 765), (1600, 900, gpt4, 1105), (1024, 1024, tiles(75, 150), 675), (1024, 1024, tiles(70, 140), 630),
        (1024, 1024, tiles(2833, 5667), 25_501), (512, 512, gpt4, 255), (513, 512, gpt4, 425), (2048, 4096, gpt4, 1105),
        // 3,072 by 1,536 comes to 1,536 by 768: three whole tiles by two, and an edge that a rounding would have missed.
        (3072, 1536, gpt4, 1105),
        (1024, 1024, mini, 1659), (32, 32, mini, 2), (4096, 4096, mini, 2489),
    ]

    @Test("Tokens of padded cells, tiles and patches equal the worked examples", arguments: examples)
    func worked(width: Int, height: Int, rule: ImageRule, tokens: Int) {
        #expect(ImageSizing.tokens(for: PixelSize(width: width, height: height), rule: rule) == tokens)
    }

    @Test("Whatever the page, the size stays inside each provider's limits, and no provider's resize makes it smaller")
    func sizes() {
        var chance = SeededGenerator(seed: 11)
        for round in 0..<1500 {
            let page = PageSize(width: .random(in: 20...6000, using: &chance), height: .random(in: 20...6000, using: &chance))
            var rule = [Self.kimi, Self.gpt4, Self.mini][round % 3]
            if round % 4 == 0 { rule.maxSide = .random(in: 400...2000, using: &chance) }
            let size = ImageSizing.size(for: page, rule: rule, isPicture: round % 2 == 0)
            let (long, short) = (max(size.width, size.height), min(size.width, size.height))
            let note = "round \(round): \(page) \(rule) -> \(size)"
            #expect(short >= 1, "\(note)")
            if let side = rule.maxSide { #expect(long <= side, "\(note)") }
            switch rule.counting {
            case .cells: Issue.record("no such rule here")
            case .tiles: #expect(long <= 2048 && short <= 768, "\(note)")
            case .paddedCells:
                #expect(size.width % 28 == 0 && size.height % 28 == 0 && long <= 7168 && size.pixels <= 3_211_264, "\(note)")
                #expect(ImageSizing.tokens(for: size, rule: rule) == size.pixels / 784, "\(note)")
            case .patches:
                #expect(size.width % 32 == 0 && size.height % 32 == 0 && size.pixels <= 1_572_864, "\(note)")
                #expect(ImageSizing.tokens(for: size, rule: rule) == (size.pixels / 1024 * 162 + 99) / 100, "\(note)")
            }
        }
    }

    @Test("A page fills what the tile rule leaves alone, and a small picture is not enlarged")
    func tilePages() {
        #expect(ImageSizing.size(for: PageSize(width: 595.28, height: 841.89), rule: Self.gpt4) == PixelSize(width: 768, height: 1086))
        #expect(
            ImageSizing.size(for: PageSize(width: 300, height: 200), rule: Self.gpt4, isPicture: true) == PixelSize(width: 300, height: 200)
        )
    }

    private static let plus = VideoRule(patch: 32, minPixels: 131_072, maxPixels: 655_360, totalPixels: 134_217_728)
    private static let open = VideoRule(patch: 32, minPixels: 131_072, maxPixels: 786_432, totalPixels: 67_108_864)
    private static let qvq = VideoRule(patch: 28, minPixels: 100_352, maxPixels: 501_760, totalPixels: 51_380_224)

    @Test(
        "Tokens of videos equal the worked examples",
        arguments: [
            (4, 1280, 720, plus, 1190), (4, 1280, 720, open, 1442), (4, 1280, 720, qvq, 1190), (30, 1280, 720, plus, 8912),
            (240, 1920, 1080, plus, 71_282), (3, 1280, 720, plus, 1190), (0, 1280, 720, plus, 0),
        ])
    func videos(frames: Int, width: Int, height: Int, rule: VideoRule, tokens: Int) {
        #expect(VideoTokens.count(frames: frames, size: PixelSize(width: width, height: height), rule: rule) == tokens)
    }

    @Test("Many frames share the limit of all, down to a little above the least of one")
    func longVideo() {
        let tokens = VideoTokens.count(frames: 2000, size: PixelSize(width: 1920, height: 1080), rule: Self.plus)
        #expect(tokens <= 1000 * 134_400 / 1024 + 2)
        #expect(tokens > 1000 * 100)
        let kimi = VideoRule(patch: 28, minPixels: 784, maxPixels: 802_816, framesPerSlot: 4, counting: .paddedCells)
        #expect(VideoTokens.count(frames: 5, size: PixelSize(width: 280, height: 280), rule: kimi) == 200)
    }

    @Test("The upper bound of a text is one token a byte, and the likely count lies below it")
    func texts() {
        #expect(TextTokens.upperBound(of: "abc") == 3)
        #expect(TextTokens.upperBound(of: "年度报告") == 12)
        #expect(TextTokens.likely(of: "") == 0)
        #expect(TextTokens.likely(of: String(repeating: "word ", count: 80)) == 100)
        #expect(TextTokens.likely(of: String(repeating: "年", count: 100)) == 120)
        for text in ["a", "é", "The revenue rose by 12.4 % to 288.9 million.", "年度报告 2025", "{\"a\":[1,2]}"] {
            #expect(TextTokens.likely(of: text) <= TextTokens.upperBound(of: text))
        }
    }
}
