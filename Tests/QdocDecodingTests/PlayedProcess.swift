internal import Glibc
import QdocCore

@testable import QdocDecoding

/// A process that does nothing but wait to be killed: what stands in for a worker whose words the test speaks itself.
final class PlayedProcess: Sendable {
    let pid: Int32
    let pidfd: Descriptor

    init() throws(Failure) {
        var pid: pid_t = 0
        var arguments: [UnsafeMutablePointer<CChar>?] = unsafe [strdup("/bin/sleep"), strdup("60"), nil]
        let status = unsafe posix_spawn(&pid, "/bin/sleep", nil, nil, &arguments, nil)
        for index in unsafe arguments.indices { unsafe free(arguments[index]) }
        guard status == 0, let pidfd = Descriptor.naming(process: pid) else { throw Failure(.internalError, "no process can be made") }
        self.pid = pid
        self.pidfd = pidfd
    }

    deinit {
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
    }
}

extension Payload {
    /// Writes as the child would.
    func write(_ bytes: [UInt8]) throws(Failure) {
        guard unsafe pwrite(descriptor.number, bytes, bytes.count, 0) == bytes.count else { throw Failure(.internalError, "not written") }
    }

    func resizes(to count: Int) -> Bool {
        ftruncate(descriptor.number, count) == 0
    }
}
