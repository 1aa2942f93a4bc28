// The converter child of qdoc: has LibreOffice make a PDF of an office document where neither can reach anything.
import Glibc
import QdocConfinement
import QdocCore
import QdocDecoding

switch CommandLine.arguments.dropFirst().first {
case "--serve": exit(serve(sandboxed: true))
case "--serve-unsandboxed": exit(serve(sandboxed: false))
case "--self-test": exit(selfTest())
case "--version":
    print("qdoc-office \(DecoderBuild.id)")
default:
    print("qdoc-office is started by qdoc; by hand: qdoc-office --self-test | --version")
    exit(2)
}

func serve(sandboxed: Bool) -> Int32 {
    OfficeService.serve { (order) throws(Failure) in
        do throws(Failure) {
            try OfficeSandbox.convert(order, sandboxed: true)
        } catch {
            // Without leave it is the sandbox or nothing.
            guard !sandboxed, error.code == .sandboxUnavailable else { throw error }
            try OfficeSandbox.convert(order, sandboxed: false)
        }
    }
}

extension OfficeSandbox {
    fileprivate static func convert(_ order: OfficeService.Order, sandboxed: Bool) throws(Failure) {
        try convert(
            source: order.source, output: order.output, control: order.control, mediaType: order.mediaType, sandboxed: sandboxed)
    }
}

/// Tries to break out, one line for each attempt; 0 where every one was stopped.
func selfTest() -> Int32 {
    let probes = OfficeSandbox.probe()
    for probe in probes { print("\(probe.isStopped ? "stopped" : "succeeded"): \(probe.name)") }
    let stopped = probes.count { $0.isStopped }
    print("\(stopped) of \(probes.count) attempts were stopped")
    return !probes.isEmpty && stopped == probes.count ? 0 : 1
}
