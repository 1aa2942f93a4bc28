import Glibc
import QdocCore
import QdocImage
import QdocTesting
import Testing

@Suite(.enabled(if: Project.shared != nil)) struct SharedImageTests {
    private func decode(_ path: String) throws(Failure) -> PixelSize {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw Failure(.fileNotFound, path) }
        let file = try ImageFile(descriptor: descriptor, byteCount: Int(status.st_size))
        let scale = min(1, 512 / Double(max(file.size.width, file.size.height)))
        let target = PixelSize(
            width: max(1, Int(Double(file.size.width) * scale)), height: max(1, Int(Double(file.size.height) * scale)))
        try file.decode(size: target, into: PixelBuffer())
        return file.size
    }

    @Test("Opens what independent readers open, and refuses with a typed failure what they refuse")
    func agrees() throws {
        let manifest = try #require(Project.sharedData("MANIFEST.jsonl"))
        let descriptor = unsafe open(manifest, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        let text = unsafe [UInt8](unsafeUninitializedCapacity: 4 << 20) { buffer, count in
            count = unsafe max(0, read(descriptor, buffer.baseAddress, 4 << 20))
        }
        var seen = 0
        for line in text.split(separator: 0x0A) {
            let entry = try JSONParser.parse(Array(line))
            guard let name = entry["file"]?.string, name.hasPrefix("malformed/") || name.hasPrefix("images/"),
                [".png", ".jpg", ".jpeg", ".webp"].contains(where: { name.hasSuffix($0) }), let path = Project.sharedData(name)
            else { continue }
            seen += 1
            let isSound = name.hasPrefix("images/") || entry["facts"]?["observed"]?["pillow"]?.string == "ok"
            do throws(Failure) {
                let size = try decode(path)
                #expect(isSound, "\(name) opened")
                if let width = entry["facts"]?["width"]?.int { #expect(width == size.width || width == size.height, "\(name)") }
            } catch {
                #expect(!isSound, "\(name): \(error)")
                #expect([.unsupportedMedia, .damagedFile, .pageTooLarge, .decodeLimit].contains(error.code))
            }
        }
        #expect(seen > 50)
    }
}
