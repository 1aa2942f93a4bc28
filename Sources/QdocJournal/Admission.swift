public import QdocCore

/// A run as it asks to be let in: what it is, and what running it again takes.
public struct RunAdmission: Sendable {
    /// A text that the caller made; sorts by time.
    public var id: String
    public var pipeline: String
    /// The model as the user names it.
    public var model: String
    /// The endpoint that its calls are planned for.
    public var endpoint: String
    /// Which key pays, by `Journal.keyID`; nil where none does.
    public var keyID: String?
    /// The command line, without the program.
    public var arguments: [String]
    public var workingFolder: String

    public init(
        id: String, pipeline: String, model: String, endpoint: String, keyID: String?, arguments: [String], workingFolder: String
    ) {
        self.id = id
        self.pipeline = pipeline
        self.model = model
        self.endpoint = endpoint
        self.keyID = keyID
        self.arguments = arguments
        self.workingFolder = workingFolder
    }
}

/// A call that a run expects to make.
public struct PlannedCall: Sendable, Hashable {
    /// The number of its window, from 1.
    public var number: Int
    /// Numbers of its images.
    public var images: [Int]
    /// The most that it can cost; nil where the price is unknown.
    public var reservation: Money?
    /// The digest of what is asked, where it is known already: a call that the store can answer reserves nothing.
    public var identity: String?

    public init(number: Int, images: [Int], reservation: Money?, identity: String? = nil) {
        self.number = number
        self.images = images
        self.reservation = reservation
        self.identity = identity
    }
}

/// What may be spent, currency by currency. Amounts of different currencies are never added.
public struct SpendingCaps: Sendable, Hashable {
    /// A run without a cap of its own: 1 USD, 10 CNY. A run that costs money in another currency needs one.
    package static let defaultPerRun: [Currency: Money] = [
        .usd: Money(nanos: 1_000_000_000, .usd), .cny: Money(nanos: 10_000_000_000, .cny),
    ]

    public var perRequest: [Currency: Money]
    public var perRun: [Currency: Money]
    /// A day is one of UTC.
    public var perDay: [Currency: Money]
    /// Of one key, a day.
    public var perKey: [Currency: Money]

    public init(
        perRequest: [Currency: Money] = [:], perRun: [Currency: Money]? = nil, perDay: [Currency: Money] = [:],
        perKey: [Currency: Money] = [:]
    ) {
        self.perRequest = perRequest
        self.perRun = perRun ?? Self.defaultPerRun
        self.perDay = perDay
        self.perKey = perKey
    }
}

/// The right to write to a run, until it ends or its process does.
public struct RunLease: Sendable, Hashable {
    public let run: String
    /// The sequence number of the run's last event: 0, or more where it was broken off and goes on.
    public let lastSequence: Int
    let owner: String
    let lease: Int64
    let epoch: Int64
}
