import QdocCore
import QdocModel
import QdocPrompt
import Testing

@testable import QdocPipeline

/// Frames that are sent as one video: how large they are made, what they are counted as, and at which rate they are said to follow.
@Suite("Questions about a video")
struct VideoQuestionTests {
    private static func questions(_ model: String, media: MediaType = .mp4, isVideo: Bool = true, frames: Int = .max) throws -> Questions {
        let model = try #require(try Catalogue.shipped().resolve(model))
        let source = Source(ordinal: 1, path: "a.mp4", sha256: "00", mediaType: media, byteCount: 1, pageCount: 1)
        return Questions(
            pipeline: try Pipeline.find("report"),
            endpoint: model.endpoint(baseURL: "https://host/v1", isOnThisMachine: false, key: nil, maxSide: nil),
            settings: QuestionSettings(), source: source, occurrence: "", isVideo: isVideo, frames: frames)
    }

    /// Frames of a video, of the size that they would be drawn in.
    private static func frames(_ count: Int, of size: PageSize, for questions: Questions, times: [Double]? = nil) -> [EncodedImage] {
        let rule = questions.imageRule(frames: count)
        let drawn = ImageSizing.size(for: size, rule: rule, isPicture: true)
        return (0..<count).map { index in
            EncodedImage(
                record: ImageRecord(
                    number: index + 1, page: PageReference(source: 1, pageNumber: index + 1),
                    timestamp: times?[index] ?? Double(index) / 2, size: drawn, byteCount: 0, encoding: .png, sha256: "",
                    tokens: ImageSizing.tokens(for: drawn, rule: rule), pixelsPerPoint: 1), bytes: [])
        }
    }

    /// Tokens of the request that are not text.
    private static func counted(_ request: ModelRequest, _ questions: Questions) -> Int {
        var text = request
        text.parts.removeAll { if case .text = $0 { false } else { true } }
        return questions.inputTokens(of: request).most - questions.inputTokens(of: text).most
    }

    private static let hd = PageSize(width: 1280, height: 720)
    private static let fullHD = PageSize(width: 1920, height: 1080)

    @Test("Frames that are too few for a video go as single images, and no last window is left with so few")
    func few() throws {
        let few = try Self.questions("dashscope/qwen3-vl-plus", frames: 3)
        #expect(!few.isVideo)
        #expect(few.imageRule(frames: 3) == few.endpoint.profile.image)
        #expect(try Self.questions("dashscope/qwen3-vl-plus", frames: 4).isVideo)
        for (frames, most, size) in [(18, 8, 7), (16, 8, 8), (17, 8, 6), (9, 8, 5), (3, 8, 8), (10, 4, 4)] {
            #expect(Planner.evenSize(most, of: frames, atLeast: 4) == size, "\(frames) frames by \(most)")
        }
    }

    /// 640 cells hold 33 × 19 of a wide frame, 768 hold 36 × 20; a frame that is smaller stays so, up to the next whole cell.
    @Test(
        "Frames are made as large as the model takes those of a video, and two of them share their tokens",
        arguments: [
            ("qwen3-vl-plus", 4, hd, 1056, 608, 2 * 33 * 19 + 2), ("qwen3-vl-plus", 30, hd, 1056, 608, 15 * 33 * 19 + 2),
            ("qwen3-vl-plus", 5, hd, 1056, 608, 3 * 33 * 19 + 2), ("qwen3-vl-32b-thinking", 4, hd, 1152, 640, 2 * 36 * 20 + 2),
            ("qvq-max", 4, hd, 924, 532, 2 * 33 * 19 + 2), ("qwen3-vl-plus", 240, fullHD, 1056, 608, 120 * 33 * 19 + 2),
            ("qvq-max", 16, PageSize(width: 640, height: 360), 644, 364, 8 * 23 * 13 + 2),
        ])
    func counts(model: String, count: Int, size: PageSize, width: Int, height: Int, tokens: Int) throws {
        let questions = try Self.questions("dashscope/\(model)")
        let frames = Self.frames(count, of: size, for: questions)
        #expect(frames.first?.record.size == PixelSize(width: width, height: height))
        #expect(Self.counted(questions.request(images: frames, call: 1), questions) == tokens)
    }

    @Test("However many frames share the limit of all, none is resized by the provider", arguments: [4, 64, 300, 512, 1_000])
    func manyFrames(count: Int) throws {
        for name in ["qwen3-vl-plus", "qwen3.5-plus", "qvq-max", "qwen3-vl-32b-thinking"] {
            let questions = try Self.questions("dashscope/\(name)")
            guard questions.endpoint.profile.videoFrames?.contains(count) == true, let cell = questions.endpoint.profile.video?.patch else {
                continue
            }
            for size in [Self.hd, Self.fullHD, PageSize(width: 1080, height: 1920), PageSize(width: 2000, height: 300)] {
                let frames = Self.frames(count, of: size, for: questions)
                let drawn = try #require(frames.first?.record.size)
                let cells = (drawn.width / cell) * (drawn.height / cell)
                let counted = Self.counted(questions.request(images: frames, call: 1), questions)
                #expect(counted == (count + 1) / 2 * cells + 2, "\(name), \(count) frames of \(size) as \(drawn)")
            }
        }
    }

    @Test("Two thousand frames come to the least that each of them may have")
    func mostFrames() throws {
        let questions = try Self.questions("dashscope/qwen3-vl-plus")
        // 137,625 pixels of 1920 × 1080 are 480 × 256.
        let request = questions.request(images: Self.frames(2_000, of: Self.fullHD, for: questions), call: 1)
        #expect(Self.counted(request, questions) == 1_000 * 15 * 8 + 2)
    }

    @Test(
        "A second of the video is said to have as many frames as it has",
        arguments: [
            ([0, 0.5, 1, 1.5], "2.0"), ([10, 20, 30, 40], "0.1"), ([0, 1, 7, 9], "0.33"), ([0, 0.01, 0.02, 0.03], "10.0"),
            ([0, 100, 200, 300], "0.1"),
        ])
    func rates(times: [Double], rate: String) throws {
        let questions = try Self.questions("dashscope/qwen3-vl-plus")
        let request = questions.request(images: Self.frames(times.count, of: Self.hd, for: questions, times: times), call: 1)
        guard case .video(let frames, let said) = request.parts[1], case .text(let labels) = request.parts[0] else {
            Issue.record("\(request.parts.count) parts without a video")
            return
        }
        #expect(said.lexical == rate)
        #expect(frames.map(\.record.number) == Array(1...times.count))
        // The rate tells even steps alone: each frame's own time stands before.
        for (index, time) in times.enumerated() {
            #expect(labels.contains("Image \(index + 1): source 1, frame at \(VideoTime.text(time))"), "\(labels)")
        }
    }

    @Test("Without the option, and of what is no video, frames are single images, each counted whole")
    func singleImages() throws {
        for questions in [
            try Self.questions("dashscope/qwen3-vl-plus", isVideo: false), try Self.questions("dashscope/qwen3-vl-plus", media: .pdf),
        ] {
            let frames = Self.frames(4, of: Self.hd, for: questions)
            let request = questions.request(images: frames, call: 1)
            #expect(request.parts.filter { if case .image = $0 { true } else { false } }.count == 4)
            #expect(Self.counted(request, questions) == 4 * (40 * 23 + 2))
        }
    }
}

extension Questions {
    /// A request about images, each of a page of its own.
    func request(images: [EncodedImage], call: Int) -> ModelRequest {
        request(pages: images.map { PromptPage(reference: $0.record.page, number: $0.record.number, images: [$0]) }, call: call)
    }
}
