// The converter child of qdoc: makes a PDF of a text, a mail message or an office document, where what is in it can reach nothing.
import Glibc
import QdocConfinement
import QdocCore
import QdocDecoding
import QdocText

switch CommandLine.arguments.dropFirst().first {
case "--serve": exit(serve(allowUnsandboxed: false))
case "--serve-unsandboxed": exit(serve(allowUnsandboxed: true))
case "--self-test": exit(selfTest())
case "--version":
    print("qdoc-convert \(DecoderBuild.id)")
default:
    print("qdoc-convert is started by qdoc; by hand: qdoc-convert --self-test | --version")
    exit(2)
}

func serve(allowUnsandboxed: Bool) -> Int32 {
    ConversionService.serve { (order) throws(Failure) in
        switch order.mediaType.family {
        case .text: try layOut(order, allowUnsandboxed: allowUnsandboxed)
        default: try convert(order, allowUnsandboxed: allowUnsandboxed)
        }
    }
}

/// Lays a text out in this process, which gives up its rights first.
func layOut(_ order: ConversionService.Order, allowUnsandboxed: Bool) throws(Failure) {
    try Confinement.enterConverter(
        sourceBytes: order.byteCount, output: order.output, allowUnsandboxed: allowUnsandboxed)
    let document = try TextDocument(descriptor: order.source, byteCount: order.byteCount, kind: order.mediaType)
    try order.write(try document.pdf())
}

/// Has LibreOffice convert a document in a confinement of its own.
func convert(_ order: ConversionService.Order, allowUnsandboxed: Bool) throws(Failure) {
    do throws(Failure) {
        try OfficeSandbox.convert(order, sandboxed: true)
    } catch {
        // Without leave it is the sandbox or nothing.
        guard allowUnsandboxed, error.code == .sandboxUnavailable else { throw error }
        try OfficeSandbox.convert(order, sandboxed: false)
    }
}

extension OfficeSandbox {
    fileprivate static func convert(_ order: ConversionService.Order, sandboxed: Bool) throws(Failure) {
        try convert(
            source: order.source, output: order.output, control: order.control, mediaType: order.mediaType, sandboxed: sandboxed)
    }
}

/// Tries to break out of what holds LibreOffice, one line for each attempt; 0 where every one was stopped.
func selfTest() -> Int32 {
    let probes = OfficeSandbox.probe()
    for probe in probes { print("\(probe.isStopped ? "stopped" : "succeeded"): \(probe.name)") }
    let stopped = probes.count { $0.isStopped }
    print("\(stopped) of \(probes.count) attempts were stopped")
    return !probes.isEmpty && stopped == probes.count ? 0 : 1
}
