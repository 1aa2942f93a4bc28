public import QdocCore
public struct ProofPage: Sendable { public init(reference: PageReference, imageNumber: Int?, content: PageContent) {} }
public struct Prover: Sendable {
    public init(schema: JSONValue) {}
    public func prove(data: JSONValue, citations: [JSONPointer: Citation], places: [JSONPointer: [Place]], pages: [ProofPage], call: Int?) -> [Evidence] {
        places.map { Evidence(pointer: $0.key, value: data[$0.key] ?? .null, verdict: .located, places: $0.value) }
    }
}
