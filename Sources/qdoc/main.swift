import QdocApp

// Signals are held before the first suspension, while there is one thread only.
Program.prepare()
await Program.run(Array(CommandLine.arguments.dropFirst()))
