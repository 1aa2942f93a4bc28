import QdocCore
import QdocRuntime

/// The JSON of the values that reports, events and inspections share. Members that are nil are left out.
enum RecordJSON {
    static func box(_ box: Box) -> JSONValue {
        [.points(box.x), .points(box.y), .points(box.width), .points(box.height)]
    }

    static func seconds(_ duration: Duration) -> JSONValue {
        let (seconds, attoseconds) = duration.components
        return .double((Double(seconds) * 1_000 + Double(attoseconds / 1_000_000_000_000_000)) / 1_000)
    }

    static func time(_ microseconds: Int64) -> JSONValue { .string(WallClock.rfc3339(microseconds)) }

    static func integers(_ numbers: [Int]) -> JSONValue { .array(numbers.map(JSONValue.int)) }

    static func failure(_ failure: Failure) -> JSONValue {
        var object: JSONObject = ["code": .string(failure.code.rawValue), "message": .string(failure.message)]
        object["remedy"] = failure.remedy.map(JSONValue.string)
        return .object(object)
    }

    static func source(_ source: Source) -> JSONValue {
        [
            "ordinal": .int(source.ordinal), "path": .string(source.path), "sha256": .string(source.sha256),
            "mediaType": .string(source.mediaType.rawValue), "bytes": .int(source.byteCount), "pages": .int(source.pageCount),
        ]
    }

    static func outcome(_ outcome: PageOutcome, into object: inout JSONObject) {
        object["outcome"] = .string(outcome.slug)
        switch outcome {
        case .read: break
        case .notRead(let code): object["code"] = .string(code.rawValue)
        case .failed(let failure):
            object["code"] = .string(failure.code.rawValue)
            object["message"] = .string(failure.message)
        }
    }

    /// Seconds from the start of a video, to the millisecond.
    static func timestamp(_ seconds: Double) -> JSONValue { .double((seconds * 1_000).rounded() / 1_000) }

    static func page(_ page: PageRecord) -> JSONValue {
        var object: JSONObject = [
            "source": .int(page.reference.source), "page": .int(page.reference.pageNumber),
            "width": .points(page.geometry.size.width), "height": .points(page.geometry.size.height),
            "rotation": .int(page.geometry.rotation),
        ]
        object["timestamp"] = page.geometry.timestamp.map(timestamp)
        outcome(page.outcome, into: &object)
        return .object(object)
    }

    static func image(_ image: ImageRecord) -> JSONValue {
        var object: JSONObject = [
            "number": .int(image.number), "source": .int(image.page.source), "page": .int(image.page.pageNumber),
        ]
        object["timestamp"] = image.timestamp.map(timestamp)
        object["region"] = image.region.map(box)
        object["width"] = .int(image.size.width)
        object["height"] = .int(image.size.height)
        object["bytes"] = .int(image.byteCount)
        object["encoding"] = .string(image.encoding.rawValue)
        object["sha256"] = .string(image.sha256)
        object["tokens"] = .int(image.tokens)
        object["pixelsPerPoint"] = .double((image.pixelsPerPoint * 10_000).rounded() / 10_000)
        return .object(object)
    }

    static func usage(_ usage: Usage) -> JSONValue {
        var object = JSONObject()
        object["inputTokens"] = usage.inputTokens.map(JSONValue.int)
        object["outputTokens"] = usage.outputTokens.map(JSONValue.int)
        object["reasoningTokens"] = usage.reasoningTokens.map(JSONValue.int)
        object["imageTokens"] = usage.imageTokens.map(JSONValue.int)
        object["cachedTokens"] = usage.cachedTokens.map(JSONValue.int)
        return .object(object)
    }

    static func call(_ call: CallRecord) -> JSONValue {
        var object: JSONObject = [
            "number": .int(call.number), "provider": .string(call.provider), "modelAsked": .string(call.modelAsked),
        ]
        object["modelAnswered"] = call.modelAnswered.map(JSONValue.string)
        object["images"] = integers(call.images)
        object["requestID"] = call.requestID.map(JSONValue.string)
        object["state"] = .string(call.state.rawValue)
        object["usage"] = usage(call.usage)
        object["attempts"] = .int(call.attempts)
        var timing: JSONObject = ["startedAt": time(call.startedAt), "duration": seconds(call.duration)]
        timing["firstEvent"] = call.firstEvent.map(seconds)
        object["timing"] = .object(timing)
        object["finishReason"] = call.finishReason.map { .string($0.slug) }
        object["cost"] = call.cost.map(money)
        object["reservation"] = call.reservation.map(money)
        if call.isEstimated { object["estimated"] = true }
        if call.isReused { object["reused"] = true }
        if call.isThoughtCut { object["thoughtCut"] = true }
        object["remainingCredits"] = call.remainingCredits.map(JSONValue.number)
        object["failure"] = call.failure.map(failure)
        object["mends"] = call.mends.map(JSONValue.int)
        return .object(object)
    }

    /// The exact decimal, as a JSON number.
    static func money(_ money: Money) -> JSONValue {
        ["currency": .string(money.currency.code), "amount": JSONNumber(money.decimal).map(JSONValue.number) ?? .null]
    }

    static func place(_ place: Place) -> JSONValue {
        var object: JSONObject = ["source": .int(place.page.source), "page": .int(place.page.pageNumber)]
        object["image"] = place.image.map(JSONValue.int)
        object["box"] = box(place.box)
        object["text"] = .string(place.text)
        return .object(object)
    }

    static func evidence(_ evidence: Evidence) -> JSONValue {
        var object: JSONObject = [
            "pointer": .string(evidence.pointer.description), "value": evidence.value, "verdict": .string(evidence.verdict.rawValue),
            "method": .string(evidence.method.rawValue), "places": .array(evidence.places.map(place)),
        ]
        object["quote"] = evidence.quote.map(JSONValue.string)
        object["call"] = evidence.call.map(JSONValue.int)
        object["note"] = evidence.note.map(JSONValue.string)
        if let derivation = evidence.derivation {
            object["formula"] = .string(derivation.formula)
            object["operands"] = .array(derivation.operands.map { .string($0.description) })
        }
        object["found"] = evidence.found
        return .object(object)
    }

    static func check(_ check: ArithmeticCheck) -> JSONValue {
        var object: JSONObject = [
            "kind": .string(check.kind.rawValue), "pointer": .string(check.pointer.description),
            "operands": .array(check.operands.map { .string($0.description) }), "expected": .number(check.expected),
            "printed": .number(check.printed), "difference": .number(check.difference),
        ]
        object["place"] = check.place.map(place)
        return .object(object)
    }

    static func repair(_ repair: Repair) -> JSONValue {
        var object: JSONObject = ["kind": .string(repair.kind)]
        object["pointer"] = repair.pointer.map { .string($0.description) }
        object["call"] = repair.call.map(JSONValue.int)
        object["note"] = .string(repair.note)
        object["original"] = repair.original
        return .object(object)
    }

    static func conflict(_ conflict: Conflict) -> JSONValue {
        [
            "pointer": .string(conflict.pointer.description), "kept": conflict.kept, "other": conflict.other,
            "call": .int(conflict.call),
        ]
    }

    static func warning(_ warning: Warning) -> JSONValue {
        var object: JSONObject = ["code": .string(warning.code.rawValue), "message": .string(warning.message)]
        object["source"] = warning.page.map { .int($0.source) }
        object["page"] = warning.page.map { .int($0.pageNumber) }
        return .object(object)
    }

    static func reasoning(_ reasoning: ReasoningRecord) -> JSONValue {
        ["call": .int(reasoning.call), "text": .string(reasoning.text)]
    }

    static func egress(_ egress: Egress) -> JSONValue {
        var object: JSONObject = ["host": .string(egress.host)]
        object["region"] = egress.region.map(JSONValue.string)
        object["call"] = .int(egress.call)
        object["images"] = integers(egress.images)
        object["textBytes"] = .int(egress.textBytes)
        object["sha256"] = .string(egress.sha256)
        return .object(object)
    }

    static func totals(_ totals: ReportTotals) -> JSONValue {
        var object: JSONObject = [
            "pages": .int(totals.pages), "pagesRead": .int(totals.pagesRead), "pagesNotRead": .int(totals.pagesNotRead),
            "pagesFailed": .int(totals.pagesFailed), "images": .int(totals.images), "calls": .int(totals.calls),
        ]
        object["inputTokens"] = totals.inputTokens.map(JSONValue.int) ?? .null
        object["outputTokens"] = totals.outputTokens.map(JSONValue.int) ?? .null
        object["reasoningTokens"] = totals.reasoningTokens.map(JSONValue.int) ?? .null
        object["costs"] = .array(totals.costs.map(money))
        object["unpricedCalls"] = .int(totals.unpricedCalls)
        object["values"] = .int(totals.values)
        for verdict in Verdict.allCases { object[verdict.rawValue] = .int(totals.count(verdict)) }
        return .object(object)
    }
}
