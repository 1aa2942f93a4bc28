import QdocCore
import Testing

@Suite struct GeometryTests {
    private let box = Box(x: 10, y: 20, width: 30, height: 40)

    @Test("A box knows its edges, middle and area")
    func edges() {
        #expect((box.maxX, box.maxY) == (40, 60))
        #expect((box.midX, box.midY) == (25, 40))
        #expect(box.area == 1200)
        #expect(Box(from: Point(x: 40, y: 60), to: Point(x: 10, y: 20)) == box)
    }

    @Test("Unions hold both boxes, intersections what both hold")
    func combinations() {
        let other = Box(x: 30, y: 0, width: 20, height: 30)
        #expect(box.union(other) == Box(x: 10, y: 0, width: 40, height: 60))
        #expect(box.intersection(other) == Box(x: 30, y: 20, width: 10, height: 10))
        #expect(box.intersection(Box(x: 40, y: 20, width: 5, height: 5)) == nil)
        #expect(Box.union(of: [Box]()) == nil)
        #expect(Box.union(of: [box, other, box]) == box.union(other))
    }

    @Test("Containment has a tolerance, and insets never turn a box inside out")
    func containment() {
        #expect(box.contains(box))
        #expect(!box.contains(box.inset(by: -1)))
        #expect(box.contains(box.inset(by: -1), tolerance: 1))
        #expect(box.inset(by: 100).width == 0)
    }
}
