import QdocCore
import QdocPipeline
import QdocReport
import QdocRuntime

/// `qdoc pipelines new`: a whole pipeline file to start from, each key with what it does.
enum NewPipeline {
    /// - Throws: `output_exists` where a file of that name is there and is not to be replaced; `invalid_arguments`.
    static func write(_ name: String, replaces: Bool) throws(Failure) -> String {
        let path = name.hasSuffix(".yaml") || name.hasSuffix(".yml") ? name : name + ".yaml"
        let file = path.split(separator: "/").last.map { String($0.prefix { $0 != "." }) } ?? ""
        guard let first = file.first, first.isLetter || first.isNumber,
            file.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" })
        else {
            throw Failure(
                .invalidArguments, "“\(DisplayText.safe(name))” cannot name a pipeline",
                remedy: "take letters, digits, “-” and “_”, as in delivery-note")
        }
        let output = try OutputFile(path, replaces: replaces)
        try output.write(Array(text(named: file).utf8))
        try output.commit()
        return path
    }

    static func text(named name: String) -> String {
        """
        # What to ask of the pages, and the form of the answer. Check it:  qdoc pipelines check \(name).yaml
        # Use it:  qdoc analyze FILE -p \(name).yaml
        pipeline: qdoc.pipeline/1
        name: "\(name)"
        description: What this finds, in one line, for “qdoc pipelines list”.

        # What the model is told. Say what to work out and what conclusion to reach; a mere “describe” wastes a model that thinks.
        instructions: |
          You are reading pages of a delivery note. Work out who sent what to whom, and decide which of the printed numbers is the number
          of the note itself. Give numbers exactly as printed. Leave out what the pages do not state.

        # One question beside the instructions, or instead of them; “--question” replaces it.
        # question: Which of the delivered items differ from what was ordered?

        # The short form of the answer. Types: text, number, integer, money, percent, date, datetime, boolean, email, url, choice [a, b];
        # [text] is a list, [{…}] a list of records, {…} a record. Every value may be null, unless “!” stands behind its type.
        fields:
          noteNumber: text
          date: date
          sender: text
          isComplete: boolean
          state: choice [delivered, returned, unknown]
          lines:
            - description: text!
              quantity: number

        # A whole JSON Schema (draft 7) instead of the short form:
        # schema: {type: object, properties: {noteNumber: {type: [string, "null"]}}}

        # Pages of one request: a number, page (one), all (as many as the model takes, up to 64), or {pages: 8, overlap: 1}.
        # window: 8

        # Whether a model that can be told thinks first: auto, on, off.
        # thinking: auto

        # text: the words that the document stores for a page stand beside its image. They cost tokens.
        # anchor: none

        # none: no image is sent, only the words that the document stores. Scans have none.
        # images: auto

        # Language of what the model says in its own words: de, pt-BR.
        # language: en

        # auto: the opening role goes into a system message where the model takes one. Providers advise against it.
        # system: never

        # The most that one answer may take, in tokens.
        # limits: {max-output: 4096, thinking-budget: 2048}

        """
    }
}
