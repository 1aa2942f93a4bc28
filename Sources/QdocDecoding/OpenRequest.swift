public import QdocCore

/// How a worker is to open its source.
public struct OpenRequest: Sendable, Hashable {
    public var mediaType: MediaType
    /// Tried in order on an encrypted document.
    public var passwords: [Secret]
    /// Which frames of a video are its pages.
    public var frames: FrameSelection
    /// Languages whose characters are recognised, as tesseract names them; empty for all that are installed.
    public var languages: [String]
    /// Pixels per inch of pixels that were drawn for character recognition; 0 where nobody knows.
    public var dotsPerInch: Double

    public init(
        mediaType: MediaType, passwords: [Secret] = [], frames: FrameSelection = FrameSelection(), languages: [String] = [],
        dotsPerInch: Double = 0
    ) {
        self.mediaType = mediaType
        self.passwords = passwords
        self.frames = frames
        self.languages = languages
        self.dotsPerInch = dotsPerInch
    }
}

/// Numbers of the choices of frames.
private enum ChoiceKind {
    static let scenes: UInt8 = 0
    static let rate: UInt8 = 1
    static let every: UInt8 = 2
    static let keyFrames: UInt8 = 3
    static let at: UInt8 = 4
}

extension OpenRequest {
    func put(into writer: inout WireWriter) {
        writer.put(UInt8(MediaType.allCases.firstIndex(of: mediaType) ?? 0))
        writer.put(UInt8(clamping: passwords.count))
        for password in passwords { writer.put(password.exposed, atMost: WireLimits.passwordBytes) }
        let (kind, values): (UInt8, [Double]) =
            switch frames.choice {
            case .scenes: (ChoiceKind.scenes, [])
            case .rate(let rate): (ChoiceKind.rate, [rate])
            case .every(let seconds): (ChoiceKind.every, [seconds])
            case .keyFrames: (ChoiceKind.keyFrames, [])
            case .at(let times): (ChoiceKind.at, times)
            }
        writer.put(kind)
        writer.put(UInt32(clamping: values.count))
        for value in values { writer.put(value) }
        // None is negative, which no time is.
        writer.put(frames.from ?? -1)
        writer.put(frames.to ?? -1)
        writer.put(UInt32(clamping: frames.limit))
        writer.put(UInt8(clamping: languages.count))
        for language in languages { writer.put(language, atMost: WireLimits.languageBytes) }
        writer.put(dotsPerInch)
    }

    init(from reader: inout WireReader) throws(Failure) {
        let number = Int(try reader.get(UInt8.self))
        guard number < MediaType.allCases.count else { throw .wire("a media type is not known") }
        self.init(mediaType: MediaType.allCases[number])
        for _ in 0..<(try reader.get(UInt8.self)) { passwords.append(Secret(try reader.text(atMost: WireLimits.passwordBytes))) }
        let kind = try reader.get(UInt8.self)
        var values: [Double] = []
        for _ in 0..<(try reader.count(atMost: WireLimits.timestamps, of: 8, "times")) { values.append(try reader.length()) }
        switch (kind, values.first) {
        case (ChoiceKind.scenes, nil): frames.choice = .scenes
        case (ChoiceKind.rate, let rate?) where values.count == 1: frames.choice = .rate(rate)
        case (ChoiceKind.every, let seconds?) where values.count == 1: frames.choice = .every(seconds)
        case (ChoiceKind.keyFrames, nil): frames.choice = .keyFrames
        case (ChoiceKind.at, _): frames.choice = .at(values)
        default: throw .wire("a choice of frames is not known")
        }
        let from = try reader.coordinate()
        let to = try reader.coordinate()
        frames.from = from < 0 ? nil : from
        frames.to = to < 0 ? nil : to
        frames.limit = Int(try reader.get(UInt32.self))
        for _ in 0..<(try reader.get(UInt8.self)) { languages.append(try reader.text(atMost: WireLimits.languageBytes)) }
        dotsPerInch = try reader.length()
    }
}
