internal import CConfinement
import QdocCore

extension Confinement {
    /// One thing that a parser must never manage, and which layers stop it.
    public struct Probe: Sendable, Hashable {
        public let name: String
        /// Whether everything together stops it.
        public let isStopped: Bool
        /// Which layers stop it without the others; the resource limits always hold.
        public let stoppedAlone: [Layers]
    }

    /// Tries from confined children of this process what a parser must never manage, each thing in a process of its own.
    ///
    /// - Returns: One result for each attempt; nothing where a confined child could not even do its work, so that "stopped" would mean
    ///   nothing.
    public static func probe() -> [Probe] {
        // A container may grant no namespaces, an old kernel no Landlock: all is what is to be had here.
        let grants: [Layers] = [
            [.seccomp, .landlock, .namespaces, .root], [.seccomp, .landlock, .namespaces], [.seccomp, .landlock],
            [.seccomp, .namespaces, .root], [.seccomp, .namespaces], .seccomp,
        ]
        guard let all = grants.first(where: { qdoc_probe_work(confine, Int32($0.rawValue)) == 1 }) else { return [] }
        var probes: [Probe] = []
        while let name = unsafe qdoc_probe_name(Int32(probes.count)) {
            func stops(_ layers: Layers) -> Bool {
                qdoc_probe(Int32(probes.count), confine, Int32(layers.rawValue)) == 1
            }
            let alone = [Layers.seccomp, .landlock, .namespaces, .root].filter { all.contains($0) && stops($0) }
            unsafe probes.append(Probe(name: String(cString: name), isStopped: stops(all), stoppedAlone: alone))
        }
        return probes
    }

    private static let confine: @convention(c) (Int32) -> Int32 = { rawValue in
        let layers = Layers(rawValue: UInt8(truncatingIfNeeded: rawValue))
        guard Confinement.enter(layers).isSuperset(of: layers) else { return -1 }
        return Confinement.limitAndFilter(sourceBytes: 0, filter: layers.contains(.seccomp)) ? 0 : -1
    }
}
