import QdocCore

extension PDFStructure {
    /// Reads a colour space: a name or an array.
    ///
    /// - Parameter depth: Spaces may rest on others; deeper than 4 they are loops.
    func colorSpace(_ object: Object, depth: Int = 0) -> ColorSpace {
        if let name = name(object) { return ColorSpace(deviceName: name) ?? .unknown }
        guard depth < 4, count(object) > 0, let family = name(item(object, 0)) else { return .unknown }
        switch family {
        case "/ICCBased":
            let profile = item(object, 1)
            guard isStream(profile) else { return .unknown }
            switch value(dictionary(ofStream: profile), "/N").flatMap({ number($0) }) {
            case 1: return .gray
            case 3: return .rgb
            case 4: return .cmyk
            default: return .unknown
            }
        case "/CalGray": return .gray
        case "/CalRGB": return .rgb
        case "/Lab": return .lab
        case "/Indexed", "/I":
            let table = item(object, 3)
            let bytes = string(table) ?? bytes(ofStream: table) ?? []
            return .indexed(base: colorSpace(item(object, 1), depth: depth + 1), table: Array(bytes.prefix(4096)))
        case "/Separation":
            return .tint(components: 1, alternate: colorSpace(item(object, 2), depth: depth + 1), function: function(item(object, 3)))
        case "/DeviceN":
            let components = max(1, min(32, count(item(object, 1))))
            let function = components == 1 ? function(item(object, 3)) : .unknown
            return .tint(components: components, alternate: colorSpace(item(object, 2), depth: depth + 1), function: function)
        default: return ColorSpace(deviceName: family) ?? .unknown
        }
    }

    private func function(_ object: Object) -> TintFunction {
        let dictionary = isStream(object) ? dictionary(ofStream: object) : object
        switch value(dictionary, "/FunctionType").flatMap({ number($0) }) {
        case 2:
            return .exponential(
                from: numbers(value(dictionary, "/C0")) ?? [0], to: numbers(value(dictionary, "/C1")) ?? [1],
                exponent: value(dictionary, "/N").flatMap { number($0) } ?? 1)
        case 0:
            guard let range = numbers(value(dictionary, "/Range")), range.count >= 2, range.count <= 64,
                numbers(value(dictionary, "/Size"))?.count == 1,
                value(dictionary, "/BitsPerSample").flatMap({ number($0) }) == 8, let bytes = bytes(ofStream: object)
            else { return .unknown }
            return .sampled(
                outputs: range.count / 2, samples: bytes.prefix(65_536).map { Double($0) / 255 },
                decode: numbers(value(dictionary, "/Decode")) ?? range)
        default: return .unknown
        }
    }
}

extension ColorSpace {
    /// The spaces that a name alone stands for.
    init?(deviceName: String) {
        switch deviceName {
        case "/DeviceGray", "/G", "/CalGray": self = .gray
        case "/DeviceRGB", "/RGB", "/CalRGB": self = .rgb
        case "/DeviceCMYK", "/CMYK": self = .cmyk
        case "/Pattern": self = .unknown
        default: return nil
        }
    }
}
