import QdocCore
import QdocRuntime
import QdocTesting
import Testing

@testable import QdocVideo

/// Clips whose scenes are known from how they were made.
@Suite("Shared videos", .enabled(if: Project.shared != nil), .timeLimit(.minutes(1)))
struct SharedVideoTests {
    private static func open(_ name: String, _ mediaType: MediaType) throws -> OpenClip {
        let path = try #require(Project.sharedData("video/\(name)"))
        return try OpenClip(try Files.read(path, limit: 1 << 24), as: mediaType)
    }

    /// The segments of a clip as its manifest tells them: when each begins, and which picture it shows; none where it is black.
    private static func segments(_ name: String) throws -> [(start: Double, image: String?)] {
        let manifest = try Files.read(try #require(Project.sharedData("MANIFEST.jsonl")), limit: 1 << 24)
        let entries = try manifest.split(separator: 0x0A).map { try JSONParser.parse(Array($0)) }
        let entry = try #require(entries.first { $0["file"]?.string == "video/\(name)" })
        return try #require(entry["facts"]?["segments"]?.array).map { segment in
            (try #require(segment["start"]?.number.flatMap { Double($0.lexical) }), segment["image"]?.string)
        }
    }

    @Test(
        "Each picture has one scene, that begins where the picture does",
        arguments: [("slides_h264.mp4", MediaType.mp4), ("slides_black_gap.webm", .webm)])
    func scenes(name: String, mediaType: MediaType) throws {
        var known: Set<String> = []
        // Black is no scene, and neither is a picture that was shown before.
        let wanted = try Self.segments(name).filter { $0.image.map { known.insert($0).inserted } ?? false }.map(\.start)
        let begins = try Self.open(name, mediaType).scan(.scenes).begins
        #expect(begins.count == wanted.count, "\(begins)")
        for (found, start) in zip(begins, wanted) { #expect(abs(found - start) < 0.1, "\(begins)") }
    }

    @Test("A file that was cut shows what is left of it")
    func truncated() throws {
        let clip = try Self.open("truncated_tail.mp4", .mp4)
        let scan = try clip.scan(.scenes)
        let whole = try Self.segments("slides_h264.mp4").map(\.start)
        #expect(scan.count >= 2 && scan.count < whole.count, "\(scan.begins)")
        for number in 1...scan.count { try scan.show(number) }
    }
}
