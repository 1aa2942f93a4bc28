import QdocCore
import QdocModel
import QdocReport
import QdocRuntime

/// Parts of an endpoint's address that decide what may be sent there.
struct EndpointAddress: Hashable, Sendable {
    /// Without a trailing slash.
    var text: String
    var host: String
    var isEncrypted: Bool

    /// - Parameter origin: Where the address was written, for the message.
    /// - Throws: `invalid_configuration`.
    init(_ text: String, origin: String) throws(Failure) {
        let isEncrypted = text.hasPrefix("https://")
        let fault = Failure(
            .invalidConfiguration, "\(origin) is no address of an endpoint: “\(DisplayText.safe(String(text.prefix(200))))”",
            remedy: "write it as https://host/v1 or http://127.0.0.1:8000/v1")
        guard isEncrypted || text.hasPrefix("http://"), text.unicodeScalars.allSatisfy({ (0x21...0x7E).contains($0.value) }) else {
            throw fault
        }
        let rest = text.dropFirst(isEncrypted ? 8 : 7)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        // A name and password in an address would end up in logs; query and fragment would swallow the path that is added.
        guard !authority.contains("@"), !rest.contains("?"), !rest.contains("#"), rest.utf8.count <= 2_000 else { throw fault }
        let host = authority.hasPrefix("[") ? authority.dropFirst().prefix { $0 != "]" } : authority.prefix { $0 != ":" }
        guard !host.isEmpty else { throw fault }
        var trimmed = Substring(text)
        while trimmed.last == "/" { trimmed.removeLast() }
        self.text = String(trimmed)
        self.host = host.lowercased()
        self.isEncrypted = isEncrypted
    }

    /// Whether what is sent there stays on this machine.
    var isLoopback: Bool {
        guard host != "localhost", host != "::1" else { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// Whether another address leads to the same host.
    func isHost(of other: String) -> Bool {
        do {
            return try EndpointAddress(other, origin: "").host == host
        } catch {
            return false
        }
    }
}

/// Finds the key of an endpoint: in the environment, in a file that it names, or in a file that the configuration names.
///
/// A key is for one account: a variable of a region goes over that of its provider. A key file stands in a record with an address, and is
/// sent to that host alone.
struct Keys {
    private let variables: [String]
    private let files: [Catalogue.KeyFile]
    private let foreign: [Catalogue.KeyFile]
    /// Whether the endpoint asks for one; a server on this machine does not.
    let isNeeded: Bool

    init(catalogue: Catalogue, provider: CatalogueProvider, region: CatalogueRegion?, address: EndpointAddress) {
        variables = catalogue.keyVariables(of: provider, region: region)
        let all = catalogue.keyFiles(of: provider, region: region)
        files = all.filter { address.isHost(of: $0.baseURL) }
        foreign = all.filter { !address.isHost(of: $0.baseURL) }
        isNeeded = provider.needsKey && !address.isLoopback
    }

    /// The variable that a user is told to set.
    var variable: String { variables.first ?? "key-variable" }

    /// The key, or nil where none is set.
    ///
    /// - Throws: `invalid_configuration` of a key that cannot be one, or of a file that cannot be read or that others may write.
    func find(_ environment: Environment) throws(Failure) -> Secret? {
        for variable in variables {
            if let key = environment[variable] { return try Self.check(key, origin: variable) }
            if let path = environment[variable + "_FILE"] { return try Self.read(path, origin: variable + "_FILE") }
        }
        guard let file = files.first else { return nil }
        return try Self.read(file.path, origin: "key-file of \(file.record) in the configuration")
    }

    /// Whether a key is set, without looking at it.
    func isSet(_ environment: Environment) -> Bool {
        for variable in variables {
            if environment[variable] != nil { return true }
            if let path = environment[variable + "_FILE"] { return Files.exists(path) }
        }
        return files.first.map { Files.exists($0.path) } ?? false
    }

    /// What to say where none is set.
    func missing(_ model: String, _ environment: Environment) -> Failure {
        guard let file = foreign.first else {
            return Failure(
                .missingKey, "\(model) needs a key and \(variable) is not set",
                remedy: "set \(variable) or \(variable)_FILE, or use -m local, which needs none")
        }
        return Failure(
            .missingKey, "\(model) needs a key, and the key file of \(file.record) is for another host",
            remedy: "set \(variable) or \(variable)_FILE, or put base-url and key-file into one record of the configuration")
    }

    private static func read(_ path: String, origin: String) throws(Failure) -> Secret {
        guard !Files.isWritableByOthers(path) else {
            throw Failure(
                .invalidConfiguration, "the key file \(DisplayText.safe(path)) (\(origin)) can be written by others",
                remedy: "make it yours alone: chmod 600, owned by you or root")
        }
        // Keys are tens of bytes; a page of them is not a key file.
        let bytes: [UInt8]
        do {
            bytes = try Files.read(path, limit: 4 << 10)
        } catch {
            throw Failure(.invalidConfiguration, "\(origin): \(DisplayText.safe(error.message))", remedy: error.remedy)
        }
        return try check(String(decoding: bytes, as: UTF8.self), origin: "\(DisplayText.safe(path)) (\(origin))")
    }

    /// A key goes into a header: it is one word of printable ASCII.
    private static func check(_ text: String, origin: String) throws(Failure) -> Secret {
        var key = text[...]
        while let last = key.last, last.isWhitespace { key.removeLast() }
        while let first = key.first, first.isWhitespace { key.removeFirst() }
        guard !key.isEmpty, key.unicodeScalars.allSatisfy({ (0x21...0x7E).contains($0.value) }) else {
            throw Failure(.invalidConfiguration, "\(origin) holds no key", remedy: "set it to the key alone, one word without quotes")
        }
        return Secret(String(key))
    }
}
