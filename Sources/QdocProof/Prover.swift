public import QdocCore
public struct ProofPage: Sendable {}
