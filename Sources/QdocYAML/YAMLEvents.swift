import CYAML
import QdocCore

/// One step of a YAML text, owned by Swift.
struct YAMLEvent {
    enum Kind {
        case streamStart, streamEnd, documentStart, documentEnd
        case alias(anchor: String)
        case scalar(text: String, tag: String?, isPlain: Bool)
        case sequenceStart(tag: String?)
        case mappingStart(tag: String?)
        case collectionEnd
    }

    var kind: Kind
    var anchor: String?
    /// From 1.
    var line: Int
    /// From 1.
    var column: Int
}

/// Why libyaml could not go on.
struct YAMLSyntaxError: Error {
    var line: Int
    var column: Int
    var reason: String
}

/// libyaml's event parser over bytes in memory. One thread.
@safe final class YAMLEvents {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let bytes: UnsafeMutableBufferPointer<UInt8>

    /// - Throws: `YAMLSyntaxError` where memory is short.
    init(_ text: [UInt8]) throws(YAMLSyntaxError) {
        unsafe parser = .allocate(capacity: 1)
        unsafe bytes = .allocate(capacity: text.count)
        _ = unsafe bytes.update(fromContentsOf: text)
        guard unsafe yaml_parser_initialize(parser) == 1 else {
            unsafe parser.initialize(to: yaml_parser_t())
            throw YAMLSyntaxError(line: 1, column: 1, reason: "memory is short")
        }
        unsafe yaml_parser_set_input_string(parser, bytes.baseAddress, text.count)
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe bytes.deallocate()
    }

    func next() throws(YAMLSyntaxError) -> YAMLEvent {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw unsafe Self.error(parser.pointee) }
        defer { unsafe yaml_event_delete(&event) }
        let (line, column) = unsafe (Int(event.start_mark.line) + 1, Int(event.start_mark.column) + 1)
        func step(_ kind: YAMLEvent.Kind, anchor: UnsafeMutablePointer<yaml_char_t>? = nil) -> YAMLEvent {
            unsafe YAMLEvent(kind: kind, anchor: Self.text(anchor), line: line, column: column)
        }
        switch unsafe event.type {
        case YAML_STREAM_START_EVENT: return step(.streamStart)
        case YAML_DOCUMENT_START_EVENT: return step(.documentStart)
        case YAML_DOCUMENT_END_EVENT: return step(.documentEnd)
        case YAML_ALIAS_EVENT: return step(.alias(anchor: unsafe Self.text(event.data.alias.anchor) ?? ""))
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.data.scalar
            let value = unsafe String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            let isPlain = unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE
            return unsafe step(.scalar(text: value, tag: Self.text(scalar.tag), isPlain: isPlain), anchor: scalar.anchor)
        case YAML_SEQUENCE_START_EVENT:
            let start = unsafe event.data.sequence_start
            return unsafe step(.sequenceStart(tag: Self.text(start.tag)), anchor: start.anchor)
        case YAML_MAPPING_START_EVENT:
            let start = unsafe event.data.mapping_start
            return unsafe step(.mappingStart(tag: Self.text(start.tag)), anchor: start.anchor)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return step(.collectionEnd)
        default: return step(.streamEnd)
        }
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        guard let pointer = unsafe pointer else { return nil }
        return unsafe String(decodingCString: pointer, as: UTF8.self)
    }

    private static func error(_ parser: yaml_parser_t) -> YAMLSyntaxError {
        let problem = unsafe parser.problem.map { unsafe String(cString: $0) } ?? "the text cannot be read"
        let context = unsafe parser.context.map { unsafe String(cString: $0) + ": " } ?? ""
        let mark = unsafe parser.problem_mark
        return YAMLSyntaxError(line: Int(mark.line) + 1, column: Int(mark.column) + 1, reason: context + problem)
    }
}
