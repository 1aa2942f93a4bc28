import QdocCore
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
}

/// Finds keys: in the environment, in a file that it names, or in a file that the configuration names.
enum Keys {
    /// The key of a provider, or nil where none is set.
    ///
    /// - Throws: `invalid_configuration` of a key that cannot be one, or of a file that cannot be read or that others may write.
    static func find(_ provider: Provider, _ configuration: Configuration, _ environment: Environment) throws(Failure) -> Secret? {
        if let key = environment[provider.keyVariable] { return try check(key, origin: provider.keyVariable) }
        let variable = provider.keyVariable + "_FILE"
        guard let path = environment[variable] ?? configuration.providers[provider.name]?.keyFile else { return nil }
        let origin = environment[variable] == nil ? "key-file of \(provider.name) in the configuration" : variable
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

    /// Whether a key is set, without looking at it.
    static func isSet(_ provider: Provider, _ configuration: Configuration, _ environment: Environment) -> Bool {
        let file = environment[provider.keyVariable + "_FILE"] ?? configuration.providers[provider.name]?.keyFile
        return environment[provider.keyVariable] != nil || file.map(Files.exists) ?? false
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
