// What qdoc's image part makes of a file, for the checks and measurements in Python. It is not confined: for files that are known to be good.
//
//   QdocImageProbe pages FILE                         a line for each page: width, height, dots per inch
//   QdocImageProbe pixels FILE PAGE WIDTHxHEIGHT      the decoded pixels as PPM (P6)
//   QdocImageProbe encode FILE PAGE WIDTHxHEIGHT AS   the image encoded: auto, png, jpeg or graymap
//   QdocImageProbe time FILE WIDTHxHEIGHT RUNS        CPU milliseconds of each run: open, decode, encode as JPEG, base64
import Glibc
import QdocCore
import QdocImage
import QdocTransport

func read(_ path: String) throws -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw Failure(.fileNotFound, path) }
    return unsafe [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
        while count < buffer.count {
            let got = unsafe Glibc.read(descriptor, buffer.baseAddress.map { unsafe $0 + count }, buffer.count - count)
            guard got > 0 else { break }
            count += got
        }
    }
}

func write(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
        let sent = unsafe rest.withUnsafeBytes { unsafe Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
        guard sent > 0 else { exit(1) }
        rest = rest.dropFirst(sent)
    }
}

func size(_ text: String) throws -> PixelSize {
    let sides = text.split(separator: "x").compactMap { Int($0) }
    guard sides.count == 2 else { throw Failure(.invalidArguments, "\(text) is not WIDTHxHEIGHT") }
    return PixelSize(width: sides[0], height: sides[1])
}

func processorTime() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1_000_000
}

func run(_ arguments: [String]) throws {
    guard arguments.count >= 2 else { throw Failure(.invalidArguments, "see the head of main.swift") }
    let path = arguments[1]
    let buffer = PixelBuffer()
    switch (arguments[0], arguments.count) {
    case ("pages", 2):
        let file = try ImageFile(bytes: read(path))
        for number in 1...file.pageCount {
            let page = try file.page(number)
            print(page.size.width, page.size.height, page.dotsPerInch)
        }
    case ("pixels", 4):
        try ImageFile(bytes: read(path)).decode(page: Int(arguments[2]) ?? 1, size: size(arguments[3]), into: buffer)
        var out = Array("P6\n\(buffer.width) \(buffer.height)\n255\n".utf8)
        for at in stride(from: 0, to: buffer.bytes.count, by: 4) {
            out += [buffer.bytes[at + 2], buffer.bytes[at + 1], buffer.bytes[at]]
        }
        write(out)
    case ("encode", 5):
        let target = try size(arguments[3])
        try ImageFile(bytes: read(path)).decode(page: Int(arguments[2]) ?? 1, size: target, into: buffer)
        let encodings: [String: ImageEncoding] = ["png": .png, "jpeg": .jpeg, "graymap": .graymap]
        write(try ImageEncoder.encode(buffer, order: ImageOrder(size: target, encoding: encodings[arguments[4]])).bytes)
    case ("time", 4):
        let target = try size(arguments[2])
        for _ in 0..<(Int(arguments[3]) ?? 1) {
            let begun = processorTime()
            try ImageFile(bytes: read(path)).decode(size: target, into: buffer)
            let image = try ImageEncoder.encode(buffer, order: ImageOrder(size: target, encoding: .jpeg))
            var sent = 0
            HTTPBody([.base64(image.bytes)]).forEachBlock { sent += $0.count }
            print(processorTime() - begun, sent)
        }
    default:
        throw Failure(.invalidArguments, "see the head of main.swift")
    }
}

do {
    try run(Array(CommandLine.arguments.dropFirst()))
} catch {
    print(error)
    exit(1)
}
