import QdocCore
import QdocModel
import QdocReport

/// What is known of a model, in words and as JSON.
enum ModelText {
    static func thinking(_ thinking: Thinking) -> String {
        switch thinking {
        case .none: "never"
        case .always: "always"
        case .hybrid(let isOnByDefault): isOnByDefault ? "can, on" : "can, off"
        }
    }

    /// Thousands parted by commas.
    static func grouped(_ number: Int) -> String {
        let digits = String(number.magnitude)
        return digits.enumerated().reduce(number < 0 ? "-" : "") { text, digit in
            text + (digit.offset > 0 && (digits.count - digit.offset) % 3 == 0 ? "," : "") + String(digit.element)
        }
    }

    /// In one line: of several tiers the first.
    static func price(_ model: CatalogueModel) -> String {
        let about = model.isPriceApproximate ? "about " : ""
        switch model.profile.price {
        case .free: return "free"
        case .unknown: return "unknown"
        case .call(let money): return "\(about)\(amount(money.decimal, money.currency)) a call"
        case .tokens(let currency, let tiers):
            guard let first = tiers.first else { return "unknown" }
            return about + rates(first, currency) + (first.upTo.map { ", more above \(grouped($0))" } ?? "")
        }
    }

    private static func rates(_ tier: PriceTier, _ currency: Currency) -> String {
        "\(amount(tier.input.perMillion, currency)) / \(amount(tier.output.perMillion, currency))"
    }

    private static func amount(_ decimal: String, _ currency: Currency) -> String {
        currency == .usd ? "$\(decimal)" : "\(decimal) \(currency.code)"
    }

    /// Titles and values for a terminal.
    static func rows(_ model: CatalogueModel) -> [(String, String)] {
        let profile = model.profile
        var rows = [
            ("thinking", thinking(profile.thinking)),
            ("streaming", profile.streaming == .only ? "always" : profile.streaming == .never ? "never" : "yes"),
            ("takes", profile.fields.map(\.rawValue).sorted().joined(separator: ", ")),
        ]
        let limits: [(String, Int?)] = [
            ("context", profile.context), ("input", profile.maxInput), ("input, thinking", profile.maxThinkingInput),
            ("answer", profile.maxOutput), ("thought", profile.maxThought),
        ]
        for (title, limit) in limits { if let limit { rows.append((title, "\(grouped(limit)) tokens at most")) } }
        if profile.fields.contains(.images) { rows.append(("images", images(profile.image))) }
        if let bytes = profile.maxDataURI { rows.append(("one image", "\(grouped(bytes)) bytes as a data URI at most")) }
        if let frames = profile.videoFrames { rows.append(("video", "\(frames.lowerBound) to \(grouped(frames.upperBound)) frames")) }
        let rates: [(Int?, String)] = [
            (profile.limits.requestsPerMinute, "requests a minute"), (profile.limits.tokensPerMinute, "tokens a minute"),
            (profile.limits.concurrency, "at once"),
        ]
        let said = rates.compactMap { count, what in count.map { "\(grouped($0)) \(what)" } }
        if !said.isEmpty { rows.append(("limits", said.joined(separator: ", "))) }
        rows += prices(model)
        if let source = model.source { rows.append(("source", DisplayText.safe(source))) }
        return rows
    }

    private static func images(_ rule: ImageRule) -> String {
        switch rule.counting {
        case .cells: "a token for each cell of \(rule.patch) pixels, \(grouped(rule.maxPixels / rule.patch / rule.patch)) cells at most"
        case .paddedCells:
            "a token for each cell of \(rule.patch) pixels, padded, \(grouped(rule.maxPixels / rule.patch / rule.patch)) at most"
        case .tiles(let base, let perTile): "\(base) tokens and \(perTile) for each tile of 512 pixels"
        case .patches(let cap, let hundredths):
            "\(JSONNumber(Double(hundredths) / 100)?.lexical ?? "1") tokens for each patch of 32 pixels, \(grouped(cap)) patches at most"
        }
    }

    private static func prices(_ model: CatalogueModel) -> [(String, String)] {
        let date = model.profile.priceDate.map { " (\(DisplayText.safe($0)))" } ?? ""
        guard case .tokens(let currency, let tiers) = model.profile.price else { return [("price", price(model) + date)] }
        let about = model.isPriceApproximate ? "about " : ""
        return tiers.enumerated().map { index, tier in
            var text = "\(about)\(rates(tier, currency)) a million tokens in / out"
            if let rate = tier.cachedInput { text += ", \(amount(rate.perMillion, currency)) in from the cache" }
            if let rate = tier.thinkingOutput { text += ", \(amount(rate.perMillion, currency)) out when it thought" }
            if let upTo = tier.upTo { text += ", to \(grouped(upTo)) tokens of input" } else if tiers.count > 1 { text += ", above" }
            return (index == 0 ? "price" : "", text + (index == 0 ? date : ""))
        }
    }

    static func json(_ model: CatalogueModel) -> JSONObject {
        let profile = model.profile
        var json: JSONObject = [
            "name": .string(model.name), "model": .string(model.model), "listed": .bool(model.isListed),
            "thinking": .string(thinkingWord(profile.thinking)), "streaming": .string(profile.streaming.rawValue),
            "fields": .array(profile.fields.map(\.rawValue).sorted().map { .string($0) }),
        ]
        if let region = model.region { json["region"] = .string(region.name) }
        let numbers: [(String, Int?)] = [
            ("context", profile.context), ("maxInput", profile.maxInput), ("maxThinkingInput", profile.maxThinkingInput),
            ("maxOutput", profile.maxOutput), ("maxThought", profile.maxThought), ("maxDataURI", profile.maxDataURI),
            ("requestsPerMinute", profile.limits.requestsPerMinute), ("tokensPerMinute", profile.limits.tokensPerMinute),
            ("concurrency", profile.limits.concurrency),
        ]
        for (name, number) in numbers { json[name] = number.map { .int($0) } }
        if let frames = profile.videoFrames { json["videoFrames"] = [.int(frames.lowerBound), .int(frames.upperBound)] }
        json["price"] = .object(priceJSON(model))
        json["source"] = model.source.map { .string($0) }
        return json
    }

    private static func thinkingWord(_ thinking: Thinking) -> String {
        switch thinking {
        case .none: "none"
        case .always: "always"
        case .hybrid(let isOnByDefault): isOnByDefault ? "hybrid-on" : "hybrid-off"
        }
    }

    private static func priceJSON(_ model: CatalogueModel) -> JSONObject {
        var json: JSONObject
        switch model.profile.price {
        case .free: json = ["kind": "free"]
        case .unknown: json = ["kind": "unknown"]
        case .call(let money): json = ["kind": "call", "currency": .string(money.currency.code), "call": .string(money.decimal)]
        case .tokens(let currency, let tiers):
            json = ["kind": "tokens", "currency": .string(currency.code), "tiers": .array(tiers.map(tierJSON))]
        }
        json["date"] = model.profile.priceDate.map { .string($0) }
        if model.isPriceApproximate { json["about"] = true }
        return json
    }

    /// Amounts are texts, so that no reader makes binary fractions of them.
    private static func tierJSON(_ tier: PriceTier) -> JSONValue {
        var json: JSONObject = ["input": .string(tier.input.perMillion), "output": .string(tier.output.perMillion)]
        json["upTo"] = tier.upTo.map { .int($0) }
        json["cachedInput"] = tier.cachedInput.map { .string($0.perMillion) }
        json["thinkingOutput"] = tier.thinkingOutput.map { .string($0.perMillion) }
        return .object(json)
    }
}
