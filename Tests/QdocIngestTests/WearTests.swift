import Testing

@testable import QdocIngest

@Suite struct WearTests {
    @Test(
        "Replaces a worker that grew a little over many pages, or much over a few",
        arguments: [
            (0, 1000, false), (31, 1000, false), (33, 15, false), (33, 16, true), (95, 1, false), (97, 1, true), (-5, 20, false),
        ])
    func knowsWear(mebibytes: Int, pages: Int, isWorn: Bool) {
        #expect(PageReading.isWorn(growth: mebibytes << 20, pagesServed: pages) == isWorn)
    }
}
