import QdocCore

/// Collects an answer and where each of its leaves stands.
struct PlacedBuilder {
    private(set) var places: [JSONPointer: [Place]] = [:]
    /// Number of the image that shows each page.
    private let images: [PageReference: Int]

    init(images: [PageReference: Int]) {
        self.images = images
    }

    mutating func place(_ pointer: JSONPointer, on page: PageReference, _ text: PlacedText?) {
        guard let text else { return }
        places[pointer] = [Place(page: page, image: images[page], box: text.box, text: text.text)]
    }
}
