internal import CSystem

/// The machine, as far as this process may use it.
public enum Machine {
    /// Processors that the process may run on, at least 1: containers and `taskset` give fewer than the machine has.
    public static let processorCount = max(1, Int(qdoc_processor_count()))

    /// Keeps memory flat over many pages: encoded images come and go, and what they leave is handed back instead of kept for reuse.
    public static func returnMemoryEarly() {
        qdoc_return_memory_early()
    }
}
