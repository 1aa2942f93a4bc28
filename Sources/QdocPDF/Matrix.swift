import QdocCore

/// An affine transformation: `x' = a·x + c·y + e`, `y' = b·x + d·y + f`.
///
/// - Source: ISO 32000-2, 8.3.3.
struct Matrix: Equatable {
    var a = 1.0
    var b = 0.0
    var c = 0.0
    var d = 1.0
    var e = 0.0
    var f = 0.0

    init() {}

    init(_ a: Double, _ b: Double, _ c: Double, _ d: Double, _ e: Double, _ f: Double) {
        (self.a, self.b, self.c, self.d, self.e, self.f) = (a, b, c, d, e, f)
    }

    init?(_ numbers: [Double]?) {
        guard let numbers, numbers.count == 6 else { return nil }
        self.init(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5])
    }

    /// From the user space of a page to points as displayed.
    ///
    /// - Parameters:
    ///   - crop: In user space, y up: left, bottom, right, top.
    ///   - rotation: Clockwise degrees.
    init(displaying crop: (left: Double, bottom: Double, right: Double, top: Double), rotation: Int) {
        switch rotation {
        case 90: self.init(0, 1, 1, 0, -crop.bottom, -crop.left)
        case 180: self.init(-1, 0, 0, 1, crop.right, -crop.bottom)
        case 270: self.init(0, -1, -1, 0, crop.top, crop.right)
        default: self.init(1, 0, 0, -1, -crop.left, crop.top)
        }
    }

    /// This transformation, its results made larger.
    func scaled(by factor: Double) -> Matrix {
        Matrix(a * factor, b * factor, c * factor, d * factor, e * factor, f * factor)
    }

    /// First this transformation, then the other.
    func then(_ next: Matrix) -> Matrix {
        Matrix(
            a * next.a + b * next.c, a * next.b + b * next.d, c * next.a + d * next.c, c * next.b + d * next.d,
            e * next.a + f * next.c + next.e, e * next.b + f * next.d + next.f)
    }

    func apply(_ x: Double, _ y: Double) -> Point { Point(x: a * x + c * y + e, y: b * x + d * y + f) }

    /// How much lengths grow, by the mean of both axes.
    var scale: Double { abs(a * d - b * c).squareRoot() }

    /// The box that holds the image of a rectangle.
    func box(_ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double) -> Box {
        Box(from: apply(x0, y0), to: apply(x1, y1)).union(Box(from: apply(x0, y1), to: apply(x1, y0)))
    }
}
