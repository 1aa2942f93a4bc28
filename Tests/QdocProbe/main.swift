// Gives up the network as `--offline` does, then becomes the program that its arguments name: the kernel's filter outlives that.
import Glibc
import QdocRuntime

try NetworkLock.engage()
var arguments = unsafe CommandLine.arguments.dropFirst().map { unsafe strdup($0) } + [nil]
unsafe execv(CommandLine.arguments[1], &arguments)
exit(127)
