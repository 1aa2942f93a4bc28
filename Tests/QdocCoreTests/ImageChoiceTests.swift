import QdocCore
import Testing

@Suite struct ImageChoiceTests {
    @Test("A region is a page and a box in points")
    func region() throws {
        #expect(try PageRegion("3:72,90,200.5,100") == PageRegion(pageNumber: 3, box: Box(x: 72, y: 90, width: 200.5, height: 100)))
    }

    @Test(
        "What is no region is refused with the way to write one",
        arguments: [
            "", "3", "3:", "3:1,2,3", "3:1,2,3,4,5", "0:1,2,3,4", "-1:1,2,3,4", "3:1,2,0,4", "3:1,2,3,nan", "3:1,2,3,inf", "3:-1,2,3,4",
            "x:1,2,3,4", "3:1,2,3,4:5", "3:1,2,,4",
        ]
    )
    func noRegion(text: String) {
        #expect { try PageRegion(text) } throws: { ($0 as? Failure)?.code == .invalidArguments && ($0 as? Failure)?.remedy != nil }
    }

    @Test(
        "Times are read as people write them",
        arguments: [("75.5", 75.5), ("1:15.5", 75.5), ("1:00:00", 3_600), ("0", 0), ("90:00", 5_400)])
    func times(text: String, seconds: Double) throws {
        #expect(try VideoTime.seconds(text) == seconds)
    }

    @Test("What is no time is refused", arguments: ["", ":", "1:", "-1", "1:2:3:4", "x", "nan", "1e99", "1:-2"])
    func noTimes(text: String) {
        #expect { try VideoTime.seconds(text) } throws: { ($0 as? Failure)?.code == .invalidArguments }
    }

    @Test(
        "Times are written to the millisecond",
        arguments: [(0, "0:00.000"), (75.5, "1:15.500"), (3_599.9996, "1:00:00.000"), (-3, "0:00.000")])
    func written(seconds: Double, text: String) {
        #expect(VideoTime.text(seconds) == text)
    }
}
