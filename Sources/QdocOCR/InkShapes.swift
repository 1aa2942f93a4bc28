import QdocCore

/// Connected shapes of ink on a page.
struct InkShapes {
    /// Those that have the size and shape of a letter.
    let letters: [Box]

    init(_ boxes: [Box]) {
        // From the dot of an i to a heading; neither a rule nor a frame.
        letters = boxes.filter { (4...200).contains($0.height) && $0.width <= 6 * $0.height && $0.height <= 10 * $0.width }
    }

    /// How many letters have their middle in none of the boxes.
    func lettersOutside(_ boxes: [Box]) -> Int {
        // Boxes by bands of the page, so that a dense page is not looked at word by word for each of its letters.
        var bands: [Int: [Box]] = [:]
        for box in boxes {
            for band in Int(box.y) / InkShapes.bandHeight...Int(box.maxY) / InkShapes.bandHeight { bands[band, default: []].append(box) }
        }
        return letters.count { letter in
            let held = bands[Int(letter.midY) / InkShapes.bandHeight] ?? []
            return !held.contains { ($0.x...$0.maxX).contains(letter.midX) && ($0.y...$0.maxY).contains(letter.midY) }
        }
    }

    private static let bandHeight = 64
}
