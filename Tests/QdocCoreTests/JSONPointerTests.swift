import QdocCore
import Testing

@Suite struct JSONPointerTests {
    // RFC 6901 §5.
    private static let document: JSONValue = [
        "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8,
    ]

    @Test(
        "Pointers name what RFC 6901 says they name",
        arguments: [
            ("/foo", #"["bar","baz"]"#), ("/foo/0", "\"bar\""), ("/", "0"), ("/a~1b", "1"), ("/c%d", "2"), ("/e^f", "3"), ("/g|h", "4"),
            ("/i\\j", "5"), ("/k\"l", "6"), ("/ ", "7"), ("/m~0n", "8"),
        ])
    func examples(text: String, expected: String) throws {
        let pointer = try #require(JSONPointer(text: text))
        #expect(Self.document[pointer].map { JSONWriter.text($0) } == expected)
        #expect(pointer.description == text)
    }

    @Test(
        "The empty pointer is the whole, and what is not there is nil",
        arguments: ["/foo/2", "/foo/-", "/foo/-1", "/foo/bar", "/x", "/foo/0/0", "/foo/00", "/foo/+1"])
    func absent(text: String) throws {
        #expect(Self.document[JSONPointer()] == Self.document)
        #expect(JSONPointer(text: "foo") == nil)
        #expect(Self.document[try #require(JSONPointer(text: text))] == nil)
    }

    @Test("Names with tildes and slashes survive both ways", arguments: ["~", "/", "~1", "~0", "~01", "~~//", "", "a~1/b"])
    func escaping(name: String) {
        let pointer = JSONPointer(["x", name, "y"])
        #expect(JSONPointer(text: pointer.description) == pointer)
        #expect(pointer.parent.parent == JSONPointer(["x"]))
        #expect(JSONPointer(["x"]).appending(name).appending(3).tokens == ["x", name, "3"])
    }
}
