internal import CSystem
public import QdocCore

/// What `--offline` rests on.
public enum NetworkLock {
    /// Takes from this process and its children the right to make network sockets, for good: not a promise, but the kernel's filter.
    ///
    /// - Throws: `offline` where the kernel grants no filter.
    public static func engage() throws(Failure) {
        guard qdoc_deny_network() == 0 else {
            throw Failure(
                .offline, "the kernel does not let this process give up its network: \(SystemError.last)",
                remedy: "run it in a container or namespace without network, without --offline")
        }
    }
}
