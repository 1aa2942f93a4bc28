import QdocCore
import QdocDecoding
import QdocIngest
import QdocModel
import QdocPipeline
import QdocReport
import QdocRuntime

/// `qdoc doctor`: looks at everything that qdoc needs, one line each.
enum DoctorCommand {
    struct Check: Sendable {
        enum State: String, Sendable {
            case ok
            /// Something works less well.
            case warning
            /// qdoc cannot work.
            case fault
        }

        var name: String
        var state: State
        var detail: String
    }

    static func run(_ parsed: ParsedArguments, environment: Environment) async throws(Failure) -> ExitStatus {
        let work = workFolder(environment)
        var checks = [Check(name: "version", state: .ok, detail: PackageVersion.number)]
        checks += await decoder(canMakeWorkFile: work.state == .ok)
        checks += [child(.video, "videos"), child(.ocr, "character recognition"), converter(), office()]
        checks += [characterMaps(), fonts(), work]
        let configuration = configuration(parsed, environment)
        checks += [configuration.check, configurationFolder(parsed, environment), model(configuration.value, environment)]
        checks += providers(configuration.value, environment)
        checks.append(
            Check(name: "pipelines", state: .ok, detail: Pipeline.list(environment: environment).map(\.name).joined(separator: ", ")))
        let isFaulty = checks.contains { $0.state == .fault }
        try print(checks, isFaulty: isFaulty, asJSON: parsed.has("json"), environment: environment)
        return isFaulty ? .failed : .complete
    }

    private static func print(_ checks: [Check], isFaulty: Bool, asJSON: Bool, environment: Environment) throws(Failure) {
        guard !asJSON else {
            let rows = checks.map { check -> JSONValue in
                ["name": .string(check.name), "state": .string(check.state.rawValue), "detail": .string(check.detail)]
            }
            try Console.output.write(JSONWriter.text(["healthy": .bool(!isFaulty), "checks": .array(rows)], indent: 2) + "\n")
            return
        }
        let style = TerminalStyle.of(.output, environment: environment)
        for check in checks {
            let mark =
                switch check.state {
                case .ok: style.green("✓")
                case .warning: style.yellow("!")
                case .fault: style.red("✗")
                }
            // The lines of a list of mistakes, each under the first.
            let lines = check.detail.split(separator: "\n").map { DisplayText.safe(String($0)) }
            try Console.output.write("\(mark) \(check.name): \(lines.joined(separator: "\n    "))\n")
        }
    }

    /// Starts the decoder as a run would, which also compares the builds.
    private static func decoder(canMakeWorkFile: Bool) async -> [Check] {
        guard canMakeWorkFile else {
            return [Check(name: "decoder", state: .warning, detail: "not tried: the work folder cannot be written")]
        }
        do {
            let ingest = try Ingest(options: IngestOptions(), workFile: try WorkFile())
            let level = await ingest.confinement
            await ingest.close()
            guard !level.hasPrefix("unavailable") else { return [Check(name: "decoder", state: .fault, detail: level)] }
            return [
                Check(name: "decoder", state: .ok, detail: "qdoc-decode starts and is of this build"),
                Check(
                    name: "confinement", state: level.contains("landlock") ? .ok : .warning,
                    detail: level.contains("landlock") ? level : "\(level); this kernel grants no landlock"),
            ]
        } catch let failure {
            return [Check(name: "decoder", state: .fault, detail: failure.description)]
        }
    }

    /// A child that only some sources need: without it the others are read all the same.
    private static func child(_ program: DecodeProgram, _ name: String) -> Check {
        do throws(Failure) {
            let server = try DecodeServer(program, allowUnsandboxed: false)
            defer { server.close() }
            return Check(name: name, state: .ok, detail: "\(program.rawValue) starts and is of this build (\(try server.start()))")
        } catch {
            return Check(name: name, state: .warning, detail: error.description)
        }
    }

    private static func converter() -> Check {
        do throws(Failure) {
            _ = try DocumentConverter(allowUnsandboxed: false)
            return Check(name: "texts and mail", state: .ok, detail: "\(DecodeProgram.convert.rawValue) is installed")
        } catch {
            return Check(name: "texts and mail", state: .warning, detail: error.description)
        }
    }

    /// LibreOffice as the distribution installs it; nothing of it is started here.
    private static func office() -> Check {
        let program = "/usr/lib/libreoffice/program/soffice.bin"
        return Files.exists(program)
            ? Check(name: "office documents", state: .ok, detail: program)
            : Check(
                name: "office documents", state: .warning,
                detail:
                    "LibreOffice is not installed: apt-get install libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui"
            )
    }

    /// Without the maps text in Chinese, Japanese and Korean is silently lost.
    private static func characterMaps() -> Check {
        Files.names(in: "/usr/share/poppler/cMap").isEmpty
            ? Check(
                name: "character maps", state: .warning, detail: "poppler-data is missing: Chinese, Japanese and Korean text may be lost")
            : Check(name: "character maps", state: .ok, detail: "poppler-data is installed")
    }

    /// The fonts that stand in for the fourteen that a PDF need not carry.
    private static func fonts() -> Check {
        let folders = [
            "/usr/share/fonts/truetype/liberation", "/usr/share/fonts/truetype/liberation2", "/usr/share/fonts/opentype/urw-base35",
            "/usr/share/fonts/type1/urw-base35",
        ]
        guard let found = folders.first(where: { !Files.names(in: $0).isEmpty }) else {
            return Check(name: "fonts", state: .warning, detail: "no Liberation or URW fonts: pages without embedded fonts look wrong")
        }
        return Check(name: "fonts", state: .ok, detail: found)
    }

    private static func workFolder(_ environment: Environment) -> Check {
        let folder = environment.workFolder
        return Files.isWritableFolder(folder)
            ? Check(name: "work folder", state: .ok, detail: folder)
            : Check(name: "work folder", state: .fault, detail: "\(folder) cannot be written: point TMPDIR at another folder")
    }

    private static func configuration(
        _ parsed: ParsedArguments, _ environment: Environment
    ) -> (check: Check, value: Configuration) {
        let path = parsed.value("config") ?? Configuration.path(environment: environment)
        do {
            let value = try Configuration.load(named: parsed.value("config"), environment: environment)
            let detail = path.map { Files.exists($0) ? $0 : "none (\($0) is not there)" } ?? "none"
            return (Check(name: "configuration", state: .ok, detail: detail), value)
        } catch {
            return (Check(name: "configuration", state: .fault, detail: text(error)), Configuration())
        }
    }

    /// A failure, its list of mistakes in lines.
    private static func text(_ failure: Failure) -> String {
        [failure.message, failure.remedy].compactMap(\.self).joined(separator: failure.message.contains("\n") ? "\n" : ": ")
    }

    /// Where “qdoc use” writes: the nearest folder that is there must take files.
    private static func configurationFolder(_ parsed: ParsedArguments, _ environment: Environment) -> Check {
        let name = "configuration folder"
        guard let path = parsed.value("config") ?? Configuration.path(environment: environment) else {
            return Check(name: name, state: .warning, detail: "none: neither HOME nor XDG_CONFIG_HOME is set")
        }
        var folder = Files.resolved(path) ?? path
        repeat {
            folder = folder.lastIndex(of: "/").map { $0 == folder.startIndex ? "/" : String(folder[..<$0]) } ?? "."
        } while !Files.exists(folder) && folder != "/" && folder != "."
        return Files.isWritableFolder(folder)
            ? Check(name: name, state: .ok, detail: folder)
            : Check(name: name, state: .warning, detail: "\(folder) cannot be written: “qdoc use” will fail")
    }

    /// Who would answer without -m, or why nobody can.
    private static func model(_ configuration: Configuration, _ environment: Environment) -> Check {
        do {
            let choice = try ModelChoice(
                named: nil, baseURL: nil, maxSide: nil, isOffline: configuration.isOffline ?? false, configuration: configuration,
                environment: environment)
            let detail =
                switch choice {
                case .local: "local: nothing leaves this machine"
                case .hosted(let choice): "\(choice.model.name) at \(choice.address.text)"
                }
            return Check(name: "model", state: .ok, detail: detail)
        } catch {
            let origin = environment["QDOC_MODEL"].map { "QDOC_MODEL=\($0): " } ?? ""
            return Check(name: "model", state: .fault, detail: origin + text(error))
        }
    }

    /// Says which keys are set and which address or key file cannot be used; no key is kept or shown.
    private static func providers(_ configuration: Configuration, _ environment: Environment) -> [Check] {
        let catalogue: Catalogue
        do {
            catalogue = try configuration.catalogue()
        } catch {
            return [Check(name: "catalogue", state: .fault, detail: text(error))]
        }
        // Another protocol of the same account has no key of its own.
        return catalogue.providers.filter { $0.account == $0.name }.flatMap { provider in
            (provider.regions.isEmpty ? [nil] : provider.regions.map(Optional.some)).map { region in
                key(of: provider, region, catalogue, configuration, environment)
            }
        }
    }

    private static func key(
        of provider: CatalogueProvider, _ region: CatalogueRegion?, _ catalogue: Catalogue, _ configuration: Configuration,
        _ environment: Environment
    ) -> Check {
        let isFirst = region?.name == provider.regions.first?.name
        let name = "key of \(provider.name)\(isFirst ? "" : "@\(region?.name ?? "")")"
        do throws(Failure) {
            let address = try configuration.address(of: provider, region: region, environment: environment)
            let keys = Keys(catalogue: catalogue, provider: provider, region: region, address: address)
            let isSet = try keys.find(environment) != nil
            let absent = keys.isNeeded ? "not set (\(keys.variable))" : "not set, none needed (\(keys.variable))"
            return Check(name: name, state: .ok, detail: isSet ? "set; used only when a model is named" : absent)
        } catch {
            return Check(name: name, state: .warning, detail: text(error))
        }
    }
}
