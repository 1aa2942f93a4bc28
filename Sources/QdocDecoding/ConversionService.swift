internal import CSystem
internal import Glibc
public import QdocCore

/// The child's side of a conversion: one document, then the process ends.
public enum ConversionService {
    /// One document to convert, as it came from the host.
    public struct Order {
        /// Descriptor of the document, for reading.
        public let source: Int32
        public let byteCount: Int
        /// Descriptor of an empty file, for writing.
        public let output: Int32
        /// Descriptor of the host's socket: its end is the host's.
        public let control: Int32
        public let mediaType: MediaType

        /// Puts the PDF into the output.
        ///
        /// - Throws: `file_too_large` where it does not fit.
        public func write(_ bytes: [UInt8]) throws(Failure) {
            var written = 0
            while written < bytes.count {
                let count = unsafe bytes.withUnsafeBytes {
                    unsafe Glibc.write(output, $0.baseAddress?.advanced(by: written), $0.count - written)
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    throw Failure(
                        .fileTooLarge, "there is no room for the pages of the text", remedy: "split it, or free some room in TMPDIR")
                }
                written += count
            }
        }
    }

    /// Serves one order.
    ///
    /// - Parameter convert: Blocks until the PDF is in the output.
    /// - Returns: The exit status.
    public static func serve(convert: (Order) throws(Failure) -> Void) -> Int32 {
        var kind = CChar(0)
        var size: off_t = 0
        guard unsafe qdoc_file_kind(DecodeService.control, &kind, &size) == 0, UInt8(bitPattern: kind) == UInt8(ascii: "s") else {
            return 2
        }
        qdoc_die_with_parent()
        let control = Descriptor(owning: DecodeService.control)
        guard control.send(Reply.ready(build: DecoderBuild.id, level: "").encode()),
            case .message(let bytes, let descriptors) = control.receive(until: nil)
        else { return 1 }
        do throws(Failure) {
            guard descriptors.count == 2, unsafe qdoc_file_kind(descriptors[0].number, &kind, &size) == 0,
                let mediaType = MediaType(rawValue: String(decoding: bytes, as: UTF8.self))
            else {
                throw .wire("an order is not whole")
            }
            let order = Order(
                source: descriptors[0].number, byteCount: Int(size), output: descriptors[1].number, control: control.number,
                mediaType: mediaType)
            // An order holds numbers alone: without this the descriptors may be closed before the first byte is read.
            try withExtendedLifetime(descriptors) { () throws(Failure) in try convert(order) }
            return control.send(Reply.ended(status: 0).encode()) ? 0 : 1
        } catch {
            return control.send(Reply.failed(error).encode()) ? 0 : 1
        }
    }
}
