// What qdoc's video part makes of a file, for the checks in Python. It is not confined: for files that are known to be good.
//
//   QdocVideoProbe times FILE CHOICE            the times of the chosen frames, a line for each
//   QdocVideoProbe frames FILE LONGEST CHOICE   the chosen frames in half their size or less, one after another: a line with the time,
//                                               width and height as displayed, and width and height as drawn; then the pixels as BGRX
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
        for time in scan.times { print(time) }
    case ("frames", 4):
        let whole = file.facts.size
        let share = min(0.5, (Double(arguments[2]) ?? 0) / Double(max(whole.width, whole.height)))
        let sides = [whole.width, whole.height].map { max(1, Int((Double($0) * share).rounded())) }
        let buffer = PixelBuffer()
        for number in 1...scan.count {
            try scan.show(number)
            try file.draw(region: nil, size: PixelSize(width: sides[0], height: sides[1]), into: buffer)
            write(Array("\(scan.times[number - 1]) \(whole.width) \(whole.height) \(sides[0]) \(sides[1])\n".utf8))
            write(buffer.bytes)
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
