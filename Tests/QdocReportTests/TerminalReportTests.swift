import QdocCore
import QdocTesting
import Testing

@testable import QdocReport

@Suite struct TerminalReportTests {
    @Test("A report looks as it was kept", arguments: [("full", 100), ("full-narrow", 60), ("local", 100), ("failed", 80)])
    func golden(name: String, width: Int) throws {
        let report = name == "failed" ? SampleReport.failed : name == "local" ? SampleReport.local : SampleReport.full
        let text = TerminalReport.text(report, style: TerminalStyle(width: width))
        #expect(try Golden.difference(text, from: "Tests/QdocReportTests/Golden/\(name).txt") == nil)
    }

    @Test("An inspected page looks as it was kept")
    func inspection() throws {
        let style = TerminalStyle(width: 100)
        let text =
            TerminalInspection.head(SampleReport.source, style: style) + TerminalInspection.text(SampleReport.inspected, style: style)
        #expect(try Golden.difference(text, from: "Tests/QdocReportTests/Golden/inspect.txt") == nil)
    }

    @Test("No line is wider than the terminal", arguments: [40, 60, 80, 133, 200])
    func width(width: Int) {
        let text = TerminalReport.text(SampleReport.full, style: TerminalStyle(width: width))
        for line in text.split(separator: "\n").dropFirst() { #expect(DisplayText.width(line) <= width, "\(line)") }
    }

    @Test("Nothing of a document reaches the terminal as a control character")
    func hostile() {
        let text = TerminalReport.text(SampleReport.full, style: TerminalStyle(width: 120))
        #expect(!text.unicodeScalars.contains { $0.value == 0x1B || $0.value == 7 || $0.value == 0x202E })
        #expect(text.contains("Net debt ␛]0;owned␇<U+202E>evil"))
    }

    @Test("Colour adds codes and changes no text")
    func colour() throws {
        let plain = TerminalReport.text(SampleReport.full, style: TerminalStyle(width: 100))
        let coloured = TerminalReport.text(SampleReport.full, style: TerminalStyle(width: 100, hasColour: true))
        #expect(coloured != plain)
        var stripped = ""
        var isCode = false
        for character in coloured {
            if character == "\u{1B}" { isCode = true }
            if !isCode { stripped.append(character) }
            if isCode, character == "m" { isCode = false }
        }
        #expect(stripped == plain)
    }

    @Test("The first line tells values, pages, price and what left the machine")
    func summary() {
        #expect(
            ReportSummary.line(SampleReport.local)
                == "9 values: 3 verified, 1 derived, 1 located, 1 ambiguous, 1 contradicted, 1 not found, 1 unreadable · 2 pages · $0.00 · nothing left this machine"
        )
        #expect(
            ReportSummary.line(SampleReport.full)
                == "partial · 9 values: 3 verified, 1 derived, 1 located, 1 ambiguous, 1 contradicted, 1 not found, 1 unreadable · 4 pages, 1 not read, 1 failed · "
                + "2 calls, 2,610 + 1,455 tokens, price unknown · 3 images and 8,421 bytes of text sent to dashscope-intl.aliyuncs.com")
    }

    @Test("A partial run names its pages and calls")
    func shortfall() {
        #expect(ReportSummary.shortfall(SampleReport.full) == "partial: pages 3, 4 not read; call 2 without a full answer")
        #expect(ReportSummary.shortfall(SampleReport.local) == nil)
    }
}

@Suite struct TextTableTests {
    @Test("Numbers are shown whole or not at all, and titles wrap", arguments: [40, 60, 100])
    func numbers(width: Int) throws {
        let names = (1...12).map { "Year ended 31 December \(2000 + $0)" }
        let columns = [TextTable.Column(title: "Item")] + names.map { TextTable.Column(title: $0, isNumeric: true) }
        let rows = [["A label that is longer than its column"] + (1...12).map { "188\($0)42.75" }]
        let lines = TextTable(columns: columns, rows: rows).lines(width: width, style: TerminalStyle(width: width))
        let cells = try #require(lines.first { $0.contains("188") }).split(separator: "│").dropFirst(1)
        #expect(cells.count > 1)
        for cell in cells { #expect(!cell.contains("…"), "\(cell)") }
        for line in lines { #expect(DisplayText.width(line) <= width) }
        #expect(lines.last?.contains("more column") == true)
        #expect(lines[2].contains("31") || lines[2].contains("ended"))
    }
}

@Suite struct DisplayTextTests {
    @Test(
        "Text takes the columns that a terminal gives it",
        arguments: [
            ("abc", 3), ("日本語", 6), ("한국어", 6), ("e\u{301}", 1), ("ﾊﾝｶｸ", 4), ("Ａ", 2), ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("", 0), ("שלום", 4),
        ])
    func width(text: String, width: Int) {
        #expect(DisplayText.width(text) == width)
    }

    @Test(
        "Characters that steer a terminal become visible",
        arguments: [
            ("a\u{1B}[2Jb", "a␛[2Jb"), ("a\u{9B}31mb", "a<U+9B>31mb"), ("a\u{0}b", "a␀b"), ("a\u{7F}b", "a␡b"), ("a\tb\r\nc", "a b  c"),
            ("a\u{2066}b\u{2069}", "a<U+2066>b<U+2069>"), ("soft\u{AD}ly", "softly"), ("e\u{301}", "e\u{301}"), ("\u{F0B7}", "\u{FFFD}"),
            ("\u{E0041}", "<U+E0041>"), ("x\u{200B}y", "x<U+200B>y"),
        ])
    func safe(text: String, expected: String) {
        #expect(DisplayText.safe(text) == expected)
    }

    @Test("Text is cut and wrapped by columns, not by characters")
    func wrapping() {
        #expect(DisplayText.cut("日本語テキスト", to: 7) == "日本語…")
        #expect(DisplayText.cut("short", to: 5) == "short")
        #expect(DisplayText.wrap("日本語テキスト", to: 6) == ["日本語", "テキス", "ト"])
        #expect(DisplayText.wrap("one two three", to: 7) == ["one two", "three"])
    }
}
