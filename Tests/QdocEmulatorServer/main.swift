// The provider emulator as a program, for checks in other languages and for measuring. Prints its address as one line of JSON and then
// serves until a signal ends it or, with --until-eof, its standard input ends.
//
//     QdocEmulatorServer [--port N] [--ledger FILE] [--script FILE.json] [--keys SCOPE=KEY,…] [--credits N] [--credits-per-call N]
//         [--rpm N] [--tpm N] [--concurrency N] [--latency MS] [--rate TOKENS_PER_SECOND] [--answer FILE] [--reasoning FILE] [--polls N]
//         [--until-eof]
import Glibc
import QdocCore
import QdocEmulator
import QdocRuntime

func say(_ line: String, on descriptor: Int32) {
    let bytes = Array((line + "\n").utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
}

func fail(_ message: String) -> Never {
    say("QdocEmulatorServer: \(message)", on: 2)
    exit(2)
}

func number<Value: LosslessStringConvertible>(_ text: String, of option: String) -> Value {
    guard let value = Value(text) else { fail("\(option): \(text) is no number") }
    return value
}

var options = Emulator.Options()
var endsWithInput = false
var arguments = CommandLine.arguments.dropFirst()
do {
    while let option = arguments.popFirst() {
        if option == "--until-eof" {
            endsWithInput = true
            continue
        }
        guard let value = arguments.popFirst() else { fail("\(option) needs a value") }
        switch option {
        case "--port": options.port = number(value, of: option)
        case "--ledger": options.ledger = value
        case "--script": options.rules = try FaultRule.list(try Files.read(value, limit: 16 << 20))
        case "--keys": options.keys = value
        case "--credits": options.credits = number(value, of: option) as Double
        case "--credits-per-call": options.creditsPerCall = number(value, of: option)
        case "--rpm": options.requestsPerMinute = number(value, of: option) as Int
        case "--tpm": options.tokensPerMinute = number(value, of: option) as Int
        case "--concurrency": options.concurrency = number(value, of: option) as Int
        case "--latency": options.latency = number(value, of: option)
        case "--rate": options.tokensPerSecond = number(value, of: option) as Double
        case "--answer": options.answer = String(decoding: try Files.read(value, limit: 16 << 20), as: UTF8.self)
        case "--reasoning": options.reasoning = String(decoding: try Files.read(value, limit: 16 << 20), as: UTF8.self)
        case "--polls": options.polls = number(value, of: option)
        default: fail("\(option) is no option")
        }
    }
    let emulator = try Emulator(options)
    say(JSONWriter.text(["address": .string(emulator.address)]), on: 1)
    if endsWithInput {
        var byte: UInt8 = 0
        while unsafe read(0, &byte, 1) > 0 {}
    } else {
        while true { pause() }
    }
    emulator.stop()
} catch {
    fail("\(error)")
}
