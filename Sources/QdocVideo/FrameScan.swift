internal import Glibc
public import QdocCore

/// Chooses the frames of a video, in steps of a part of a second, and shows each of them again.
///
/// What can be decoded of a damaged video is used; a damaged place ends nothing but itself, a damaged tail the search.
///
/// - Confinement: as `VideoFile`.
public final class FrameScan {
    /// Seconds of one step: a fifth of what a request may take, on a busy machine too.
    private static let slice = 2.0
    /// A day at 60 frames a second; and packets, of which a frame has few.
    private static let maximumFrames = 5_184_000
    private static let maximumPackets: UInt64 = 20_736_000
    /// Seconds from which going to a key frame is cheaper than decoding on: encoders store a frame whole each 2 to 10 s.
    private static let worthSeeking = 3.0
    /// Seconds within which two times mean the same frame: times are printed in thousandths.
    private static let sameTime = 0.0005
    /// Seconds into a scene in which its frame may still get sharper, and how much sharper it must be: noise alone comes to 1.04.
    private static let sharpening = 1.0
    private static let sharper = 1.05

    /// Seconds that a frame stays until it is at rest by itself: more than those of a recording of one a second.
    private static let lasting = 1.5

    private struct Candidate {
        var time: Double
        var look: Look
        var begin: Double
    }

    private let file: VideoFile
    private let selection: FrameSelection
    private var detector = SceneDetector()
    private var kept = KeptFrames()
    private var candidate: Candidate?
    /// The frame that was looked at last, for scenes.
    private var shown: (time: Double, look: Look)?
    private var scanned = 0
    /// The first frame that could be decoded in the range, for a video that shows nothing.
    private var first: Double?
    private var last = 0.0
    /// The time whose frame is looked for, of choices by time.
    private var target: Double
    private var isComplete = false

    /// The times of the chosen frames, in seconds from the start; final once `proceed` has said so.
    public private(set) var times: [Double] = []
    /// When each chosen scene began, for tests; as many as `times` of a choice by scenes.
    package private(set) var begins: [Double] = []

    /// Begins at the start of what is asked for.
    ///
    /// - Throws: `page_out_of_range` for a time after the end; `damaged_file`, `decode_limit`.
    public init(_ file: VideoFile, _ selection: FrameSelection) throws(Failure) {
        self.file = file
        self.selection = selection
        target = max(0, selection.from ?? 0)
        let duration = file.facts.duration
        if case .at(let asked) = selection.choice {
            guard let latest = asked.max() else { throw Failure(.invalidArguments, "no time of a frame is given") }
            // A container rounds.
            guard duration == 0 || latest <= duration + 1 else { throw FrameScan.pastEnd(latest, duration) }
            times = asked
            isComplete = true
        } else {
            if duration > 0, target > duration { throw FrameScan.pastEnd(target, duration) }
            file.skipToKeys(selection.choice == .keyFrames)
            if target > FrameScan.worthSeeking { try file.seek(to: target) }
        }
    }

    private static func pastEnd(_ time: Double, _ end: Double) -> Failure {
        Failure(.pageOutOfRange, "a frame at \(text(time)) s is asked for, and the video ends at \(text(end)) s")
    }

    private static func text(_ seconds: Double) -> String {
        let tenths = Int((min(max(0, seconds), 1e9) * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// Searches on, for a part of a second to two.
    ///
    /// - Returns: Whether all frames are chosen.
    /// - Throws: `damaged_file` where no frame can be decoded, `page_out_of_range` where the range has none, `decode_limit`.
    public func proceed() throws(Failure) -> Bool {
        guard !isComplete else { return true }
        let deadline = FrameScan.now + FrameScan.slice
        while FrameScan.now < deadline {
            switch try file.next() {
            case .pending:
                guard file.packets <= FrameScan.maximumPackets else { throw FrameScan.endless }
            case .frame:
                scanned += 1
                guard scanned <= FrameScan.maximumFrames else { throw FrameScan.endless }
                if try take() { return try finish() }
            case .end:
                // The last frame is shown for a moment, too.
                try takeShown(until: min(selection.to ?? .infinity, file.facts.duration - 2 * FrameScan.sameTime))
                return try finish()
            }
        }
        return false
    }

    private static let endless = Failure(.decodeLimit, "the video has more frames than a day has", remedy: "cut it into parts")

    private static var now: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Looks at the current frame; true where no later one is asked for.
    private func take() throws(Failure) -> Bool {
        // Damaged files jump back; a scan goes forward.
        let time = max(last, file.seconds ?? last)
        last = time
        guard time <= VideoFile.maxSeconds else { throw FrameScan.endless }
        if let to = selection.to, time > to + FrameScan.sameTime {
            try takeShown(until: to)
            return true
        }
        switch selection.choice {
        case .scenes: try takeScene(time)
        case .keyFrames:
            if time >= target - FrameScan.sameTime { keep(time) }
        case .rate(let rate): try takeRegular(time, interval: 1 / max(rate, 1e-6))
        case .every(let seconds): try takeRegular(time, interval: seconds)
        case .at: return true
        }
        return false
    }

    private func takeScene(_ time: Double) throws(Failure) {
        guard time >= target - FrameScan.sameTime else { return }
        // What is shown at the start may have come long before: recordings of screens have a frame where something changes.
        if first == nil, time > target + FrameScan.sameTime, file.stepBack() {
            takeLook(at: file.seconds ?? time)
            _ = try file.next()
        }
        takeLook(at: time)
    }

    private func takeLook(at time: Double) {
        guard let look = file.look() else { return }
        if first == nil { first = time }
        rest(until: time)
        observe(look, of: time, at: time)
        shown = (time, look)
    }

    /// A frame that stays is at rest, though none like it follows: recordings of screens and slides have no other.
    private func rest(until time: Double) {
        guard let shown, time - shown.time >= FrameScan.lasting else { return }
        observe(shown.look, of: shown.time, at: shown.time + FrameScan.lasting / 2)
    }

    /// Tells the detector what is seen at a time, of a frame that may have come before.
    private func observe(_ look: Look, of frame: Double, at time: Double) {
        if let scene = detector.take(look, at: time) {
            keepCandidate()
            candidate = scene.isBlank ? nil : Candidate(time: frame, look: look, begin: min(scene.begin, frame))
        } else if let held = candidate, detector.isWithinScene, time - held.begin <= FrameScan.sharpening,
            look.detail > held.look.detail * FrameScan.sharper
        {
            // Recordings of meetings send a new slide blurred and then sharpen it.
            candidate = Candidate(time: frame, look: look, begin: held.begin)
        }
    }

    private func keepCandidate() {
        if let candidate { kept.offer(candidate.time, candidate.look, begin: candidate.begin) }
        candidate = nil
    }

    private func keep(_ time: Double) {
        if first == nil { first = time }
        if let look = file.look() { kept.offer(time, look, begin: time) }
    }

    /// Keeps the frame that is shown at the time looked for: the last one that is not after it.
    private func takeRegular(_ time: Double, interval: Double) throws(Failure) {
        let step = max(interval, 1e-3)
        guard time >= target - FrameScan.sameTime else { return }
        if time > target + FrameScan.sameTime, file.stepBack() {
            keep(file.seconds ?? time)
            _ = try file.next()
        } else {
            keep(time)
        }
        // Times that fall into the same frame are one.
        while target <= time + FrameScan.sameTime { target += step }
        if target - time > FrameScan.worthSeeking, file.keyFrame(before: target) ?? target > time { try file.seek(to: target) }
    }

    /// Keeps the frame that stays until the end where a time that is looked for falls between the two.
    private func takeShown(until end: Double) throws(Failure) {
        switch selection.choice {
        case .rate, .every: break
        case .scenes where first == nil: break
        default: return
        }
        guard target <= end + FrameScan.sameTime, let time = file.seconds else { return }
        if time > target + FrameScan.sameTime, !file.stepBack() { return }
        let shown = file.seconds ?? time
        if selection.choice == .scenes { takeLook(at: shown) } else { keep(shown) }
    }

    private func finish() throws(Failure) -> Bool {
        rest(until: min(selection.to ?? .infinity, file.facts.duration))
        keepCandidate()
        isComplete = true
        if kept.frames.isEmpty {
            guard let first else {
                guard scanned > 0 else {
                    throw Failure(
                        .damagedFile, "no frame of the video can be decoded", remedy: "play it in a video player and save it again")
                }
                throw FrameScan.pastEnd(target, last)
            }
            times = [first]
            begins = [first]
        } else {
            let chosen = KeptFrames.thinned(kept.frames, to: selection.limit)
            times = chosen.map(\.time)
            begins = chosen.map(\.begin)
        }
        kept = KeptFrames()
        detector = SceneDetector()
        file.skipToKeys(false)
        return true
    }

    /// How many frames are chosen so far.
    public var count: Int { isComplete ? times.count : kept.frames.count }

    /// Makes the chosen frame of a number from 1 the current one of the file.
    ///
    /// - Throws: `page_damaged` where it can't be decoded, `page_out_of_range` where the video ends before it, `decode_limit`.
    public func show(_ number: Int) throws(Failure) {
        guard isComplete, times.indices.contains(number - 1) else { throw Failure(.pageOutOfRange, "there is no frame \(number)") }
        let time = times[number - 1]
        if let now = file.seconds, now <= time + FrameScan.sameTime, !isSeekBetter(from: now, to: time) {
            if try advance(to: time) { return }
        }
        // Where the index of a file is wrong, its key frame comes late: from further before, then from the start.
        for start in [time, max(0, time - 10), 0] {
            try file.seek(to: start)
            if try advance(to: time) { return }
        }
        throw Failure(.pageDamaged, "the frame at \(FrameScan.text(time)) s can't be decoded")
    }

    private func isSeekBetter(from now: Double, to time: Double) -> Bool {
        if let key = file.keyFrame(before: time) { return key > now + FrameScan.sameTime }
        return time - now > FrameScan.worthSeeking
    }

    /// Decodes up to the frame that is shown at a time; false where the frames begin after it.
    private func advance(to time: Double) throws(Failure) -> Bool {
        var isLater = (file.seconds ?? -1) > time + FrameScan.sameTime
        while !isLater {
            if let now = file.seconds, abs(now - time) <= FrameScan.sameTime { return true }
            switch try file.next() {
            case .pending: guard file.packets <= FrameScan.maximumPackets else { throw FrameScan.endless }
            case .frame: isLater = (file.seconds ?? 0) > time + FrameScan.sameTime
            case .end:
                // The last frame stays until the end.
                guard let now = file.seconds else { return false }
                guard time <= max(now + 1, file.facts.duration + 1) else { throw FrameScan.pastEnd(time, now) }
                return true
            }
        }
        // Nothing is shown before the first frame of all.
        return file.stepBack() || time <= FrameScan.sameTime
    }
}
