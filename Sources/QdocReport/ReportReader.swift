public import QdocCore
import QdocRuntime

/// Reads a report back (`qdoc.report/1`): strict about the version and what it promises, deaf to members that a later qdoc added.
public enum ReportReader {
    /// Reads the JSON of one report.
    ///
    /// - Parameter name: What the failure calls it.
    /// - Throws: `report_invalid`.
    public static func read(_ bytes: [UInt8], name: String) throws(Failure) -> Report {
        do throws(ReportMistake) {
            return try report(ReportMember(value: try parse(bytes), pointer: JSONPointer()))
        } catch {
            throw Failure(
                .reportInvalid, "\(name) is no report that can be read: \(error.reason)",
                remedy: "give a file that qdoc analyze wrote with -o NAME.json")
        }
    }

    static func parse(_ bytes: [UInt8]) throws(ReportMistake) -> JSONValue {
        do throws(JSONSyntaxError) {
            return try JSONParser.parse(bytes)
        } catch {
            throw ReportMistake(reason: "\(error.reason) (byte \(error.offset))")
        }
    }

    private static func report(_ root: ReportMember) throws(ReportMistake) -> Report {
        let schema = root["schema"].value?.string
        guard schema == Report.schema else {
            throw ReportMistake(reason: "its schema is \(schema.map { DisplayText.safe($0) } ?? "not named"), not \(Report.schema)")
        }
        return Report(
            run: try run(root["run"]), sources: try root["sources"].list(source), pages: try root["pages"].list(page),
            images: try root["images"].list(image), calls: try root["calls"].list(call), data: try any(root["data"]),
            evidence: try root["evidence"].list(evidence), repairs: try root["repairs"].list(repair),
            conflicts: try root["conflicts"].list(conflict), checks: try root["checks"].list(check),
            warnings: try root["warnings"].list(warning),
            reasoning: try root["reasoning"].list(reasoning), egress: try root["egress"].list(egress))
    }

    private static func run(_ member: ReportMember) throws(ReportMistake) -> ReportRun {
        ReportRun(
            id: try text(member["id"]), pipeline: try text(member["pipeline"]), digest: try text(member["digest"]),
            model: try text(member["model"]), state: try choice(member["state"]), startedAt: try time(member["startedAt"]),
            duration: try duration(member["duration"]), failure: try member["failure"].ifThere(failure))
    }

    private static func failure(_ member: ReportMember) throws(ReportMistake) -> Failure {
        Failure(try choice(member["code"]), try text(member["message"]), remedy: try member["remedy"].ifThere(text))
    }

    private static func source(_ member: ReportMember) throws(ReportMistake) -> Source {
        Source(
            ordinal: try count(member["ordinal"]), path: try text(member["path"]), sha256: try text(member["sha256"]),
            mediaType: try choice(member["mediaType"]), byteCount: try count(member["bytes"]), pageCount: try count(member["pages"]))
    }

    private static func reference(_ member: ReportMember) throws(ReportMistake) -> PageReference {
        PageReference(source: try count(member["source"]), pageNumber: try count(member["page"]))
    }

    private static func page(_ member: ReportMember) throws(ReportMistake) -> PageRecord {
        let outcome: PageOutcome =
            switch try text(member["outcome"]) {
            case "read": .read
            case "notRead": .notRead(try choice(member["code"]))
            case "failed":
                .failed(Failure(try choice(member["code"]), try text(member["message"])))
            default: throw member["outcome"].mistake("is no outcome")
            }
        let size = PageSize(width: try double(member["width"]), height: try double(member["height"]))
        return PageRecord(
            reference: try reference(member),
            geometry: PageGeometry(
                size: size, rotation: try count(member["rotation"]), timestamp: try member["timestamp"].ifThere(double)),
            outcome: outcome)
    }

    private static func image(_ member: ReportMember) throws(ReportMistake) -> ImageRecord {
        ImageRecord(
            number: try count(member["number"]), page: try reference(member),
            timestamp: try member["timestamp"].ifThere(double), region: try member["region"].ifThere(box),
            size: PixelSize(width: try count(member["width"]), height: try count(member["height"])),
            byteCount: try count(member["bytes"]), encoding: try choice(member["encoding"]), sha256: try text(member["sha256"]),
            tokens: try count(member["tokens"]), pixelsPerPoint: try double(member["pixelsPerPoint"]))
    }

    private static func call(_ member: ReportMember) throws(ReportMistake) -> CallRecord {
        let usage = member["usage"]
        func tokens(_ name: String) throws(ReportMistake) -> Int? { try usage[name].ifThere(count) }
        func word(_ name: String) throws(ReportMistake) -> String? { try member[name].ifThere(text) }
        let reason: FinishReason? = try word("finishReason").map { $0 == "stop" ? .stop : $0 == "length" ? .length : .other($0) }
        return CallRecord(
            number: try count(member["number"]), provider: try text(member["provider"]), modelAsked: try text(member["modelAsked"]),
            modelAnswered: try word("modelAnswered"), images: try member["images"].list(count),
            requestID: try word("requestID"), state: try choice(member["state"]),
            usage: Usage(
                inputTokens: try tokens("inputTokens"), outputTokens: try tokens("outputTokens"),
                reasoningTokens: try tokens("reasoningTokens"), imageTokens: try tokens("imageTokens"),
                cachedTokens: try tokens("cachedTokens")),
            attempts: try count(member["attempts"]), startedAt: try time(member["timing"]["startedAt"]),
            firstEvent: try member["timing"]["firstEvent"].ifThere(duration),
            duration: try duration(member["timing"]["duration"]), finishReason: reason, cost: try member["cost"].ifThere(money),
            reservation: try member["reservation"].ifThere(money), isEstimated: member["estimated"].isTrue,
            isReused: member["reused"].isTrue, isThoughtCut: member["thoughtCut"].isTrue,
            remainingCredits: member["remainingCredits"].value?.number, failure: try member["failure"].ifThere(failure))
    }

    private static func money(_ member: ReportMember) throws(ReportMistake) -> Money {
        guard let currency = Currency(try text(member["currency"])),
            let money = (member["amount"].value?.number).flatMap({ Money($0.lexical, currency) })
        else { throw member.mistake("is no amount of money") }
        return money
    }

    private static func box(_ member: ReportMember) throws(ReportMistake) -> Box {
        let sides = try member.list(double)
        guard sides.count == 4 else { throw member.mistake("is no box") }
        return Box(x: sides[0], y: sides[1], width: sides[2], height: sides[3])
    }

    private static func place(_ member: ReportMember) throws(ReportMistake) -> Place {
        Place(
            page: try reference(member), image: try member["image"].ifThere(count), box: try box(member["box"]),
            text: try text(member["text"]))
    }

    private static func evidence(_ member: ReportMember) throws(ReportMistake) -> Evidence {
        Evidence(
            pointer: try path(member["pointer"]), value: try any(member["value"]), verdict: try choice(member["verdict"]),
            method: try choice(member["method"]), places: try member["places"].list(place),
            quote: try member["quote"].ifThere(text), call: try member["call"].ifThere(count),
            note: try member["note"].ifThere(text), derivation: try derivation(member),
            found: try member["found"].ifThere(any))
    }

    private static func derivation(_ member: ReportMember) throws(ReportMistake) -> Derivation? {
        guard let formula = try member["formula"].ifThere(text) else { return nil }
        return Derivation(formula: formula, operands: try member["operands"].list(path))
    }

    private static func check(_ member: ReportMember) throws(ReportMistake) -> ArithmeticCheck {
        ArithmeticCheck(
            kind: try choice(member["kind"]), pointer: try path(member["pointer"]), operands: try member["operands"].list(path),
            place: try member["place"].ifThere(place), expected: try number(member["expected"]), printed: try number(member["printed"]),
            difference: try number(member["difference"]))
    }

    private static func number(_ member: ReportMember) throws(ReportMistake) -> JSONNumber {
        guard let number = member.value?.number else { throw member.mistake("is no number") }
        return number
    }

    private static func repair(_ member: ReportMember) throws(ReportMistake) -> Repair {
        Repair(
            kind: try text(member["kind"]), pointer: try member["pointer"].ifThere(path),
            call: try member["call"].ifThere(count), note: try text(member["note"]))
    }

    private static func conflict(_ member: ReportMember) throws(ReportMistake) -> Conflict {
        Conflict(
            pointer: try path(member["pointer"]), kept: try any(member["kept"]), other: try any(member["other"]),
            call: try count(member["call"]))
    }

    private static func warning(_ member: ReportMember) throws(ReportMistake) -> Warning {
        Warning(
            code: try choice(member["code"]), message: try text(member["message"]),
            page: member["page"].value == nil ? nil : try reference(member))
    }

    private static func reasoning(_ member: ReportMember) throws(ReportMistake) -> ReasoningRecord {
        ReasoningRecord(call: try count(member["call"]), text: try text(member["text"]))
    }

    private static func egress(_ member: ReportMember) throws(ReportMistake) -> Egress {
        Egress(
            host: try text(member["host"]), region: try member["region"].ifThere(text),
            call: try count(member["call"]), images: try member["images"].list(count),
            textBytes: try count(member["textBytes"]), sha256: try text(member["sha256"]))
    }
}
