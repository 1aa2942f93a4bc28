public import QdocCore

/// Writes what qdoc sees in a document as JSON, page by page (`qdoc.inspect/1`).
public struct InspectJSON {
    /// The name and version of the format.
    public static let schema = "qdoc.inspect/1"

    private var output: JSONOutput

    /// Begins the document of a source.
    public init(_ source: Source) {
        output = JSONOutput(layout: .pretty, pieceSize: 0)
        output.writer.beginObject()
        output.member("schema", .string(Self.schema))
        output.member("source", RecordJSON.source(source))
        output.writer.name("pages")
        output.writer.beginArray()
    }

    /// Writes a page; gives the bytes that are ready.
    public mutating func page(_ page: PageInspection) -> [UInt8] {
        var object: JSONObject = [
            "number": .int(page.number), "width": .points(page.geometry.size.width), "height": .points(page.geometry.size.height),
            "rotation": .int(page.geometry.rotation),
        ]
        object["timestamp"] = page.geometry.timestamp.map(RecordJSON.timestamp)
        RecordJSON.outcome(page.outcome, into: &object)
        object["textSource"] = page.textSource.map { .string($0.rawValue) } ?? .null
        object["words"] = .array(page.words.map(word))
        object["tables"] = .array(page.tables.map(table))
        object["charts"] = .array(page.charts.map(chart))
        object["keyFigures"] = .array(page.keyFigures.map(figure))
        object["image"] = page.images.first.map(image)
        if page.images.count > 1 { object["images"] = .array(page.images.map(image)) }
        if !page.missingFonts.isEmpty { object["missingFonts"] = .array(page.missingFonts.map(JSONValue.string)) }
        output.value(.object(object))
        return output.writer.take()
    }

    /// Ends the document; gives the last bytes.
    public mutating func finish() -> [UInt8] {
        output.writer.endArray()
        output.writer.endObject()
        return output.writer.take() + [UInt8(ascii: "\n")]
    }

    private func word(_ word: Word) -> JSONValue {
        var object: JSONObject = ["text": .string(word.text), "box": RecordJSON.box(word.box)]
        if word.source == .ocr { object["confidence"] = .double(word.confidence) }
        return .object(object)
    }

    private func table(_ table: InspectedTable) -> JSONValue {
        var object = JSONObject()
        object["title"] = table.title.map(JSONValue.string)
        object["box"] = RecordJSON.box(table.box)
        object["rows"] = .array(table.rows.map { .array($0.map(JSONValue.string)) })
        object["headerRows"] = .int(table.headerRows)
        return .object(object)
    }

    private func chart(_ chart: InspectedChart) -> JSONValue {
        var object: JSONObject = ["box": RecordJSON.box(chart.box)]
        object["kind"] = chart.kind.map(JSONValue.string)
        return .object(object)
    }

    private func figure(_ figure: InspectedFigure) -> JSONValue {
        var object: JSONObject = ["label": .string(figure.label), "value": .number(figure.value)]
        object["unit"] = figure.unit.map(JSONValue.string)
        object["scale"] = figure.scale.map(JSONValue.string)
        object["period"] = figure.period.map(JSONValue.string)
        object["box"] = RecordJSON.box(figure.box)
        return .object(object)
    }

    private func image(_ image: InspectedImage) -> JSONValue {
        var object = JSONObject()
        object["region"] = image.region.map(RecordJSON.box)
        object["width"] = .int(image.size.width)
        object["height"] = .int(image.size.height)
        object["tokens"] = .int(image.tokens)
        object["encoding"] = .string(image.encoding.rawValue)
        object["bytes"] = .int(image.byteCount)
        return .object(object)
    }
}
