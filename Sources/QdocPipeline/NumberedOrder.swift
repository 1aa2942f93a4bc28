import QdocCore

/// An image to be made, with the number it has in the run.
struct NumberedOrder: Sendable, Hashable {
    var number: Int
    var order: ImageOrder
}
