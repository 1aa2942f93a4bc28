// Gives bytes to our own parsers: those of the files that are named, or, built by scripts/fuzz, those that libFuzzer thinks of.
//
//   QdocFuzzing NAME FILE...       runs each file once
//   QdocFuzzing NAME [OPTION]...   where it is linked with libFuzzer: fuzzes, with libFuzzer's options
import Glibc
import QdocCore
import QdocRuntime

guard let name = CommandLine.arguments.dropFirst().first, let target = FuzzTarget(rawValue: name) else {
    print("usage: QdocFuzzing \(FuzzTarget.allCases.map(\.rawValue).joined(separator: "|")) FILE...")
    exit(2)
}

private let chosen = target
private typealias Callback = @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
private typealias Driver =
    @convention(c) (UnsafeMutablePointer<Int32>, UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>, Callback) ->
    Int32

/// libFuzzer's loop where it is linked (fuzzer_no_main of compiler-rt), else nil.
private func driver() -> Driver? {
    guard let symbol = unsafe dlsym(nil, "LLVMFuzzerRunDriver") else { return nil }
    return unsafe unsafeBitCast(symbol, to: Driver.self)
}

if let driver = unsafe driver() {
    var arguments: [UnsafeMutablePointer<CChar>?] = unsafe []
    for argument in ["QdocFuzzing"] + CommandLine.arguments.dropFirst(2) { unsafe arguments.append(strdup(argument)) }
    unsafe arguments.append(nil)
    var count = Int32(unsafe arguments.count - 1)
    let status = unsafe arguments.withUnsafeMutableBufferPointer { buffer -> Int32 in
        guard var base = buffer.baseAddress else { return 2 }
        return unsafe driver(&count, &base) { bytes, count in
            unsafe chosen.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
            return 0
        }
    }
    exit(status)
}

do throws(Failure) {
    for path in CommandLine.arguments.dropFirst(2) {
        print(path)
        target.run(try Files.read(path, limit: 1 << 20))
    }
} catch {
    print(error.message)
    exit(1)
}
