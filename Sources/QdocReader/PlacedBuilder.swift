import QdocCore

/// Collects an answer and where each of its leaves stands.
struct PlacedBuilder {
    private(set) var places: [JSONPointer: [Place]] = [:]
    /// Number of the image that shows each page.
    private let images: [PageReference: Int]

    init(images: [PageReference: Int]) {
        self.images = images
    }

    /// Records where a leaf stands: in one box, or in several where it is broken over lines.
    mutating func place(_ pointer: JSONPointer, on page: PageReference, _ texts: [PlacedText]) {
        guard !texts.isEmpty else { return }
        places[pointer] = texts.map { Place(page: page, image: images[page], box: $0.box, text: $0.text) }
    }

    mutating func place(_ pointer: JSONPointer, on page: PageReference, _ text: PlacedText?) {
        place(pointer, on: page, text.map { [$0] } ?? [])
    }
}
