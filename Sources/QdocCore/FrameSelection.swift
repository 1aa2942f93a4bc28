/// Which frames of a video are looked at.
public struct FrameSelection: Sendable, Hashable {
    public enum Choice: Sendable, Hashable {
        /// The first frame, and one after each change of scene.
        case scenes
        /// So many frames a second.
        case rate(Double)
        /// One frame each so many seconds.
        case every(Double)
        /// The frames that the encoder stored whole.
        case keyFrames
        /// The frames shown at these seconds from the start.
        case at([Double])
    }

    public var choice: Choice
    /// Seconds from the start of the video; nil for its start.
    public var from: Double?
    /// Seconds from the start of the video; nil for its end.
    public var to: Double?
    /// Frames at most; more are thinned out evenly.
    public var limit: Int

    /// Frames of one video unless the user says otherwise: what fits into one request of the models with the least room for images.
    public static let defaultLimit = 64

    public init(choice: Choice = .scenes, from: Double? = nil, to: Double? = nil, limit: Int = defaultLimit) {
        self.choice = choice
        self.from = from
        self.to = to
        self.limit = limit
    }
}
