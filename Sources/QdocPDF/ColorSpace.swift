internal import Glibc
import QdocCore

/// A colour space of the page, as far as it decides what colour is seen.
///
/// Colours only have to be told apart and matched (a series with its legend), so profiles and black generation are left out.
///
/// - Source: ISO 32000-2, 8.6.
indirect enum ColorSpace {
    case gray
    case rgb
    case cmyk
    case lab
    case indexed(base: ColorSpace, table: [UInt8])
    case tint(components: Int, alternate: ColorSpace, function: TintFunction)
    /// A pattern or a space that is not understood: painted, colour unknown.
    case unknown

    /// Makes the colour of components; nil of none.
    func color(_ components: [Double]) -> Color {
        func part(_ index: Int) -> Double { components.indices.contains(index) ? components[index] : 0 }
        switch self {
        case .gray: return Color(part(0), part(0), part(0))
        case .rgb: return Color(part(0), part(1), part(2))
        case .cmyk:
            let light = 1 - part(3).clamped
            return Color((1 - part(0).clamped) * light, (1 - part(1).clamped) * light, (1 - part(2).clamped) * light)
        case .lab: return ColorSpace.lab(part(0), part(1), part(2))
        case .indexed(let base, let table):
            let count = base.componentCount
            let start = Int(max(0, min(part(0), 255))) * count
            guard start + count <= table.count else { return .middleGray }
            return base.color(table[start..<start + count].map { Double($0) / 255 })
        case .tint(_, let alternate, let function): return function.values(components).map { alternate.color($0) } ?? .middleGray
        case .unknown: return .middleGray
        }
    }

    var componentCount: Int {
        switch self {
        case .gray, .indexed, .unknown: 1
        case .rgb, .lab: 3
        case .cmyk: 4
        case .tint(let components, _, _): components
        }
    }

    /// The colour before any is set: black, but the first entry of a table and full tint.
    var initial: Color {
        switch self {
        case .cmyk: color([0, 0, 0, 1])
        case .tint(let components, _, _): color(Array(repeating: 1, count: components))
        default: color(Array(repeating: 0, count: componentCount))
        }
    }

    // D50 white, as nearly all Lab spaces of PDFs have it.
    private static func lab(_ lightness: Double, _ a: Double, _ b: Double) -> Color {
        let m = (lightness + 16) / 116
        func g(_ x: Double) -> Double { x >= 6.0 / 29 ? x * x * x : 108.0 / 841 * (x - 4.0 / 29) }
        let (x, y, z) = (0.9642 * g(m + a / 500), g(m), 0.8249 * g(m - b / 200))
        func gamma(_ v: Double) -> Double { v <= 0.0031308 ? 12.92 * v : 1.055 * pow(v, 1 / 2.4) - 0.055 }
        return Color(
            gamma(max(0, 3.1339 * x - 1.6169 * y - 0.4906 * z)), gamma(max(0, -0.9788 * x + 1.9161 * y + 0.0335 * z)),
            gamma(max(0, 0.0719 * x - 0.2290 * y + 1.4052 * z)))
    }
}

extension Color {
    static let black = Color(red: 0, green: 0, blue: 0)
    /// Stands for a colour that is not known.
    static let middleGray = Color(red: 128, green: 128, blue: 128)

    /// From parts between 0 and 1.
    init(_ red: Double, _ green: Double, _ blue: Double) {
        func byte(_ part: Double) -> UInt8 { UInt8((part.clamped * 255).rounded()) }
        self.init(red: byte(red), green: byte(green), blue: byte(blue))
    }
}

extension Double {
    var clamped: Double { isNaN ? 0 : max(0, min(1, self)) }
}

/// Turns tints into the components of another colour space.
///
/// - Source: ISO 32000-2, 7.10; calculator functions (type 4) are not evaluated.
indirect enum TintFunction {
    /// Type 2.
    case exponential(from: [Double], to: [Double], exponent: Double)
    /// Type 0 with one input: samples between 0 and 1, `outputs` for each.
    case sampled(outputs: Int, samples: [Double], decode: [Double])
    case unknown

    func values(_ inputs: [Double]) -> [Double]? {
        let x = (inputs.first ?? 0).clamped
        switch self {
        case .exponential(let from, let to, let exponent):
            let weight = pow(x, exponent)
            return zip(from, to).map { $0 + weight * ($1 - $0) }
        case .sampled(let outputs, let samples, let decode):
            let count = samples.count / max(1, outputs)
            guard count > 0, decode.count >= 2 * outputs else { return nil }
            let position = x * Double(count - 1)
            let index = min(Int(position), max(0, count - 2))
            let weight = position - Double(index)
            return (0..<outputs).map { output in
                let low = samples[index * outputs + output]
                let high = samples[min(index + 1, count - 1) * outputs + output]
                return decode[2 * output] + (low + weight * (high - low)) * (decode[2 * output + 1] - decode[2 * output])
            }
        case .unknown: return nil
        }
    }
}
