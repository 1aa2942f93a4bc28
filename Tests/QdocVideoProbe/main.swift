// What qdoc's video part makes of a file, for the checks in Python. It is not confined: for files that are known to be good.
//
//   QdocVideoProbe times FILE CHOICE                 a line of width, height and clockwise degrees; then the times of the chosen frames
//   QdocVideoProbe pixels FILE WIDTHxHEIGHT CHOICE   the chosen frames in that size, one after another as PPM (P6)
//
// CHOICE is scenes, keys, every=SECONDS, rate=FRAMES or at=SECONDS,SECONDS; the suffix of FILE says what it is.
import Glibc
import QdocCore
import QdocVideo

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

func choice(_ text: String) throws -> FrameSelection.Choice {
    let parts = text.split(separator: "=")
    let values = (parts.count == 2 ? parts[1] : "").split(separator: ",").compactMap { Double($0) }
    switch (parts.first, values.first) {
    case ("scenes", nil): return .scenes
    case ("keys", nil): return .keyFrames
    case ("every", let seconds?): return .every(seconds)
    case ("rate", let rate?): return .rate(rate)
    case ("at", .some): return .at(values)
    default: throw Failure(.invalidArguments, "\(text) is no choice of frames")
    }
}

func mediaType(of path: String) throws -> MediaType {
    let types: [String: MediaType] = ["mp4": .mp4, "mov": .quicktime, "mkv": .matroska, "webm": .webm, "avi": .avi]
    guard let type = path.split(separator: ".").last.flatMap({ types[String($0)] }) else { throw Failure(.unsupportedMedia, path) }
    return type
}

func run(_ arguments: [String]) throws {
    guard arguments.count >= 3, let chosen = arguments.last else { throw Failure(.invalidArguments, "see the head of main.swift") }
    let descriptor = unsafe open(arguments[1], O_RDONLY | O_CLOEXEC)
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw Failure(.fileNotFound, arguments[1]) }
    let file = try VideoFile(descriptor: descriptor, byteCount: Int(status.st_size), mediaType: mediaType(of: arguments[1]))
    let scan = try FrameScan(file, FrameSelection(choice: choice(chosen), limit: 10_000))
    while try !scan.proceed() {}
    switch (arguments[0], arguments.count) {
    case ("times", 3):
        print(file.facts.size.width, file.facts.size.height, file.facts.rotation)
        for time in scan.times { print(time) }
    case ("pixels", 4):
        let buffer = PixelBuffer()
        for number in 1...scan.count {
            try scan.show(number)
            try file.draw(region: nil, size: size(arguments[2]), into: buffer)
            var out = Array("P6\n\(buffer.width) \(buffer.height)\n255\n".utf8)
            for at in stride(from: 0, to: buffer.bytes.count, by: 4) {
                out += [buffer.bytes[at + 2], buffer.bytes[at + 1], buffer.bytes[at]]
            }
            write(out)
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
