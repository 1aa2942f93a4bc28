/// Finds where the scene of a video changes, from the looks of its frames in order.
///
/// Three things are told apart. At a **cut** one frame differs from the one before, far more than frames did lately; it counts when the
/// picture has come to rest and has not gone back to what it was (a flash). A **gradual** change (a dissolve, a fade, a wipe) has no such
/// frame: it counts when the picture rests and differs from the scene's first frame, and did so suddenly when seen over two seconds, which a
/// moving camera does not. A **drift** is what a camera or a scrolled page that never rests has come to after a while.
struct SceneDetector {
    struct Scene: Hashable {
        /// When it began: the first frame of a cut, the frame that rests of a gradual change.
        var begin: Double
        /// Whether the frame that was just given shows nothing.
        var isBlank: Bool
    }

    /// Share of the cells that a new scene changes. Measured on the clips of `Tests/QdocBenchmarks/video_scenes.py`: within scenes 99 % of
    /// frames change at most 0.014 from one to the next (a speaker's inset); the smallest of 72 changes between slides came to 0.095.
    private static let area = 0.04
    /// How much more than lately a cut changes, and how far its change must have fallen for the picture to be at rest.
    private static let jump = 3.0
    private static let rest = 0.3
    /// 255ths: below this a mean change is none.
    private static let still = 0.3
    /// Seconds that "lately" means, and frames of it at least where a second has few.
    private static let lately = 0.5
    private static let fewest = 4
    /// Seconds for which a cut must have been at rest: light of a flash stays for up to a tenth. 0.12 to 0.25 s find equally many changes.
    private static let settling = 0.2
    /// Seconds after which a cut that found no rest is left to the other rules.
    private static let restlessness = 1.5
    /// Seconds over which rest and change are compared, and the share of the change that is left at rest: a steady movement makes a sixth of
    /// its 2 s in 0.35 s. Measured on 50 such clips with pauses of 0.25 to 0.35 s and shares of 0.12 to 0.2: these find 297 of 300 changes with
    /// 6 false ones; 0.12 finds 295 with 3, 0.2 finds 298 with 24, a pause of 0.25 s with 0.12 finds 299 with 12.
    private static let pause = 0.35
    private static let span = 2.0
    private static let restOfSpan = 0.14
    /// Of a picture that never rests: share of the cells that differ, and seconds since the last scene.
    private static let driftArea = 0.3
    private static let driftSpan = 10.0
    /// Looks of the span that are kept: 15 a second.
    private static let spacing = 1.0 / 15 - 1e-6

    private struct Moment {
        var time: Double
        var look: Look
    }

    private struct Cut {
        var time: Double
        var change: Double
        var before: Look
        /// When the picture changed last.
        var unrest: Double
    }

    /// The frame that stands for the scene, and the frame before.
    private var scene: Moment?
    private var previous: Look?
    /// Whether the last frame shows what the scene's does, and no cut has begun.
    private(set) var isWithinScene = true
    private var recent: [Moment] = []
    private var changes: [(time: Double, mean: Double)] = []
    private var cut: Cut?

    /// Takes the next frame.
    ///
    /// - Returns: A scene of which this frame is the first that rests; nil within a scene and within a change.
    mutating func take(_ look: Look, at time: Double) -> Scene? {
        guard let scene, let previous else {
            begin(look, at: time)
            self.previous = look
            return Scene(begin: time, isBlank: look.isBlank)
        }
        let step = look.difference(from: previous)
        let whole = look.difference(from: scene.look)
        var start = followCut(look, time, step, whole)
        if start == nil, cut == nil, whole.area >= SceneDetector.area, comesToRest(look, time, step, whole) { start = time }
        isWithinScene = start != nil || (cut == nil && whole.area < SceneDetector.area)
        if start != nil { begin(look, at: time) } else { remember(look, at: time) }
        changes.append((time, step.mean))
        while changes.count > SceneDetector.fewest, changes[0].time <= time - SceneDetector.lately + 1e-6 { changes.removeFirst() }
        self.previous = look
        return start.map { Scene(begin: $0, isBlank: look.isBlank) }
    }

    /// Begins, follows and ends a cut; gives the time of one that has come to rest.
    private mutating func followCut(_ look: Look, _ time: Double, _ step: Look.Difference, _ whole: Look.Difference) -> Double? {
        guard var pending = cut else {
            let most = changes.map(\.mean).max() ?? 0
            if step.area >= SceneDetector.area, step.mean >= SceneDetector.jump * max(SceneDetector.still, most), let previous {
                cut = Cut(time: time, change: step.mean, before: previous, unrest: time)
            }
            return nil
        }
        guard step.mean < SceneDetector.rest * pending.change else {
            pending.change = max(pending.change, step.mean)
            pending.unrest = time
            cut = time - pending.time > SceneDetector.restlessness ? nil : pending
            return nil
        }
        guard time - pending.unrest >= SceneDetector.settling - 1e-6 else { return nil }
        cut = nil
        let overall = look.difference(from: pending.before)
        // What came and went again was a flash.
        let stays = overall.area >= SceneDetector.area && overall.mean >= pending.change / 2
        guard stays, whole.area >= SceneDetector.area else { return nil }
        // Or the next cut, soon after, would not stand out.
        changes.removeAll { $0.time <= pending.unrest }
        return pending.time
    }

    private func comesToRest(_ look: Look, _ time: Double, _ step: Look.Difference, _ whole: Look.Difference) -> Bool {
        guard let near = recent.lastIndex(where: { $0.time <= time - SceneDetector.pause + 1e-6 }) else { return false }
        if hasRested(look, since: near, step) { return true }
        return whole.area >= SceneDetector.driftArea && time - (scene?.time ?? time) >= SceneDetector.driftSpan
    }

    /// Whether the picture has been as it is since a recent look, and was another within the span.
    private func hasRested(_ look: Look, since near: Int, _ step: Look.Difference) -> Bool {
        let inAll = look.difference(from: recent[0].look)
        guard inAll.area >= SceneDetector.area / 4 else { return false }
        // What noise makes of any two frames is no change: a quarter of the steps, so that a movement is not taken for noise.
        let sorted = (changes.map(\.mean) + [step.mean]).sorted()
        let noise = sorted[sorted.count / 4]
        let bound = SceneDetector.restOfSpan * (inAll.mean - noise) + noise
        // All of them: on its way through black a fade is as dark as it was a moment ago.
        return recent[near...].allSatisfy { look.difference(from: $0.look).mean < bound }
    }

    private mutating func begin(_ look: Look, at time: Double) {
        scene = Moment(time: time, look: look)
        recent = [Moment(time: time, look: look)]
        cut = nil
    }

    private mutating func remember(_ look: Look, at time: Double) {
        if let last = recent.last, time - last.time >= SceneDetector.spacing { recent.append(Moment(time: time, look: look)) }
        while recent.count > 1, recent[1].time <= time - SceneDetector.span { recent.removeFirst() }
    }
}
