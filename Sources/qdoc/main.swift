import QdocApp

// Signals are held before anything that they could end.
Program.prepare()
await Program.run()
