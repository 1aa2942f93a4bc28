internal import QdocCore
internal import QdocYAML

/// Prices, limits and rules of counting.
extension CatalogueForm {
    // MARK: Counting

    /// Pixels of an image: far above what any provider takes.
    private static let pixelLimit = 1_000_000_000

    mutating func imageRule(_ node: YAMLNode) -> ImageRule? {
        faults.refuseUnknown(
            in: node, known: ["counting", "cell", "min-pixels", "max-pixels", "max-side", "base", "per-tile", "cap", "factor"])
        guard let kind = faults.text("counting", of: node, oneOf: ["cells", "padded-cells", "tiles", "patches"]) else {
            if node["counting"] == nil { faults.add("“counting” is missing", at: node) }
            return nil
        }
        let side = faults.count("max-side", of: node, in: 64...16_384)
        switch kind {
        case "tiles":
            guard let base = required("base", of: node, in: 0...100_000), let perTile = required("per-tile", of: node, in: 0...100_000)
            else {
                return nil
            }
            // Inside 768 by 2,048 nothing is resized.
            return ImageRule(
                patch: 1, minPixels: 1, maxPixels: 768 * 2_048, maxSide: side, counting: .tiles(base: base, perTile: perTile))
        case "patches":
            guard let cap = required("cap", of: node, in: 1...100_000) else { return nil }
            let factor = faults.decimal("factor", of: node, upTo: 100)?.double ?? 1
            return ImageRule(
                patch: 32, minPixels: 1, maxPixels: cap * 32 * 32, maxSide: side,
                counting: .patches(cap: cap, hundredths: Int((factor * 100).rounded())))
        default:
            guard let cell = required("cell", of: node, in: 1...1_024), let most = required("max-pixels", of: node, in: 1...Self.pixelLimit)
            else { return nil }
            let least = faults.count("min-pixels", of: node, in: 1...most) ?? cell * cell
            guard most >= cell * cell else {
                faults.add("“max-pixels” is less than one cell", at: node)
                return nil
            }
            return ImageRule(
                patch: cell, minPixels: least, maxPixels: most, maxSide: side, counting: kind == "cells" ? .cells : .paddedCells)
        }
    }

    mutating func videoRule(_ node: YAMLNode) -> VideoRule? {
        faults.refuseUnknown(in: node, known: ["counting", "cell", "min-pixels", "max-pixels", "total-pixels", "frames-per-slot"])
        let kind = faults.text("counting", of: node, oneOf: ["cells", "padded-cells"]) ?? "cells"
        guard let cell = required("cell", of: node, in: 1...1_024), let most = required("max-pixels", of: node, in: 1...Self.pixelLimit)
        else {
            return nil
        }
        return VideoRule(
            patch: cell, minPixels: faults.count("min-pixels", of: node, in: 1...most) ?? cell * cell, maxPixels: most,
            totalPixels: faults.count("total-pixels", of: node, in: 1...Self.pixelLimit),
            framesPerSlot: faults.count("frames-per-slot", of: node, in: 1...100) ?? 2, counting: kind == "cells" ? .cells : .paddedCells)
    }

    private mutating func required(_ key: String, of node: YAMLNode, in range: ClosedRange<Int>) -> Int? {
        if node[key] == nil { faults.add("“\(key)” is missing", at: node) }
        return faults.count(key, of: node, in: range)
    }

    // MARK: Limits

    mutating func limits(_ node: YAMLNode) -> RateLimits? {
        guard node.members != nil else {
            faults.add("“limits” must be a mapping of requests, tokens and concurrency", at: node)
            return nil
        }
        faults.refuseUnknown(in: node, known: ["requests", "tokens", "concurrency"])
        return RateLimits(
            requestsPerMinute: faults.count("requests", of: node, in: 1...10_000_000),
            tokensPerMinute: faults.count("tokens", of: node, in: 1...10_000_000_000),
            concurrency: faults.count("concurrency", of: node, in: 1...10_000))
    }

    // MARK: Prices

    private static let rateKeys = ["input", "cached-input", "output", "thinking-output"]

    mutating func price(_ node: YAMLNode) -> CataloguePrice? {
        if let word = node.string {
            switch word {
            case "free": return CataloguePrice(.free)
            case "unknown": return CataloguePrice(.unknown)
            default: break
            }
        }
        guard node.members != nil else {
            faults.add("“price” must be free, unknown, or a mapping such as {currency: USD, input: 0.4, output: 2.4}", at: node)
            return nil
        }
        faults.refuseUnknown(in: node, known: ["currency", "date", "about", "call", "tiers"] + Self.rateKeys)
        let date = faults.text("date", of: node)
        let isApproximate = faults.flag("about", of: node) ?? false
        guard let currency = node["currency"]?.string.flatMap({ Currency($0) }) else {
            faults.add("“currency” must be three capital letters, as in USD", at: node["currency"] ?? node)
            return nil
        }
        guard let value = pricing(node, currency) else { return nil }
        return CataloguePrice(value, date: date, isApproximate: isApproximate)
    }

    private mutating func pricing(_ node: YAMLNode, _ currency: Currency) -> Price? {
        if let call = node["call"] {
            guard let money = call.number.flatMap({ Money($0.lexical, currency) }) else {
                faults.add("“call” must be a decimal of at most nine places", at: call)
                return nil
            }
            refuseBeside("call", ["tiers"] + Self.rateKeys, node)
            return .call(money)
        }
        guard let list = node["tiers"] else { return tier(node).map { .tokens(currency, [$0]) } }
        refuseBeside("tiers", Self.rateKeys, node)
        guard let elements = list.elements, !elements.isEmpty, elements.count <= 16 else {
            faults.add("“tiers” must be a list of one to 16 mappings", at: list)
            return nil
        }
        var tiers: [PriceTier] = []
        for (index, element) in elements.enumerated() {
            faults.refuseUnknown(in: element, known: ["up-to"] + Self.rateKeys)
            let upTo = faults.count("up-to", of: element, in: 1...10_000_000)
            let isLast = index == elements.count - 1
            if (element["up-to"] == nil) != isLast { faults.add("each tier but the last one, and only those, has “up-to”", at: element) }
            if let upTo, let before = tiers.last?.upTo, upTo <= before { faults.add("tiers must ascend", at: element) }
            guard var tier = tier(element) else { return nil }
            tier.upTo = upTo
            tiers.append(tier)
        }
        return .tokens(currency, tiers)
    }

    private mutating func refuseBeside(_ key: String, _ others: [String], _ node: YAMLNode) {
        for other in others {
            if let value = node[other] { faults.add("“\(other)” cannot stand beside “\(key)”", at: value) }
        }
    }

    private mutating func tier(_ node: YAMLNode) -> PriceTier? {
        let (input, output) = (rate("input", of: node, isRequired: true), rate("output", of: node, isRequired: true))
        guard let input, let output else { return nil }
        return PriceTier(
            input: input, cachedInput: rate("cached-input", of: node), output: output, thinkingOutput: rate("thinking-output", of: node))
    }

    /// A price per million tokens.
    private mutating func rate(_ key: String, of node: YAMLNode, isRequired: Bool = false) -> TokenRate? {
        guard let value = node[key] else {
            if isRequired { faults.add("“\(key)” is missing: the price of a million tokens", at: node) }
            return nil
        }
        guard let rate = value.number.flatMap({ TokenRate(perMillion: $0.lexical) }) else {
            faults.add("“\(key)” must be the price of a million tokens, a decimal of at most six places", at: value)
            return nil
        }
        return rate
    }
}
