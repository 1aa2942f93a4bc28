import QdocCore
import QdocRuntime
import QdocTesting
import Testing

/// Pipelines as a shell sees them: begun, checked, changed on the command line.
@Suite("Pipelines on the command line")
struct PipelineCommandTests {
    private static let invoice = Project.path("samples/invoice.pdf")

    private func qdoc(_ arguments: String...) throws -> Subprocess.Result {
        let home = try TemporaryFolder()
        return try Subprocess(Project.products + "/qdoc", environment: ["HOME=\(home.path)", "PATH=/usr/bin:/bin"]).run(arguments)
    }

    @Test("“new” writes a file that is valid as it is, and never replaces one unasked")
    func new() throws {
        let folder = try TemporaryFolder()
        let path = folder("delivery-note.yaml")
        #expect(try qdoc("pipelines", "new", folder("delivery-note")).status == 0)
        let checked = try qdoc("pipelines", "check", path)
        #expect(checked.status == 0, "\(checked.errors)")
        #expect(checked.output == "\(path): pipeline “delivery-note” is valid\n")
        #expect(try qdoc("pipelines", "new", path).status == 2)
        _ = try folder.write("mine", to: "delivery-note.yaml")
        #expect(try qdoc("pipelines", "new", path).errors.contains("is there already"))
        #expect(try Files.read(path, limit: 100) == Array("mine".utf8))
        #expect(try qdoc("pipelines", "new", path, "--force").status == 0)
        #expect(try qdoc("pipelines", "new", folder("a b")).status == 2)
    }

    @Test("Every line that a new file has commented out can be taken in")
    func newKeys() throws {
        let folder = try TemporaryFolder()
        #expect(try qdoc("pipelines", "new", folder("note")).status == 0)
        let text = String(decoding: try Files.read(folder("note.yaml"), limit: 1 << 16), as: UTF8.self)
        let keys = ["question", "window", "thinking", "anchor", "images", "language", "system", "limits"]
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            keys.contains { line.hasPrefix("# \($0): ") } ? String(line.dropFirst(2)) : String(line)
        }
        #expect(zip(lines, text.split(separator: "\n", omittingEmptySubsequences: false)).filter { $0 != $1 }.count == keys.count)
        let path = try folder.write(lines.joined(separator: "\n"), to: "whole.yaml")
        let checked = try qdoc("pipelines", "check", path)
        #expect(checked.status == 0, "\(checked.errors)")
    }

    @Test("“check” warns with the place of the task, and the file is valid all the same")
    func advice() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "pipeline: qdoc.pipeline/1\nname: mine\ninstructions: Describe what is in the picture.\nfields: {a: text}\n", to: "p.yaml")
        let result = try qdoc("pipelines", "check", path)
        #expect(result.status == 0)
        #expect(result.output.contains("\(path):3:15: warning: the task only asks for a description"))
        #expect(result.output.hasSuffix("is valid\n"))
        let description = "only asks for a description"
        #expect(try qdoc("pipelines", "check", path, "-m", "dashscope/qvq-max").output.contains(description))
        #expect(try !qdoc("pipelines", "check", path, "-m", "dashscope/qwen3-vl-flash").output.contains(description))
        #expect(try qdoc("pipelines", "check", path, "-m", "x").status == 2)
    }

    @Test("The values that are named are found, by fields, by a schema and by a file")
    func fields() throws {
        let folder = try TemporaryFolder()
        let schema = try folder.write(
            "{\"type\":\"object\",\"properties\":{\"total\":{\"type\":[\"number\",\"null\"]}}}", to: "s.json")
        for arguments in [["--fields", "total:money,dueDate:date"], ["--schema", schema], ["--fields", "total:money", "-p", "invoice"]] {
            let home = try TemporaryFolder()
            let result = try Subprocess(Project.products + "/qdoc", environment: ["HOME=\(home.path)", "PATH=/usr/bin:/bin"])
                .run(["analyze", Self.invoice, "--format", "json"] + arguments)
            #expect(result.status == 0, "\(result.errors)")
            let report = try JSONParser.parse(result.output)
            #expect(report["data"]?["total"]?.number?.double == 7076.25, "\(arguments)")
            #expect(report["run"]?["pipeline"]?.string == (arguments.contains("-p") ? "invoice" : "fields"))
        }
    }

    @Test("A question alone is put by the pipeline of that name; mistakes are told before a file is opened")
    func question() throws {
        let asked = try JSONParser.parse(try qdoc("analyze", Self.invoice, "--question", "Who pays?", "--format", "json").output)
        #expect(asked["run"]?["pipeline"] == "question")
        #expect(try qdoc("analyze", "nothing.pdf", "--fields", "total:mony").errors.contains("column 7: there is no type “mony”"))
        #expect(try qdoc("analyze", "nothing.pdf", "--language", "german please").status == 2)
        #expect(try qdoc("analyze", "nothing.pdf", "--fields", "a", "--schema", "b").status == 2)
    }
}
