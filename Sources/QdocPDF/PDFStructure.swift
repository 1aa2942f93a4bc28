internal import CQPDF
internal import Glibc
import QdocCore

/// The objects of a document, read by qpdf: what poppler does not hand out.
///
/// - Confinement: one thread.
@safe final class PDFStructure {
    /// An object; 0 is qpdf's own number for none.
    typealias Object = qpdf_oh

    /// What has more bytes is left to qpdf.
    private static let maximumUnpacked = 8 << 20

    private var data: qpdf_data?
    private let bytes: SourceBytes

    /// Opens a document; nil where qpdf cannot, even after its repairs.
    init?(_ bytes: SourceBytes, password: String?) {
        self.bytes = bytes
        unsafe data = qpdf_init()
        unsafe qpdf_silence_errors(data)
        unsafe qpdf_set_suppress_warnings(data, 1)
        let start = unsafe bytes.start.assumingMemoryBound(to: CChar.self)
        let status = unsafe qpdf_read_memory(data, "document", start, UInt64(bytes.count), password)
        guard failed(status) == false else { return nil }
    }

    deinit {
        drainErrors()
        unsafe qpdf_cleanup(&data)
    }

    /// Whether a call failed. Errors and warnings are taken off qpdf's hands, which else prints them.
    private func failed(_ status: QPDF_ERROR_CODE) -> Bool {
        let hasError = unsafe qpdf_has_error(data) != 0
        drainErrors()
        return hasError || status & 2 != 0
    }

    private func drainErrors() {
        _ = unsafe qpdf_get_error(data)
        while unsafe qpdf_more_warnings(data) != 0 { _ = unsafe qpdf_next_warning(data) }
    }

    var pageCount: Int {
        let count = unsafe Int(qpdf_get_num_pages(data))
        drainErrors()
        return max(0, count)
    }

    /// A page, from 1; nil where there is none.
    func page(_ number: Int) -> Object? {
        guard (1...max(1, pageCount)).contains(number) else { return nil }
        let page = unsafe qpdf_get_page_n(data, number - 1)
        drainErrors()
        return isDictionary(page) ? page : nil
    }

    /// The catalogue of the document.
    var root: Object { unsafe qpdf_get_root(data) }

    var isEncrypted: Bool { unsafe qpdf_is_encrypted(data) != 0 }

    /// One more than the highest number of an object, as the trailer says.
    var objectCount: Int { value(unsafe qpdf_get_trailer(data), "/Size").flatMap { number($0) }.map { Int($0) } ?? 0 }

    /// Number and generation of an object; nil where it has none of its own.
    func reference(_ object: Object) -> (id: Int32, generation: Int32)? {
        let id = id(object)
        return id > 0 ? (id, unsafe qpdf_oh_get_generation(data, object)) : nil
    }

    /// Clockwise degrees that a page is turned by; nil where what is stated is no quarter of a turn.
    func rotation(_ page: Object) -> Int? {
        guard let stated = inherited(page, "/Rotate").flatMap({ number($0) }) else { return 0 }
        guard let degrees = Int(exactly: stated), degrees % 90 == 0 else { return nil }
        return (degrees % 360 + 360) % 360
    }

    /// Points that a unit of a page's user space stands for.
    ///
    /// - Source: ISO 32000-2, 14.11.1: for pages beyond 14,400 units.
    func userUnit(_ page: Object) -> Double {
        guard let unit = value(page, "/UserUnit").flatMap({ number($0) }), (0.001...1000).contains(unit) else { return 1 }
        return unit
    }

    /// Lets go of all objects handed out.
    func release() {
        unsafe qpdf_oh_release_all(data)
        drainErrors()
    }

    // MARK: Objects

    func isDictionary(_ object: Object) -> Bool { unsafe qpdf_oh_is_dictionary(data, object) != 0 }
    func isStream(_ object: Object) -> Bool { unsafe qpdf_oh_is_stream(data, object) != 0 }
    func isArray(_ object: Object) -> Bool { unsafe qpdf_oh_is_array(data, object) != 0 }
    func id(_ object: Object) -> Int32 { unsafe qpdf_oh_get_object_id(data, object) }
    func dictionary(ofStream object: Object) -> Object { unsafe qpdf_oh_get_dict(data, object) }

    func value(_ dictionary: Object, _ key: String) -> Object? {
        guard isDictionary(dictionary) else { return nil }
        let value = unsafe qpdf_oh_get_key(data, dictionary, key)
        drainErrors()
        return unsafe qpdf_oh_is_null(data, value) != 0 ? nil : value
    }

    /// A value of a page that its ancestors may hold.
    func inherited(_ page: Object, _ key: String) -> Object? {
        var node = page
        // Deeper trees than this are loops.
        for _ in 0..<64 {
            if let value = value(node, key) { return value }
            guard let parent = value(node, "/Parent") else { return nil }
            node = parent
        }
        return nil
    }

    func count(_ array: Object) -> Int { isArray(array) ? Int(unsafe qpdf_oh_get_array_n_items(data, array)) : 0 }
    func item(_ array: Object, _ index: Int) -> Object { unsafe qpdf_oh_get_array_item(data, array, Int32(index)) }

    func number(_ object: Object) -> Double? {
        var value = 0.0
        return unsafe qpdf_oh_get_value_as_number(data, object, &value) != 0 ? value : nil
    }

    /// The numbers of an array of at most 65,536 items.
    func numbers(_ array: Object?) -> [Double]? {
        guard let array, isArray(array), count(array) <= 65_536 else { return nil }
        return (0..<count(array)).compactMap { number(item(array, $0)) }
    }

    func name(_ object: Object) -> String? {
        guard unsafe qpdf_oh_is_name(data, object) != 0, let text = unsafe qpdf_oh_get_name(data, object) else { return nil }
        return unsafe String(cString: text)
    }

    func string(_ object: Object) -> [UInt8]? {
        guard unsafe qpdf_oh_is_string(data, object) != 0 else { return nil }
        var length = 0
        guard let start = unsafe qpdf_oh_get_binary_string_value(data, object, &length) else { return nil }
        return unsafe UnsafeRawBufferPointer(start: start, count: length).map { $0 }
    }

    /// The decoded bytes of a stream; nil where they cannot be decoded.
    func bytes(ofStream object: Object) -> [UInt8]? {
        guard isStream(object) else { return nil }
        return unsafe collect { unsafe qpdf_oh_get_stream_data(data, object, qpdf_dl_generalized, nil, $0, $1) }
    }

    /// The bytes of a stream as stored, decrypted.
    func storedBytes(ofStream object: Object) -> [UInt8]? {
        guard isStream(object) else { return nil }
        return unsafe collect { unsafe qpdf_oh_get_stream_data(data, object, qpdf_dl_none, nil, $0, $1) }
    }

    /// The names of a dictionary's values, at most 64.
    func keys(_ dictionary: Object) -> [String] {
        guard isDictionary(dictionary) else { return [] }
        unsafe qpdf_oh_begin_dict_key_iter(data, dictionary)
        var keys: [String] = []
        while unsafe qpdf_oh_dict_more_keys(data) != 0, let key = unsafe qpdf_oh_dict_next_key(data) {
            if keys.count < 64 { keys.append(unsafe String(cString: key)) }
        }
        return keys
    }

    /// The content of a page, its streams joined; nil where it cannot be decoded.
    func content(ofPage page: Object) -> [UInt8]? {
        if let content = value(page, "/Contents"), isStream(content), isPacked(content),
            let bytes = unpacked(content, limit: PDFStructure.maximumUnpacked)
        {
            return bytes
        }
        return unsafe collect { unsafe qpdf_oh_get_page_content_data(data, page, $0, $1) }
    }

    /// Bytes of a page's content as stored, by what its streams state.
    func storedContentBytes(ofPage page: Object) -> Int {
        guard let content = value(page, "/Contents") else { return 0 }
        if isStream(content) { return storedBytes(stream: content) }
        return (0..<min(count(content), 65_536)).reduce(0) { $0 + storedBytes(stream: item(content, $1)) }
    }

    /// Bytes of a stream as stored, by what it states.
    func storedBytes(stream: Object) -> Int {
        guard isStream(stream), let length = value(dictionary(ofStream: stream), "/Length").flatMap({ number($0) }) else { return 0 }
        return Int(max(0, min(length, 1e12)))
    }

    private func collect(
        _ call: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, UnsafeMutablePointer<Int>) -> QPDF_ERROR_CODE
    ) -> [UInt8]? {
        var buffer: UnsafeMutablePointer<UInt8>?
        var count = 0
        let status = unsafe call(&buffer, &count)
        defer { unsafe free(buffer) }
        guard !failed(status), let start = unsafe buffer else { return nil }
        return unsafe Array(UnsafeBufferPointer(start: start, count: count))
    }
}
