// The video child of qdoc: opens videos where a fault in a demuxer or a codec can reach nothing.
import Glibc
import QdocConfinement
import QdocDecoding

switch CommandLine.arguments.dropFirst().first {
case "--serve": exit(serve(allowUnsandboxed: false))
case "--serve-unsandboxed": exit(serve(allowUnsandboxed: true))
case "--self-test": exit(selfTest())
case "--version":
    print("qdoc-video \(DecoderBuild.id)")
default:
    print("qdoc-video is started by qdoc; by hand: qdoc-video --self-test | --version")
    exit(2)
}

/// Tries to break out, one line for each attempt with the layers that stop it; 0 where every one was stopped.
func selfTest() -> Int32 {
    let probes = Confinement.probe()
    for probe in probes {
        let layers = probe.stoppedAlone.map(\.description).joined(separator: ", ")
        print("\(probe.isStopped ? "stopped" : "succeeded"): \(probe.name)\(layers.isEmpty ? "" : " (\(layers))")")
    }
    let stopped = probes.count { $0.isStopped }
    print("\(stopped) of \(probes.count) attempts were stopped by \(Confinement.enterServer())")
    return !probes.isEmpty && stopped == probes.count ? 0 : 1
}
