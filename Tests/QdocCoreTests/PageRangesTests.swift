import QdocCore
import Testing

@Suite("Page ranges")
struct PageRangesTests {
    @Test(
        "are read as users write them",
        arguments: [
            ("1", 9, [1]), ("1-3,7", 9, [1, 2, 3, 7]), ("7,1-3", 9, [1, 2, 3, 7]), ("2-", 4, [2, 3, 4]), ("-2", 4, [1, 2]),
            (" 1 - 2 , 2", 4, [1, 2]),
        ])
    func reads(text: String, pageCount: Int, expected: [Int]) throws {
        #expect(try PageRanges(text).pages(of: pageCount) == expected)
    }

    @Test("that say nothing are refused", arguments: ["", ",", "-", "0", "3-1", "a", "1-2-3", "1,,2", "99999999999999999999", "+1", "１"])
    func refuses(text: String) {
        #expect(throws: Failure.self) { try PageRanges(text) }
    }

    @Test("are written of page numbers", arguments: [([], ""), ([3], "3"), ([1, 2, 3, 7, 9, 10], "1-3,7,9-10")])
    func writes(numbers: [Int], text: String) {
        #expect(PageRanges(numbers).description == text)
    }

    @Test("name the page that does not exist")
    func outOfRange() throws {
        let ranges = try PageRanges("2-12")
        let failure = #expect(throws: Failure.self) { try ranges.pages(of: 3) }
        #expect(failure?.code == .pageOutOfRange)
        #expect(failure?.message.contains("page 12") == true)
    }
}
