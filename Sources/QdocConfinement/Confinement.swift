internal import CConfinement
internal import Glibc
public import QdocCore

/// Takes away from the calling process, for good, what a parser of foreign bytes never needs.
///
/// - Confinement: for a process with one thread.
public enum Confinement {
    /// What holds this process, from the outside in.
    public struct Layers: OptionSet, Sendable, Hashable, CustomStringConvertible {
        public let rawValue: UInt8

        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        static let seccomp = Layers(rawValue: 1)
        static let landlock = Layers(rawValue: 2)
        static let namespaces = Layers(rawValue: 4)
        /// A root of its own that holds the readable folders and nothing else; needs namespaces.
        static let root = Layers(rawValue: 8)

        /// `seccomp+landlock+namespaces+root`, or `none`.
        public var description: String {
            let names = [(Layers.seccomp, "seccomp"), (.landlock, "landlock"), (.namespaces, "namespaces"), (.root, "root")]
            let held = names.filter { contains($0.0) }.map(\.1)
            return held.isEmpty ? "none" : held.joined(separator: "+")
        }
    }

    /// Folders that drawing and reading a page reads from: fonts with their configuration and cache, character maps, converters of the C
    /// library, data of Tesseract.
    static let readableFolders = [
        "/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/fontconfig", "/etc/fonts", "/var/cache/fontconfig",
        "/usr/share/poppler", "/usr/share/ghostscript", "/usr/share/texmf/fonts", "/usr/lib", "/usr/local/lib",
        "/usr/share/tesseract-ocr", "/usr/share/tessdata", "/usr/local/share/tessdata",
    ]

    /// Address space of a worker beside its source: 1 GiB, more than twice what an image of 100 megapixels takes.
    static let addressSpace: UInt64 = 1 << 30

    /// Confines the fork server with what its workers inherit, and prepares the filter that each of them loads.
    ///
    /// - Returns: The layers that hold from now on, with `seccomp` where the workers will get it.
    public static func enterServer() -> Layers {
        enter([.seccomp, .landlock, .namespaces, .root])
    }

    static func enter(_ wanted: Layers) -> Layers {
        var layers: Layers = []
        // Namespaces first: landlock forbids nothing they need, but a filter would.
        let (user, group) = (geteuid(), getegid())
        if !wanted.isDisjoint(with: [.namespaces, .root]), qdoc_leave_namespaces() == 0 {
            layers.insert(.namespaces)
            if wanted.contains(.root), enterRoot(user, group) { layers.insert(.root) }
        }
        guard qdoc_drop_capabilities() == 0 else { return [] }
        guard qdoc_no_new_privileges() == 0 else { return layers }
        if wanted.contains(.landlock), restrictFiles() { layers.insert(.landlock) }
        if wanted.contains(.seccomp), qdoc_has_seccomp() == 1, qdoc_prepare_filter() == 0 { layers.insert(.seccomp) }
        return layers
    }

    /// Confines a worker: limits, then the filter.
    ///
    /// - Parameter sourceBytes: Size of the source, which may be mapped beside the address space allowed.
    /// - Parameter inherited: What the fork server entered.
    /// - Throws: `sandbox_unavailable` where the filter cannot be loaded and `allowUnsandboxed` is not set.
    public static func enterWorker(sourceBytes: Int, inherited: Layers, allowUnsandboxed: Bool) throws(Failure) -> Layers {
        if limitAndFilter(sourceBytes: sourceBytes, filter: true) { return inherited.union(.seccomp) }
        guard allowUnsandboxed else { throw noFilter }
        return inherited.subtracting(.seccomp)
    }

    /// Confines a process that makes a PDF of a text, and writes nothing but that.
    ///
    /// Its filter is a worker's, and lets it have threads too: pango starts one to look for fonts.
    ///
    /// - Parameter output: The one descriptor that may be written to.
    /// - Throws: `sandbox_unavailable` where the filter cannot be loaded and `allowUnsandboxed` is not set.
    public static func enterConverter(sourceBytes: Int, output: Int32, allowUnsandboxed: Bool) throws(Failure) {
        _ = enter([.landlock, .namespaces])
        guard qdoc_limit_converter(addressSpace + UInt64(clamping: sourceBytes)) == 0, qdoc_load_converter_filter(output) == 0 else {
            guard !allowUnsandboxed else { return }
            throw noFilter
        }
    }

    private static let noFilter = Failure(
        .sandboxUnavailable, "this system gives no sandbox: seccomp cannot be loaded",
        remedy: "run where the kernel grants seccomp, or accept the risk with --allow-unsandboxed")

    static func limitAndFilter(sourceBytes: Int, filter: Bool) -> Bool {
        guard qdoc_limit_resources(addressSpace + UInt64(clamping: sourceBytes)) == 0 else { return false }
        return !filter || qdoc_load_filter() == 0
    }

    private static func restrictFiles() -> Bool {
        unsafe withReadableFolders { folders in unsafe qdoc_restrict_files(folders, Int32(folders.count)) == 0 }
    }

    private static func enterRoot(_ user: uid_t, _ group: gid_t) -> Bool {
        unsafe withReadableFolders { folders in unsafe qdoc_enter_root(folders, Int32(folders.count), user, group) == 0 }
    }

    /// Gives the folders' names to C.
    private static func withReadableFolders(_ body: ([UnsafePointer<CChar>?]) -> Bool) -> Bool {
        // One block of all paths, so that the pointers stay good during the call.
        var offsets: [Int] = []
        var block: [CChar] = []
        for path in readableFolders {
            offsets.append(block.count)
            block += path.utf8.map { CChar(bitPattern: $0) } + [0]
        }
        return unsafe block.withUnsafeBufferPointer { block in
            unsafe body(offsets.map { unsafe block.baseAddress?.advanced(by: $0) })
        }
    }
}
