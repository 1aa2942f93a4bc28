import QdocCore
import QdocReport
import QdocRuntime
import QdocSchema
import QdocTesting
import Testing

/// The built program, as a shell sees it.
@Suite struct ProgramTests {
    private static let sample = Project.path("samples/invoice.pdf")

    /// Runs the program in an environment that holds nothing but what is given.
    private func qdoc(_ arguments: [String], _ variables: [String: String] = [:]) throws -> Subprocess.Result {
        let home = try TemporaryFolder()
        let environment = ["HOME": home.path, "PATH": "/usr/bin:/bin"].merging(variables) { $1 }
        return try Subprocess(Project.products + "/qdoc", environment: environment.map { "\($0.key)=\($0.value)" }).run(arguments)
    }

    private func text(_ path: String) throws -> String {
        String(decoding: try Files.read(path, limit: 16 << 20), as: UTF8.self)
    }

    private func schema(_ name: String) throws -> JSONSchema {
        try JSONSchema(try JSONParser.parse(try Project.text("schemas/qdoc.\(name)-1.json")))
    }

    @Test("The version is printed by command and by option")
    func version() throws {
        #expect(try qdoc(["version"]).output == "qdoc \(PackageVersion.number)\n")
        #expect(try qdoc(["--version"]).output == "qdoc \(PackageVersion.number)\n")
    }

    @Test("A document becomes a report that fits its schema, on standard output and in a file")
    func analyze() throws {
        let folder = try TemporaryFolder()
        let printed = try qdoc(["analyze", Self.sample, "--format", "json"])
        #expect(printed.status == 0, "\(printed.errors)")
        #expect(printed.errors == "")
        #expect(try schema("report").violations(of: JSONParser.parse(printed.output)) == [])
        #expect(try qdoc(["analyze", Self.sample, "-o", folder("r.json")]).status == 0)
        let written = try JSONParser.parse(try Files.read(folder("r.json"), limit: 16 << 20))
        #expect(written["data"] == (try JSONParser.parse(printed.output))["data"])
        #expect(written["egress"] == [])
        let text = try qdoc(["analyze", Self.sample])
        #expect(text.output.split(separator: "\n").first?.hasSuffix("1 page · $0.00 · nothing left this machine") == true)
    }

    @Test("A file that is there is not replaced without --force, and nothing is read for it")
    func existing() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("mine", to: "r.json")
        let refused = try qdoc(["analyze", Self.sample, "-o", path])
        #expect(refused.status == 2)
        #expect(refused.errors.contains("is there already"))
        #expect(try Files.read(path, limit: 100) == Array("mine".utf8))
        #expect(try qdoc(["analyze", Self.sample, "-o", path, "--force"]).status == 0)
    }

    @Test("Several files give one report each, as files and as JSON Lines; what could not be read makes the whole partial")
    func several() throws {
        let folder = try TemporaryFolder()
        let files = [Self.sample, Project.path("samples/scanned-letter.pdf")]
        let result = try qdoc(["analyze", "--ocr", "never"] + files + ["-o", folder("out")])
        #expect(result.status == 3)
        #expect(result.errors.hasSuffix("scanned-letter.pdf: partial: page 1 not read\n"))
        #expect(Files.names(in: folder("out")) == ["invoice.json", "scanned-letter.json"])
        let lines = try qdoc(["analyze", "--ocr", "never"] + files + ["--format", "json"]).output.split(separator: "\n")
        #expect(lines.count == 2)
        for line in lines { #expect(try schema("report").isValid(JSONParser.parse(String(line)))) }
    }

    @Test("A kept report is rendered again in every format, as analyze would have written it")
    func renderings() throws {
        let folder = try TemporaryFolder()
        #expect(try qdoc(["analyze", Self.sample, "-o", folder("r.json")]).status == 0)
        #expect(try qdoc(["report", folder("r.json"), "--format", "json"]).output == (try text(folder("r.json"))))
        for suffix in ["txt", "md", "csv", "html"] {
            let result = try qdoc(["report", folder("r.json"), "-o", folder("r.\(suffix)")])
            #expect(result.status == 0 && result.errors == "", "\(suffix): \(result.errors)")
            #expect(try Files.read(folder("r.\(suffix)"), limit: 16 << 20).count > 100)
        }
        let page = try text(folder("r.html"))
        #expect(page.contains("<image id=\"picture-1-1\""))
        // Of a document that is another one now, the words stand in place of the pictures.
        let report = try text(folder("r.json")).replacing("\"sha256\": \"", with: "\"sha256\": \"0").replacing(
            "\"sha256\":\"", with: "\"sha256\":\"0")
        let other = try folder.write(report, to: "other.json")
        let words = try qdoc(["report", other, "--format", "html"])
        #expect(words.errors.contains("is another file now"))
        #expect(words.output.contains("without its picture") && !words.output.contains("data:image"))
    }

    @Test("A difference ends with 1, none with 0, and trouble with 2")
    func diff() throws {
        let folder = try TemporaryFolder()
        #expect(try qdoc(["analyze", Self.sample, "-o", folder("a.json")]).status == 0)
        let report = try ReportReader.read(try Files.read(folder("a.json"), limit: 16 << 20), name: "a.json")
        var changed = report
        changed.evidence[0].verdict = .notFound
        let other = try folder.write(ReportJSON.text(changed), to: "b.json")
        let same = try qdoc(["diff", folder("a.json"), folder("a.json")])
        #expect(same.status == 0 && same.output == "the same values with the same proof\n")
        let different = try qdoc(["diff", folder("a.json"), other])
        #expect(different.status == 1 && different.output.hasPrefix("1 with weaker proof\n"), "\(different.output)")
        #expect(try schema("diff").violations(of: JSONParser.parse(try qdoc(["diff", folder("a.json"), other, "--json"]).output)) == [])
        #expect(try qdoc(["diff", folder("a.json"), folder("nothing.json")]).status == 2)
        #expect(try qdoc(["diff", folder("a.json"), Self.sample]).status == 2)
    }

    @Test("Where proof is required, exit status 5 names what is not proven; the report is written")
    func requiredProof() throws {
        #expect(try qdoc(["analyze", Project.path("samples/annual-report.pdf"), "--require-proof", "--format", "json"]).status == 0)
        let answer =
            #"{"_image": 1, "title": "Invoice", "keyFigures": [{"label": "Invented", "value": 31337.5}], "tables": [], "#
            + #""charts": [], "findings": []}"#
        let server = try LoopbackServer { exchange in
            exchange.beginStream()
            exchange.chunk(Self.chunk(answer, finish: nil))
            exchange.chunk(Self.chunk("", finish: "stop"))
            exchange.chunk("data: [DONE]\n\n")
            exchange.chunk("")
        }
        defer { server.stop() }
        let folder = try TemporaryFolder()
        let model = ["-m", "openai/x", "--base-url", server.address + "/v1", "--max-calls", "9", "--store", folder("store.db")]
        for option in ["--require-proof", "--require-proof=verified", "--require-proof=derived"] {
            let result = try qdoc(["analyze", Self.sample, "--format", "json", option] + model)
            #expect(result.status == 5, "\(result.errors)")
            #expect(result.errors.contains("not proven: "), "\(result.errors)")
            #expect(result.errors.contains("/keyFigures/0/value 31337.5 (not found)"), "\(result.errors)")
            #expect(try schema("report").violations(of: JSONParser.parse(result.output)) == [])
        }
        #expect(try qdoc(["analyze", Self.sample, "--require-proof=located"]).status == 2)
    }

    private static func chunk(_ text: String, finish: String?) -> String {
        let chunk: JSONValue = [
            "id": "c1", "model": "x",
            "choices": [["index": 0, "delta": ["content": .string(text)], "finish_reason": finish.map(JSONValue.string) ?? nil]],
        ]
        return "data: \(JSONWriter.text(chunk))\n\n"
    }

    private static let failing: [(line: String, status: Int32)] = [
        ("analyze", 2), ("analyze nothing.pdf", 1), ("analyze nothing.pdf -m openai/x", 2), ("analyze nothing.pdf -m x", 2),
        ("analyze nothing.pdf -p nothing", 2), ("analyze nothing.pdf --pages 0", 2), ("analyze nothing.pdf -m openai/x --offline", 2),
        ("pipelines check nothing.yaml", 1), ("analyze SAMPLE --config nothing.yaml", 2), ("analyze SAMPLE --password-file nothing", 2),
        ("analyze SAMPLE --password-file nothing --password x", 2), ("use x", 2), ("help x", 2), ("report nothing.json", 1),
        ("report SAMPLE", 1),
        ("report SAMPLE -o x.docx", 2), ("analyze SAMPLE --pages 99", 2),
    ]

    @Test("The exit status tells what kind of failure it was", arguments: failing)
    func statuses(line: String, status: Int32) throws {
        let result = try qdoc(line.split(separator: " ").map { $0 == "SAMPLE" ? Self.sample : String($0) })
        #expect(result.status == status, "\(result.errors)")
        #expect(result.errors.hasPrefix("qdoc: "))
        #expect(result.output == "")
    }

    @Test("Events come as JSON Lines that fit their schema, numbered without gaps")
    func events() throws {
        let result = try qdoc(["analyze", Self.sample, "--events", "jsonl", "--offline"])
        let events = try result.errors.split(separator: "\n").map { try JSONParser.parse(String($0)) }
        let schema = try schema("events")
        #expect(events.compactMap { $0["seq"]?.int } == Array(1...max(1, events.count)))
        #expect(events.first?["kind"] == "runStarted")
        #expect(events.last?["kind"] == "runFinished")
        for event in events { #expect(schema.violations(of: event) == []) }
    }

    @Test("Inspecting gives a document that fits its schema, and keeps the images")
    func inspect() throws {
        let folder = try TemporaryFolder()
        let result = try qdoc(["inspect", Self.sample, "--json", "--max-side", "300", "--save-images", folder.path])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try schema("inspect").violations(of: JSONParser.parse(result.output)) == [])
        #expect(Files.names(in: folder.path).count == 1)
        #expect(Files.names(in: folder.path).first?.hasPrefix("invoice-1.") == true)
    }

    @Test("The default model is kept in the user's configuration, and a key alone is never used")
    func use() throws {
        let home = try TemporaryFolder()
        let variables = ["XDG_CONFIG_HOME": home.path, "OPENAI_API_KEY": "sk-hidden"]
        #expect(try qdoc(["analyze", Self.sample, "--format", "json"], variables).output.contains("\"model\": \"local\""))
        #expect(try qdoc(["use", "dashscope/qvq-max"], variables).status == 0)
        #expect(try qdoc(["analyze", Self.sample], variables).errors.contains("dashscope/qvq-max needs a key"))
        let models = try qdoc(["models", "--json"], variables)
        #expect(try JSONParser.parse(models.output)["default"] == "dashscope/qvq-max")
        let openai = try JSONParser.parse(models.output)["providers"]?.array?.first { $0["name"] == "openai" }
        #expect(openai?["hasKey"] == true)
        #expect(try qdoc(["models", "dashscope@beijing/kimi-k2.5"], variables).output.contains("4 CNY / 21 CNY a million tokens"))
        #expect(try JSONParser.parse(qdoc(["models", "--json", "auto"], variables).output)["name"] == "dashscope/qwen3-vl-flash")
        for arguments in [["models"], ["models", "--json"], ["doctor"], ["doctor", "--json"]] {
            #expect(try !qdoc(arguments, variables).output.contains("hidden"))
        }
    }

    @Test("An interrupt while the model thinks still gives the report, with the call's end unknown")
    func interrupt() throws {
        let folder = try TemporaryFolder()
        let identifier = folder("pid")
        let server = try LoopbackServer { exchange in
            exchange.beginStream()
            // The request has left; the program is stopped before any answer comes.
            let process = (try? Files.read(identifier, limit: 20)).map { String(decoding: $0, as: UTF8.self) } ?? ""
            _ = try? Subprocess("/bin/sh").run("-c", "kill -INT \(process)")
            exchange.waitForClose()
        }
        defer { server.stop() }
        let line = "echo $$ > \(identifier); exec \"$@\""
        let arguments = [
            "-c", line, "sh", Project.products + "/qdoc", "analyze", Self.sample, "-m", "openai/x", "--base-url", server.address + "/v1",
            "--max-side", "300", "--format", "json",
        ]
        let result = try Subprocess("/bin/sh", environment: ["HOME=" + folder.path, "PATH=/usr/bin:/bin"]).run(arguments)
        #expect(result.status == 130)
        let report = try JSONParser.parse(result.output)
        #expect(try schema("report").violations(of: report) == [])
        #expect(report["run"]?["state"] == "partial")
        #expect(report["calls"]?[0]?["state"] == "unknown")
        #expect(report["egress"]?.array?.count == 1)
        #expect(result.errors.hasSuffix("partial: page 1 not read; call 1 without a full answer\n"))
    }

    /// Runs a line of the shell in which `$qdoc` is the program, `$sample` a document and `$folder` a folder of its own; after 60 s it is
    /// killed, which gives 137.
    private func shell(_ line: String, _ folder: TemporaryFolder, _ variables: [String: String] = [:]) throws -> Subprocess.Result {
        let environment = [
            "HOME": folder.path, "PATH": "/usr/bin:/bin", "qdoc": Project.products + "/qdoc", "sample": Self.sample, "folder": folder.path,
        ].merging(variables) { $1 }
        return try Subprocess("/usr/bin/timeout", environment: environment.map { "\($0.key)=\($0.value)" })
            .run(["-s", "KILL", "60", "/bin/bash", "-c", line])
    }

    @Test("Who closes the pipe has seen enough: nothing is said, and the status is that of a broken pipe")
    func readerGone() throws {
        let result = try shell(
            "$qdoc help --man | true; echo ${PIPESTATUS[0]}; $qdoc inspect $sample --json --max-side 300 | true; echo ${PIPESTATUS[0]}",
            TemporaryFolder())
        #expect(result.errors == "")
        #expect(result.output.split(separator: "\n").last == "141")
    }

    @Test("An interrupt ends a run whose events nobody reads")
    func stuckEvents() throws {
        // The pipe is full before the first event, and the thread that waits for room shows that the program is there.
        let line = """
            mkfifo $folder/pipe; exec 3<>$folder/pipe; dd if=/dev/zero bs=65536 count=1 >&3 2>/dev/null
            $qdoc analyze $sample --events jsonl --format json 2>&3 & p=$!
            until grep -qs qdoc-console /proc/$p/task/*/comm; do kill -0 $p || exit 9; done
            kill -INT $p; wait $p
            """
        let result = try shell(line, TemporaryFolder())
        #expect(result.status == 130)
        #expect(try JSONParser.parse(result.output)["run"]?["failure"]?["code"] == "interrupted")
    }

    @Test("An interrupt leaves whole JSON behind")
    func interruptedInspection() throws {
        // The pipe is smaller than the document's JSON: the program waits for the reader when the signal comes.
        let line = """
            mkfifo $folder/pipe; $qdoc inspect $long --json --max-side 300 > $folder/pipe & p=$!
            { head -c 1000; kill -INT $p; cat; } < $folder/pipe; wait $p
            """
        let result = try shell(line, TemporaryFolder(), ["long": Project.path("samples/annual-report.pdf")])
        #expect(result.status == 130)
        #expect(result.errors.hasPrefix("qdoc: interrupted; stopped before page "))
        let document = try JSONParser.parse(result.output)
        #expect(try schema("inspect").violations(of: document) == [])
        #expect((1..<14).contains(document["pages"]?.array?.count ?? 0))
    }

    @Test("An argument that is no UTF-8 is refused, not repaired")
    func bytes() throws {
        let result = try shell(#"$qdoc analyze $'a\xff.pdf'"#, TemporaryFolder())
        #expect(result.status == 2)
        #expect(result.errors.hasPrefix("qdoc: argument 2 is not UTF-8"))
    }

    @Test("Of several documents the shorter ones give the pages they have, and one without any of them fails alone")
    func clippedPages() throws {
        let folder = try TemporaryFolder()
        let long = Project.path("samples/annual-report.pdf")
        let clipped = try qdoc(["analyze", Self.sample, long, "--pages", "1-2", "-o", folder("a/")])
        #expect(clipped.status == 0, "\(clipped.errors)")
        let report = try JSONParser.parse(try Files.read(folder("a/invoice.json"), limit: 16 << 20))
        #expect(report["pages"]?.array?.count == 1)
        #expect(report["warnings"]?.array?.contains { $0["code"] == "page_out_of_range" } == true)
        #expect(try schema("report").violations(of: report) == [])
        let failed = try qdoc(["analyze", Self.sample, long, "--pages", "2", "-o", folder("b/")])
        #expect(failed.status == 1)
        #expect(Files.names(in: folder("b")) == ["annual-report.json"])
    }

    @Test("The doctor finds what would keep analyze from working")
    func doctor() throws {
        let cases: [([String: String], String)] = [
            (["QDOC_MODEL": "bogus"], "✗ model: QDOC_MODEL=bogus: "), (["OPENAI_BASE_URL": "nowhere"], "! key of openai: OPENAI_BASE_URL"),
            (["OPENAI_API_KEY_FILE": "/nonexistent"], "! key of openai: OPENAI_API_KEY_FILE: /nonexistent does not exist"),
            (["QDOC_MODEL": "openai/x", "OPENAI_API_KEY_FILE": "/nonexistent"], "✗ model: "),
            (["TMPDIR": "/nonexistent"], "! decoder: not tried"),
        ]
        for (variables, expected) in cases {
            let result = try qdoc(["doctor"], variables)
            #expect(result.output.contains(expected), "\(result.output)")
            #expect(result.status == (result.output.contains("✗") ? 1 : 0))
        }
    }

    @Test("Choosing a model keeps links and says what rules instead of it; a file that cannot be edited stays as it is")
    func useCarefully() throws {
        let home = try TemporaryFolder()
        let variables = ["XDG_CONFIG_HOME": home.path]
        let result = try shell(
            """
            mkdir $folder/qdoc; echo '# mine' > $folder/real; ln -s ../real $folder/qdoc/qdoc.yaml
            $qdoc use openai/x && QDOC_MODEL=openai/y $qdoc use local && test -L $folder/qdoc/qdoc.yaml && cat $folder/real
            echo '{"model": "openai/x"}' > $folder/real; $qdoc use local; cat $folder/real
            """, home, variables)
        #expect(result.output.contains("rules while it is set"))
        #expect(!result.output.contains("nothing leaves"))
        #expect(result.output.hasSuffix("model: local\n# mine\n{\"model\": \"openai/x\"}\n"))
        #expect(result.errors.contains("set “model: local” in it yourself"))
    }

    @Test("What has given up the network gets no socket of it from the kernel, nor does what it starts")
    func lock() throws {
        // Nothing listens at the discard port; what fails before it is asked is the socket.
        let asking = ["/bin/bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9"]
        #expect(try Subprocess("/usr/bin/env").run(asking).errors.contains("refused"))
        let locked = try Subprocess(Project.products + "/QdocProbe").run(asking)
        #expect(locked.status != 0)
        #expect(locked.errors.contains("socket: Permission denied"), "\(locked.errors)")
    }

    private static let tracer = "/usr/bin/strace"

    @Test("An offline run gives up the network and never asks for a socket of it", .enabled(if: Files.exists(tracer)))
    func offline() throws {
        let folder = try TemporaryFolder()
        let result = try shell(
            "\(Self.tracer) -f -e trace=socket,seccomp -o $folder/trace $qdoc analyze $sample --offline --format json", folder)
        #expect(result.status == 0, "\(result.errors)")
        let trace = String(decoding: try Files.read(folder("trace"), limit: 16 << 20), as: UTF8.self)
        #expect(trace.contains("SECCOMP_SET_MODE_FILTER"))
        #expect(!trace.contains("AF_INET"))
    }
}
