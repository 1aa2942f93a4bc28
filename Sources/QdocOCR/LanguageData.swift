internal import Glibc
public import QdocCore

/// The languages whose characters can be recognised here, as Tesseract's packages install them.
public struct LanguageData: Sendable, Hashable {
    /// Folder of the `.traineddata` files.
    let folder: String
    /// Codes as Tesseract spells them (`eng`, `chi_sim`): `eng` first, then in alphabetical order.
    public let languages: [String]
    /// Whether the data that tells how a page is turned are there.
    let hasOrientation: Bool

    /// Languages that are used for one page at most: each costs time and memory, and too many make words worse.
    package static let maxLanguages = 6

    /// Where distributions and Tesseract's own build keep the data: Debian 12 and 11, Fedora and Arch, a build by hand.
    private static let folders = [
        "/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata", "/usr/share/tessdata",
        "/usr/local/share/tessdata",
    ]

    /// Looks for the data of this machine; without any the list of languages is empty.
    public static func installed() -> LanguageData {
        let found = folders.lazy.map { LanguageData(folder: $0) }
        return found.first { !$0.languages.isEmpty } ?? LanguageData(folder: folders[0])
    }

    init(folder: String) {
        let ending = ".traineddata"
        let names = LanguageData.names(in: folder).filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }
        self.folder = folder
        hasOrientation = names.contains("osd")
        // `osd` tells orientation, `equ` finds equations: neither is a language.
        languages = names.filter { $0 != "osd" && $0 != "equ" }.sorted { ($0 == "eng" ? "" : $0) < ($1 == "eng" ? "" : $1) }
    }

    /// The languages to use where these were asked for: all that are installed where none was, and `maxLanguages` at most.
    ///
    /// - Throws: `decoder_missing` where a language, or every language, is not installed; `invalid_arguments` where a name is none.
    public func chosen(_ wanted: [String]) throws(Failure) -> [String] {
        guard !languages.isEmpty else {
            throw Failure(
                .decoderMissing, "no language is installed for character recognition", remedy: "apt-get install tesseract-ocr-eng")
        }
        for language in wanted where !languages.contains(language) {
            guard LanguageData.isName(language) else { throw Failure(.invalidArguments, "a language has no name of letters and _") }
            throw Failure(
                .decoderMissing, "\(language) is not installed for character recognition; there are \(languages.joined(separator: ", "))",
                remedy: "apt-get install tesseract-ocr-\(language.map { $0 == "_" ? "-" : String($0) }.joined())")
        }
        guard !wanted.isEmpty else { return Array(languages.prefix(LanguageData.maxLanguages)) }
        var chosen: [String] = []
        for language in wanted where !chosen.contains(language) { chosen.append(language) }
        return Array(chosen.prefix(LanguageData.maxLanguages))
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 32 && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "_") }
    }

    private static func names(in folder: String) -> [String] {
        guard let stream = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
                unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe names.append(String(cString: $0)) }
            }
        }
        return names
    }
}
