import QdocTesting

/// What Package.swift declares, read from its text: the calls are few and plain.
struct Manifest {
    enum Kind { case library, shim, module, program, tests }

    struct Target {
        var kind: Kind
        var name: String
        var folder: String
        var dependencies: Set<String>
        /// Of a library: the distribution's packages.
        var packages: [String] = []
    }

    let targets: [Target]

    init() throws {
        self.init(text: try Project.text("Package.swift"))
    }

    init(text: String) {
        // The declarations follow `targets: [`; above it are the functions that make them.
        let lines = text.split(separator: "\n").map { (line: Substring) -> Substring in
            line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line
        }
        let body = lines.drop { (line: Substring) in !line.hasPrefix("    targets: [") }.joined(separator: "\n")
        targets = Self.calls(in: body).compactMap(Self.target)
    }

    func target(_ name: String) -> Target? {
        targets.first { $0.name == name }
    }

    /// Each outermost call: its name and its arguments as text.
    private static func calls(in text: String) -> [(name: String, arguments: Substring)] {
        var calls: [(String, Substring)] = []
        var (name, depth) = ("", 0)
        var start = text.startIndex
        for index in text.indices {
            switch text[index] {
            case "(":
                if depth == 0 { start = text.index(after: index) }
                depth += 1
            case ")":
                depth -= 1
                if depth == 0 {
                    calls.append((name, text[start..<index]))
                    name = ""
                }
                if depth < 0 { return calls }
            case let character where depth == 0:
                if character.isLetter || character == "." { name.append(character) } else { name = "" }
            default: break
            }
        }
        return calls
    }

    private static func target(_ name: String, _ arguments: Substring) -> Target? {
        let strings = literals(in: arguments)
        guard let first = strings.first else { return nil }
        let rest = Set(strings.dropFirst())
        switch name {
        case "library":
            return Target(
                kind: .library, name: first, folder: "Sources/Modules/\(first)", dependencies: [], packages: Array(strings.dropFirst(2)))
        case "shim": return Target(kind: .shim, name: first, folder: "Sources/Modules/\(first)", dependencies: rest)
        case "module": return Target(kind: .module, name: first, folder: "Sources/\(first)", dependencies: rest)
        case "program": return Target(kind: .program, name: first, folder: "Sources/\(first)", dependencies: rest)
        case "tests": return Target(kind: .tests, name: first, folder: "Tests/\(first)", dependencies: rest)
        case ".target", ".executableTarget":
            let folder = strings.last { $0.hasPrefix("Tests/") } ?? "Tests/\(first)"
            return Target(kind: .tests, name: first, folder: folder, dependencies: rest.subtracting([folder]))
        default: return nil
        }
    }

    private static func literals(in text: Substring) -> [String] {
        text.split(separator: "\"", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }
}

/// A package list of `scripts/packages`.
func packageList(_ name: String) throws -> Set<String> {
    Set(
        try Project.text("scripts/packages/\(name).txt").split(separator: "\n")
            .filter { !$0.hasPrefix("#") }.map { String($0.filter { $0 != " " }) }.filter { !$0.isEmpty })
}
