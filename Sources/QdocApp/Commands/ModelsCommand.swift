import QdocCore
import QdocModel
import QdocReport
import QdocRuntime

/// `qdoc models`.
struct ModelsCommand {
    private let configuration: Configuration
    private let catalogue: Catalogue
    private let environment: Environment

    static func run(_ parsed: ParsedArguments, environment: Environment) throws(Failure) {
        let configuration = try Configuration.load(named: parsed.value("config"), environment: environment)
        let command = ModelsCommand(
            configuration: configuration, catalogue: try configuration.catalogue(), environment: environment)
        let style = TerminalStyle.of(.output, environment: environment)
        let text: String
        switch (parsed.positionals.first, parsed.has("json")) {
        case (let name?, true): text = JSONWriter.text(try command.modelJSON(name), indent: 2)
        case (let name?, false): text = try command.model(name, style).joined(separator: "\n")
        case (nil, true): text = JSONWriter.text(try command.listJSON(), indent: 2)
        case (nil, false): text = try command.list(style).joined(separator: "\n")
        }
        try Console.output.write(text + "\n")
    }

    // MARK: What is known of an endpoint here

    private struct Endpoint {
        var region: CatalogueRegion?
        var baseURL: String
        var hasKey: Bool
        var needsKey: Bool
        var keyVariable: String

        var keyState: String {
            hasKey ? "key set" : needsKey ? "no key: set \(keyVariable)" : "no key set, none needed"
        }
    }

    private func endpoint(_ provider: CatalogueProvider, _ region: CatalogueRegion?) throws(Failure) -> Endpoint {
        let address = try configuration.address(of: provider, region: region, environment: environment)
        let keys = Keys(catalogue: catalogue, provider: provider, region: region, address: address)
        return Endpoint(
            region: region, baseURL: address.text, hasKey: keys.isSet(environment), needsKey: keys.isNeeded, keyVariable: keys.variable)
    }

    private func endpoints(_ provider: CatalogueProvider) throws(Failure) -> [Endpoint] {
        guard !provider.regions.isEmpty else { return [try endpoint(provider, nil)] }
        var endpoints: [Endpoint] = []
        for region in provider.regions { endpoints.append(try endpoint(provider, region)) }
        return endpoints
    }

    // MARK: The list

    private func list(_ style: TerminalStyle) throws(Failure) -> [String] {
        let chosen = configuration.defaultModel(environment)
        var lines = [
            "\(style.bold("local"))\(chosen == Catalogue.local ? "  (your default)" : "")",
            "    reads text, tables and key figures on this machine; needs no key, sends nothing",
        ]
        for provider in catalogue.providers {
            let isDefault = chosen.hasPrefix(provider.name + "/") || chosen.hasPrefix(provider.name + "@")
            let mark = isDefault ? "  (your default: \(DisplayText.safe(chosen)))" : ""
            lines += ["", "\(style.bold("\(provider.name)/MODEL"))  \(DisplayText.safe(provider.title))\(mark)"]
            if !provider.help.isEmpty { lines.append("    \(DisplayText.safe(provider.help))") }
            for endpoint in try endpoints(provider) {
                let region = endpoint.region.map { "\(provider.name)@\($0.name): " } ?? ""
                lines.append("    \(region)\(DisplayText.safe(endpoint.baseURL)) · \(endpoint.keyState)")
            }
            guard provider.account == provider.name else {
                lines.append("    models as of \(provider.account)")
                continue
            }
            lines += table(catalogue.models(of: provider), provider, style)
        }
        return lines + ["", "Name one with -m, or make it your default: qdoc use MODEL. More of one: qdoc models MODEL"]
    }

    private func table(_ models: [CatalogueModel], _ provider: CatalogueProvider, _ style: TerminalStyle) -> [String] {
        guard !models.isEmpty else { return [] }
        let titles = ["model", "thinking", "context", "price of a million tokens, in / out"]
        let rows = models.map { model in
            let region = model.region?.name == provider.regions.first?.name ? "" : "@\(model.region?.name ?? ""): "
            return [
                DisplayText.safe(region + model.model), ModelText.thinking(model.profile.thinking),
                model.profile.context.map(ModelText.grouped) ?? "-", ModelText.price(model),
            ]
        }
        let widths = titles.indices.map { column in ([titles] + rows).map { DisplayText.width($0[column]) }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            let padded = cells.enumerated().map { index, cell in
                let space = String(repeating: " ", count: max(0, widths[index] - DisplayText.width(cell)))
                return index == 2 ? space + cell : index == cells.count - 1 ? cell : cell + space
            }
            return "      " + padded.joined(separator: "  ")
        }
        return [style.dim(line(titles))] + rows.map(line)
    }

    private func listJSON() throws(Failure) -> JSONValue {
        var rows: [JSONValue] = []
        for provider in catalogue.providers {
            let all = try endpoints(provider)
            guard let first = all.first else { continue }
            var row: JSONObject = [
                "name": .string(provider.name), "title": .string(provider.title), "protocol": .string(provider.wire.rawValue),
                "baseURL": .string(first.baseURL), "keyVariable": .string(first.keyVariable), "hasKey": .bool(first.hasKey),
                "needsKey": .bool(first.needsKey),
            ]
            if !provider.regions.isEmpty {
                row["regions"] = .array(
                    all.map { endpoint in
                        [
                            "name": .string(endpoint.region?.name ?? ""), "baseURL": .string(endpoint.baseURL),
                            "keyVariable": .string(endpoint.keyVariable), "hasKey": .bool(endpoint.hasKey),
                        ]
                    })
            }
            row["models"] = .array(catalogue.models(of: provider).map { .object(ModelText.json($0)) })
            rows.append(.object(row))
        }
        return [
            "default": .string(configuration.defaultModel(environment)), "local": true, "updated": .string(catalogue.updated),
            "providers": .array(rows),
        ]
    }

    // MARK: One model

    private func model(_ name: String, _ style: TerminalStyle) throws(Failure) -> [String] {
        guard let model = try catalogue.resolve(name) else {
            return ["local reads text, tables and key figures on this machine; needs no key, sends nothing, costs nothing"]
        }
        let endpoint = try endpoint(model.provider, model.region)
        var rows = [("provider", DisplayText.safe(model.provider.title)), ("protocol", model.provider.wire.rawValue)]
        if let region = model.region { rows.append(("region", region.name)) }
        rows += [("endpoint", "\(DisplayText.safe(endpoint.baseURL)) · \(endpoint.keyState)")]
        rows += ModelText.rows(model)
        if !model.isListed { rows.append(("note", "not listed: this is what holds for any model of \(model.provider.name)")) }
        let width = rows.map { $0.0.count }.max() ?? 0
        return [style.bold(DisplayText.safe(model.name))]
            + rows.map { title, value in
                let space = String(repeating: " ", count: width - title.count)
                return "    \(style.dim(title))\(space)  \(value)"
            }
    }

    private func modelJSON(_ name: String) throws(Failure) -> JSONValue {
        guard let model = try catalogue.resolve(name) else { return ["name": "local", "listed": true, "price": ["kind": "free"]] }
        let endpoint = try endpoint(model.provider, model.region)
        var json = ModelText.json(model)
        json["baseURL"] = .string(endpoint.baseURL)
        json["keyVariable"] = .string(endpoint.keyVariable)
        json["hasKey"] = .bool(endpoint.hasKey)
        return .object(json)
    }
}
