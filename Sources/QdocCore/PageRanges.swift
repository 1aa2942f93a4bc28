/// Which pages a user wants: `1-3,7,12-`.
public struct PageRanges: Sendable, Hashable, CustomStringConvertible {
    /// From 1; `last` is nil where the range is open.
    public struct Range: Sendable, Hashable {
        public var first: Int
        public var last: Int?
    }

    public let ranges: [Range]

    /// Reads a list of numbers and ranges.
    ///
    /// - Throws: `invalid_arguments`, naming the part that is none.
    public init(_ text: String) throws(Failure) {
        var ranges: [Range] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(Self.trim)
            let first = ends.first.flatMap { $0.isEmpty ? 1 : Self.number($0) }
            let last = ends.count == 1 ? first : ends[1].isEmpty ? nil : Self.number(ends[1])
            let isOpen = ends.count == 2 && ends[1].isEmpty
            guard let first, isOpen || last != nil, !part.allSatisfy({ $0 == "-" || $0 == " " }), first <= last ?? first else {
                throw Failure(.invalidArguments, "“\(part)” is no page range", remedy: "write pages as 1-3,7 or 12-")
            }
            ranges.append(Range(first: first, last: last))
        }
        self.ranges = ranges
    }

    /// Writes page numbers as ranges; the numbers ascend.
    public init(_ pageNumbers: [Int]) {
        ranges = pageNumbers.reduce(into: [Range]()) { ranges, number in
            if let last = ranges.indices.last, ranges[last].last == number - 1 {
                ranges[last].last = number
            } else {
                ranges.append(Range(first: number, last: number))
            }
        }
    }

    private static func trim(_ text: Substring) -> Substring {
        var text = text
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return text
    }

    /// A page number; digits alone, at most seven of them, so that nothing overflows.
    private static func number(_ text: Substring) -> Int? {
        guard text.count <= 7, text.allSatisfy({ $0.isASCII && $0.isNumber }), let value = Int(text), value > 0 else { return nil }
        return value
    }

    /// The pages of a document that are meant, ascending, each once.
    ///
    /// - Throws: `page_out_of_range` where a number that was named does not exist.
    public func pages(of pageCount: Int) throws(Failure) -> [Int] {
        var wanted = Set<Int>()
        for range in ranges {
            let last = range.last ?? pageCount
            guard range.first <= pageCount, last <= pageCount else {
                throw Failure(
                    .pageOutOfRange,
                    "page \(max(range.first, last)) does not exist: the document has \(pageCount) page\(pageCount == 1 ? "" : "s")",
                    remedy: "choose pages from 1 to \(pageCount)")
            }
            wanted.formUnion(range.first...last)
        }
        return wanted.sorted()
    }

    public var description: String {
        ranges.map { range in
            switch range.last {
            case range.first: "\(range.first)"
            case let last?: "\(range.first)-\(last)"
            case nil: "\(range.first)-"
            }
        }.joined(separator: ",")
    }
}
