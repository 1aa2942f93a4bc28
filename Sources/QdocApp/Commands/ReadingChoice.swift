import QdocCore
import QdocIngest
import QdocModel

/// What the command line says about images, frames and characters.
enum ReadingChoice {
    /// - Throws: `invalid_arguments`.
    static func images(_ parsed: ParsedArguments) throws(Failure) -> ImageChoice {
        ImageChoice(
            detail: parsed.value("detail").flatMap(ImageDetail.init) ?? .auto, maxTokens: parsed.count("max-tokens-per-image"),
            regions: try parsed.all("region").map { text throws(Failure) in try PageRegion(text) })
    }

    /// How images are made for a model; without one as for the Qwen3 family, the middle of what the catalogue knows.
    static func imageRule(for model: ModelChoice, maxSide: Int?) throws(Failure) -> ImageRule {
        switch model {
        case .local:
            var rule = try Catalogue.shipped().imageRule(forModel: "qwen3")
            rule.maxSide = maxSide
            return rule
        case .hosted(let choice): return choice.endpoint.profile.image
        }
    }

    static func recognition(_ parsed: ParsedArguments) -> Recognition {
        Recognition(
            policy: parsed.value("ocr").flatMap(Recognition.Policy.init) ?? .auto,
            languages: (parsed.value("ocr-languages") ?? "").split { $0 == "," || $0 == "+" }.map(String.init))
    }

    /// - Throws: `invalid_arguments`.
    static func frames(_ parsed: ParsedArguments) throws(Failure) -> FrameSelection {
        let ways = ["fps", "every", "key-frames", "at"].filter { parsed.has($0) || parsed.value($0) != nil }
        guard ways.count <= 1 else {
            throw Failure(
                .invalidArguments, "--\(ways[0]) and --\(ways[1]) choose frames in two ways", remedy: "give one of them")
        }
        var selection = FrameSelection()
        if let limit = parsed.count("frames") { selection.limit = limit }
        if let rate = parsed.value("fps") {
            guard let rate = Double(rate), rate > 0, rate <= 1_000 else {
                throw Failure(.invalidArguments, "“\(rate)” is no number of frames a second", remedy: "write --fps 2 or --fps 0.5")
            }
            selection.choice = .rate(rate)
        }
        if let every = parsed.value("every") {
            let seconds = try VideoTime.seconds(every)
            guard seconds > 0 else { throw Failure(.invalidArguments, "--every 0 would be every frame", remedy: "give --fps for that") }
            selection.choice = .every(seconds)
        }
        if parsed.has("key-frames") { selection.choice = .keyFrames }
        if let times = parsed.value("at") {
            let times = try times.split(separator: ",", omittingEmptySubsequences: false).map { text throws(Failure) in
                try VideoTime.seconds(text)
            }
            guard times.count <= 1_000 else { throw Failure(.invalidArguments, "--at takes 1,000 times at most", remedy: "name fewer") }
            selection.choice = .at(times)
            selection.limit = max(selection.limit, parsed.count("frames") == nil ? times.count : 0)
        }
        selection.from = try parsed.value("from").map { text throws(Failure) in try VideoTime.seconds(text) }
        selection.to = try parsed.value("to").map { text throws(Failure) in try VideoTime.seconds(text) }
        if let from = selection.from, let to = selection.to, from > to {
            throw Failure(.invalidArguments, "--from lies after --to", remedy: "turn them round")
        }
        return selection
    }
}
