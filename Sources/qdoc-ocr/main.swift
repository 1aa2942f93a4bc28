// The recognising child of qdoc: finds words on drawn pages where a fault in Tesseract can reach nothing.
import Glibc
import QdocConfinement
import QdocDecoding
import QdocOCR

switch CommandLine.arguments.dropFirst().first {
case "--serve": exit(serve(allowUnsandboxed: false))
case "--serve-unsandboxed": exit(serve(allowUnsandboxed: true))
case "--self-test": exit(selfTest())
case "--languages": exit(listLanguages())
case "--version":
    print("qdoc-ocr \(DecoderBuild.id)")
default:
    print("qdoc-ocr is started by qdoc; by hand: qdoc-ocr --self-test | --languages | --version")
    exit(2)
}

/// Prints the languages that are installed, one line each; 1 where there are none.
func listLanguages() -> Int32 {
    let languages = LanguageData.installed().languages
    for language in languages { print(language) }
    return languages.isEmpty ? 1 : 0
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
