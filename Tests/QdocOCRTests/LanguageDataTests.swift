import QdocCore
import QdocTesting
import Testing

@testable import QdocOCR

@Suite struct LanguageDataTests {
    private func data(_ names: String...) throws -> LanguageData {
        let folder = try TemporaryFolder()
        for name in names { try folder.write([], to: name) }
        return LanguageData(folder: folder.path)
    }

    @Test("English comes first, then the others by name; what is no language is left out")
    func lists() throws {
        let data = try data("osd.traineddata", "equ.traineddata", "deu.traineddata", "eng.traineddata", "chi_sim.traineddata", "pdf.ttf")
        #expect(data.languages == ["eng", "chi_sim", "deu"])
        #expect(data.hasOrientation)
        #expect(try data.chosen([]) == ["eng", "chi_sim", "deu"])
        #expect(try data.chosen(["deu", "eng", "deu"]) == ["deu", "eng"])
    }

    @Test("Six languages are used at most")
    func bounds() throws {
        let data = try data(
            "a.traineddata", "b.traineddata", "c.traineddata", "d.traineddata", "e.traineddata", "f.traineddata", "eng.traineddata")
        #expect(try data.chosen([]) == ["eng", "a", "b", "c", "d", "e"])
        #expect(try data.chosen(["g", "f"].filter { $0 == "f" }) == ["f"])
    }

    @Test("What is missing is named with its package")
    func namesPackages() throws {
        let none = try data("osd.traineddata")
        #expect { try none.chosen([]) } throws: { error in
            let failure = error as? Failure
            return failure?.code == .decoderMissing && failure?.remedy?.contains("tesseract-ocr-eng") == true
        }
        let english = try data("eng.traineddata")
        #expect { try english.chosen(["chi_sim"]) } throws: { error in
            let failure = error as? Failure
            return failure?.code == .decoderMissing && failure?.remedy?.contains("tesseract-ocr-chi-sim") == true
        }
        for name in ["", "../eng", "eng+deu", "ENG"] {
            #expect { try english.chosen([name]) } throws: { ($0 as? Failure)?.code == .invalidArguments }
        }
    }

    @Test("Data that are damaged are no data")
    func damaged() throws {
        let folder = try TemporaryFolder()
        try folder.write([1, 2, 3], to: "eng.traineddata")
        let data = LanguageData(folder: folder.path)
        #expect { try TextRecognizer(data) } throws: { ($0 as? Failure)?.code == .decoderMissing }
    }
}
