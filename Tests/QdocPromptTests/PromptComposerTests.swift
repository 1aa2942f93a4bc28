import QdocCore
import QdocPrompt
import Testing

@Suite struct PromptComposerTests {
    private let rule = ImageRule(patch: 28, minPixels: 3136, maxPixels: 1_003_520)
    private let schema: JSONValue = ["type": "object", "properties": ["total": ["type": "number", "x-qdoc-role": "total"]]]

    private func image(_ number: Int, page: Int) -> EncodedImage {
        let record = ImageRecord(
            number: number, page: PageReference(source: 1, pageNumber: page), size: PixelSize(width: 840, height: 1176), byteCount: 1,
            encoding: .png, sha256: "digest\(number)", tokens: 1262, pixelsPerPoint: 1)
        return EncodedImage(record: record, bytes: [1])
    }

    private func texts(_ request: ModelRequest) -> [String] {
        request.parts.compactMap { part in
            guard case .text(let text) = part else { return nil }
            return text
        }
    }

    @Test("each image follows its own label, and the question comes last")
    func order() {
        let composer = PromptComposer(instructions: "Find the total.", schema: schema)
        let request = composer.request(images: [image(3, page: 7), image(4, page: 9)], imageRule: rule, maxOutputTokens: 500)
        let kinds = request.parts.map { part in if case .image = part { "image" } else { "text" } }
        #expect(kinds == ["text", "image", "text", "image", "text"])
        let all = texts(request)
        #expect(all[0] == "Image 3: source 1, page 7, 840x1176 pixels")
        #expect(all[1] == "Image 4: source 1, page 9, 840x1176 pixels")
        #expect(all[2].contains("images 3, 4"))
        #expect(all[2].contains("Find the total."))
        #expect(all[2].contains("JSON"))
        #expect(all[2].contains(JSONWriter.text(AnswerForm.derive(from: schema))))
        #expect(!all[2].contains("x-qdoc"))
        #expect(request.maxOutputTokens == 500)
    }
}
