internal import QdocCore

/// What an endpoint is known to refuse is refused before anything is sent.
struct RequestRules {
    /// Pixels of the shorter side: “over 10” by the page, “at least 10” by the error's text.
    ///
    /// - Source: Model Studio, visual understanding, limits of images (February 2026).
    private static let leastSide = 11
    /// Longer side to shorter side.
    ///
    /// - Source: as above, and the resize of QwenLM's own vision code.
    private static let mostStretch = 200

    let request: ModelRequest
    let endpoint: ModelEndpoint

    private var profile: ModelProfile { endpoint.profile }

    /// - Throws: `request_unsupported`.
    func check() throws(Failure) {
        try checkThinking()
        try checkParts()
        try checkFields()
        try checkResponseFormat()
    }

    private func refuse(_ what: String, _ remedy: String) -> Failure {
        Failure(.requestUnsupported, "\(endpoint.name) \(what)", remedy: remedy)
    }

    private func checkThinking() throws(Failure) {
        switch (profile.thinking, request.thinks) {
        case (.always, false?):
            throw refuse("always thinks", "leave thinking at auto, or choose a model whose thinking can be switched off")
        case (.none, true?):
            throw refuse("does not think", "leave thinking at auto, or choose a model that thinks")
        case (.hybrid(let isOnByDefault), let thinks?) where endpoint.thinkingSwitch == .none && thinks != isOnByDefault:
            throw refuse(
                "cannot be told \(thinks ? "to think" : "not to think") at this endpoint",
                "leave thinking at auto, or choose another endpoint")
        default: break
        }
        guard let budget = request.thinkingBudget else { return }
        guard profile.fields.contains(.thinkingBudget) else {
            throw refuse("takes no thinking budget", "leave the thinking budget out")
        }
        guard budget >= 1 else { throw refuse("takes no thinking budget of \(budget) tokens", "give at least 1, or switch thinking off") }
        if let most = profile.maxThought, budget > most {
            throw refuse("thinks for at most \(most) tokens, not \(budget)", "lower the thinking budget, or leave it out")
        }
    }

    private func checkParts() throws(Failure) {
        for part in request.parts {
            switch part {
            case .text: break
            case .image(let image):
                guard profile.fields.contains(.images) else { throw refuse("reads text alone, no images", "choose a model that sees") }
                try check(image)
            case .video(let frames, _):
                guard profile.fields.contains(.video) else { throw refuse("takes no video", "send single images, or choose another model") }
                if let range = profile.videoFrames, !range.contains(frames.count) {
                    throw refuse(
                        "takes \(range.lowerBound) to \(range.upperBound) frames of a video, not \(frames.count)",
                        frames.count < range.lowerBound ? "send the frames as images" : "send fewer frames")
                }
                for frame in frames { try check(frame) }
            }
        }
    }

    private func check(_ image: EncodedImage) throws(Failure) {
        let number = image.record.number
        let size = image.record.size
        let short = min(size.width, size.height)
        guard short >= Self.leastSide else {
            throw refuse(
                "takes no image below \(Self.leastSide) pixels a side, and image \(number) has \(size.width)x\(size.height)",
                "leave its page out, or raise the size of images")
        }
        guard max(size.width, size.height) <= short * Self.mostStretch else {
            throw refuse(
                "takes no image longer than \(Self.mostStretch) times its width, and image \(number) has \(size.width)x\(size.height)",
                "leave its page out")
        }
        if let limit = profile.maxDataURI, image.dataURICount > limit {
            throw refuse(
                "takes images of at most \(limit) bytes encoded, and image \(number) has \(image.dataURICount)",
                "lower the longest side of images")
        }
    }

    private func checkFields() throws(Failure) {
        if request.system != nil, !profile.fields.contains(.system) {
            throw refuse("takes no system message", "write the instructions at the top of the question")
        }
        if request.temperature != nil, !profile.fields.contains(.temperature) {
            throw refuse("takes no temperature", "leave the temperature out")
        }
        if request.seed != nil, !profile.fields.contains(.seed) { throw refuse("takes no seed", "leave the seed out") }
        guard request.maxOutputTokens >= 1 else { throw refuse("cannot answer in \(request.maxOutputTokens) tokens", "give at least 1") }
        if let most = profile.maxOutput, request.maxOutputTokens > most {
            throw refuse("answers with at most \(most) tokens, not \(request.maxOutputTokens)", "lower the output limit")
        }
    }

    private func checkResponseFormat() throws(Failure) {
        guard let format = request.responseFormat else { return }
        let isTaken: Bool
        switch format {
        case .jsonObject: isTaken = profile.fields.contains(.jsonObject)
        case .jsonSchema: isTaken = profile.fields.contains(.jsonSchema)
        }
        guard isTaken else {
            throw refuse("cannot be held to this response format", "ask for JSON in the question, or choose another model")
        }
        guard !request.thinks(at: endpoint) else {
            throw refuse("takes no response format while it thinks", "switch thinking off, or ask for JSON in the question")
        }
        guard format == .jsonObject else { return }
        var texts = [request.system ?? ""]
        for case .text(let text) in request.parts { texts.append(text) }
        guard texts.contains(where: { $0.lowercased().contains("json") }) else {
            throw refuse("answers in JSON only where a message says “JSON”", "name JSON in the question")
        }
    }
}
