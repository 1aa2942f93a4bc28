import QdocCore
import Testing

@testable import QdocOCR

@Suite struct GraymapTests {
    private func code(_ header: String, pixels: Int) -> Failure.Code? {
        do throws(Failure) {
            _ = try Graymap(bytes: Array(header.utf8) + [UInt8](repeating: 7, count: pixels))
            return nil
        } catch {
            return error.code
        }
    }

    @Test("Reads size and pixels, whatever white space and comments stand between")
    func reads() throws {
        for header in ["P5\n3 2\n255\n", "P5 3\t2 255 ", "P5\n# drawn here\n3 # wide\n2\n255\n"] {
            let map = try Graymap(bytes: Array(header.utf8) + [0, 1, 2, 253, 254, 255])
            #expect(map.size == PixelSize(width: 3, height: 2))
            #expect(Array(map.pixels) == [0, 1, 2, 253, 254, 255])
        }
    }

    @Test(
        "Refuses what is no graymap of 8 bits, or is cut",
        arguments: [
            "", "P5", "P5\n", "P2\n3 2\n255\n", "P5\n3 2\n65535\n", "P5\n0 2\n255\n", "P5\n3 -2\n255\n", "P5\n3 3\n255\n",
            "P5\n99999999999999999999 2\n255\n", "P5\n# never ends",
        ])
    func refuses(header: String) {
        #expect(code(header, pixels: 6) == .damagedFile)
    }

    @Test("Refuses more pixels than may be ordered, before it believes them")
    func bounds() {
        #expect(code("P5\n999999999 999999999\n255\n", pixels: 6) == .pageTooLarge)
    }
}
