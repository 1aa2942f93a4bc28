import QdocCore
import QdocStore

/// This process's name among those that share a store, held by a lock that ends with it.
final class Ownership: Sendable {
    let id: String
    private let folder: String
    private let lock: FileLock

    /// Takes a new name beside a store.
    ///
    /// - Throws: `store_unavailable`, `store_full`.
    init(store: String) throws(Failure) {
        folder = "\(store).owners"
        try StoreFile.makeFolder(folder, for: store)
        while true {
            let id = Self.makeID()
            if let lock = try FileLock.make("\(folder)/\(id).lock") {
                self.id = id
                self.lock = lock
                return
            }
        }
    }

    private static func makeID() -> String {
        var generator = SystemRandomNumberGenerator()
        let digits = String(generator.next() as UInt64, radix: 36)
        return String(repeating: "0", count: max(0, 13 - digits.count)) + digits
    }

    /// Does what is to be done for another owner where that one is dead; while it is done, nobody else does it.
    ///
    /// - Returns: Whether it is dead.
    func ifDead(_ owner: String, _ recover: () throws -> Void) rethrows -> Bool {
        guard owner != id else { return false }
        switch FileLock.attempt("\(folder)/\(owner).lock") {
        case .held: return false
        // Its file is made before its first row and removed after its last.
        case .absent: try recover()
        case .taken(let lock):
            try recover()
            lock.remove()
        }
        return true
    }

    /// Those who left a file, dead or alive, without this one.
    var others: [String] {
        FileLock.names(in: folder, ending: ".lock").filter { $0 != id }
    }

    /// Gives the name up.
    func end() {
        lock.remove()
    }

    /// Lets go of the lock as death does, for tests of what happens then.
    func die() {
        lock.release()
    }
}
