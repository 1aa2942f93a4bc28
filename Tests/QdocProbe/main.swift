// Gives up the network as `--offline` does, then becomes the program that its arguments name: the kernel's filter outlives that.
// Or, with `--journal`, works on a store and is killed, or competes for its money.
import Glibc
import QdocRuntime

let words = CommandLine.arguments
if words.count > 3, words[1] == "--journal" {
    try await JournalProbe.run(words[2], path: words[3], Array(words[4...]))
    exit(0)
}
try NetworkLock.engage()
var arguments = unsafe words.dropFirst().map { unsafe strdup($0) } + [nil]
unsafe execv(words[1], &arguments)
exit(127)
