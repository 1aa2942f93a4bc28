import QdocCore
import QdocIngest

/// The commands of the program.
enum CommandTable {
    static let root = CommandSpec(
        name: "qdoc",
        summary: "checked JSON reports from reports, charts, scans and screenshots",
        discussion: [
            "Every value of a report carries the page and the place where it stands, and a verdict. Without -m nothing leaves this machine: "
                + "the local reader answers."
        ],
        options: [.flag("version", nil, "Print the version and exit")],
        subcommands: [analyze, plan, report, diff, review, inspect, runs, models, use, pipelines, doctor, version, completions, help],
        examples: [
            .init(line: "qdoc analyze report.pdf", does: "read a report on this machine"),
            .init(line: "qdoc analyze report.pdf -m dashscope/qvq-max", does: "ask a visual reasoning model"),
            .init(line: "qdoc inspect report.pdf --pages 3", does: "see what qdoc sees on page 3"),
        ])

    private static let model = OptionSpec.option(
        "model", "m", "MODEL", .text, "Who answers: local, PROVIDER/MODEL as “qdoc models” lists them, or auto")
    private static let baseURL = OptionSpec.option("base-url", nil, "URL", .text, "Endpoint of the model, such as http://127.0.0.1:8000/v1")
    private static let pages = OptionSpec.option("pages", nil, "RANGES", .text, "Pages to read: 1-3,7 or 12- (default: all)")
    private static let passwordFile = OptionSpec.option(
        "password-file", nil, "FILE", .file, "Read the password of an encrypted PDF from the first line of FILE")
    private static let password = OptionSpec.option(
        "password", nil, "PASSWORD", .text, "The password itself; other users of the machine can see it while qdoc runs")
    private static let maxSide = OptionSpec.option(
        "max-side", nil, "PIXELS", .count(64...16_384), "Longest side of the images (default: what the model takes)")
    private static let recursive = OptionSpec.flag("recursive", "r", "Read the folders inside of folders too")
    /// How pages become images.
    private static let imaging: [OptionSpec] = [
        maxSide,
        .option(
            "detail", nil, "DETAIL", .choice(ImageDetail.allCases.map(\.rawValue)),
            "How large images are: low, auto (the smallest print is legible), high, or max (what the model takes) (default: auto)"),
        .option("max-tokens-per-image", nil, "TOKENS", .count(16...1_000_000), "Make images so small that none costs more tokens"),
        .option(
            "region", nil, "PAGE:X,Y,W,H", .text,
            "Show this part of a page, in points from its top left corner, alone and large; repeatable"),
    ]
    /// How scans are read.
    private static let recognising: [OptionSpec] = [
        .option(
            "ocr", nil, "WHEN", .choice(Recognition.Policy.allCases.map(\.rawValue)),
            "Recognise characters: auto (where no text layer can be used), always, never (default: auto)"),
        .option("ocr-languages", nil, "LANGUAGES", .text, "As tesseract names them: eng,deu (default: all that are installed)"),
    ]
    /// Which frames of a video are looked at.
    private static let selecting: [OptionSpec] = [
        .option("frames", nil, "N", .count(1...1_000), "Frames of a video at most, thinned out evenly (default: 64)"),
        .option("fps", nil, "RATE", .text, "So many frames a second, instead of one for each scene"),
        .option("every", nil, "TIME", .text, "One frame each so often: 5, 0.5, 1:30"),
        .flag("key-frames", nil, "The frames that the encoder stored whole"),
        .option("at", nil, "TIMES", .text, "The frames at these times: 3.5,1:02:10"),
        .option("from", nil, "TIME", .text, "Look at nothing before this time"),
        .option("to", nil, "TIME", .text, "Look at nothing after this time"),
    ]
    private static let asVideo = OptionSpec.flag(
        "as-video", nil, "Send the frames of a video as one video with its rate (default: as single images, each with its time)")
    private static let unsandboxed = OptionSpec.flag(
        "allow-unsandboxed", nil, "Go on where the decoder cannot be confined; only for files you trust")
    private static let config = OptionSpec.option("config", nil, "FILE", .file, "Read this configuration instead of your own")
    private static let store = OptionSpec.option(
        "store", nil, "FILE", .file, "Where runs and answers are kept (default: ~/.local/state/qdoc/store.db)")
    private static let pipeline = OptionSpec.option(
        "pipeline", "p", "NAME", .file, "What to ask: a shipped pipeline or a .yaml file (default: report)")
    private static let window = OptionSpec.option(
        "window", nil, "N", .count(1...64), "Pages of one request at most (default: the pipeline's, else 8)")
    /// What is asked, over the pipeline.
    private static let posing: [OptionSpec] = [
        .option("fields", nil, "FIELDS", .text, "Ask for the values you name: total:money,date:date"),
        .option("schema", nil, "FILE", .file, "Ask for an answer of this JSON Schema (JSON or YAML)"),
        .option("question", nil, "TEXT", .text, "Ask this; without -p the pipeline “question” answers it"),
        .option("language", nil, "TAG", .text, "Language of what the model says in its own words: de, pt-BR"),
    ]
    /// How a hosted model is asked, and what it may cost.
    private static let asking: [OptionSpec] = [
        .option("max-output", nil, "TOKENS", .count(256...1_000_000), "Most tokens of one answer (default: sized to the window)"),
        .option(
            "thinking", nil, "WHEN", .choice(["on", "off", "auto"]), "Whether the model thinks first (default: auto, by the pipeline)"),
        .option("thinking-budget", nil, "TOKENS", .count(1...1_000_000), "Most tokens of thought (default: sized to the window)"),
        .option("temperature", nil, "NUMBER", .text, "Sampling temperature, 0 to 2 (default: the model's own)"),
        .option("seed", nil, "N", .count(0...2_147_483_647), "Seed of the sampling (default: the model's own)"),
        .option("budget", nil, "AMOUNT", .text, "The most that this call of qdoc may cost: 0.50, 10CNY (default: 1 USD or 10 CNY)"),
        .option(
            "max-repairs", nil, "N", .count(0...5), "How often a question is asked again where its answer is not valid (default: 1)"),
        .option("max-calls", nil, "N", .count(1...1_000_000), "The most calls that this call of qdoc may make"),
        .flag("fresh", nil, "Ask again although the answer is kept"),
    ]
    private static let onUnknown = OptionSpec.option(
        "on-unknown", nil, "POLICY", .choice(["hold", "retry-once", "accept"]),
        "What to do about a call that left and whose end is not known: hold it, ask once more, or book it as spent (default: hold)")
    private static let force = OptionSpec.flag("force", "f", "Replace files that are there already")
    private static let format = OptionSpec.option(
        "format", nil, "FORMAT", .choice(ReportFormat.allCases.map(\.rawValue)),
        "text, json, md, csv or html (default: by the suffix of -o, else text)")
    private static let quiet = OptionSpec.flag("quiet", "q", "No progress and no reasoning on standard error")
    private static let json = OptionSpec.flag("json", nil, "Print JSON")

    static let analyze = CommandSpec(
        name: "analyze",
        summary: "read documents and write checked reports",
        discussion: [
            "Reads PDF, images, videos, texts, mail and Office files, a folder of them, or - for standard input. The report goes to standard output, or to the file or folder named with -o; the suffix "
                + ".json, .txt, .md, .csv or .html picks the format. Several files give one report each: in a folder one file each, on standard output one after another "
                + "(JSON Lines with --format json).",
            "On a terminal progress and the model's reasoning are shown on standard error while it works; a pipe gets neither.",
            "Exit status: 0 complete, 1 failed, 2 usage or configuration, 3 partial (a page or an answer is missing, named on the last line "
                + "of standard error), 4 refused by a budget or for want of a price, 5 a value is not proven as --require-proof asks, 130 interrupted "
                + "(the first Ctrl-C still writes what is there, the second ends at once).",
        ],
        arguments: [.init(name: "FILE", kind: .file, isRepeatable: true, help: "Documents to read")],
        options: [
            model, baseURL, pipeline, pages,
            .option("output", "o", "PATH", .file, "Write the report to this file, or into this folder as NAME.json"),
            force, format,
            passwordFile, password, window, recursive,
            .option(
                "save-images", nil, "FOLDER", .folder, "Keep the pages and frames that the report speaks of as FOLDER/NAME-PAGE.png or .jpg"
            ),
            OptionSpec(
                name: "require-proof", placeholder: "VERDICT", kind: .choice(["verified", "derived"]), implied: "verified",
                help: "Exit with 5 where a value is not verified; with =derived, neither verified nor derived"),
        ] + posing + imaging + recognising + selecting + [asVideo] + asking + [
            onUnknown,
            store, .flag("no-store", nil, "Keep nothing of this run but what it cost"),
            .option("jobs", "j", "N", .count(1...64), "Requests in flight at most (default: 4)"),
            .flag("offline", nil, "Give up the right to open network sockets before the first file is read"),
            .option(
                "reasoning", nil, "WHEN", .choice(["show", "hide"]), "show or hide the model's reasoning on a terminal (default: show)"),
            .option("events", nil, "FORMAT", .choice(["jsonl"]), "jsonl: the events of the run as JSON Lines on standard error"),
            quiet, unsandboxed, config,
        ],
        examples: [
            .init(line: "qdoc analyze report.pdf -o report.json", does: "keep the report as JSON"),
            .init(line: "qdoc analyze *.pdf -o reports/", does: "one report for each file"),
            .init(line: "qdoc analyze report.pdf --format json | jq .data", does: "the data alone"),
            .init(line: "qdoc analyze invoice.pdf --fields total:money,date:date", does: "the values that you name"),
            .init(line: "qdoc analyze scans/ --recursive -o reports/", does: "every file of a folder"),
            .init(
                line: "qdoc analyze talk.mp4 --from 1:30 -m dashscope/qwen3-vl-plus", does: "one frame of each scene after the first 90 s"),
            .init(line: "qdoc analyze scan.pdf -m openai/qwen2.5-vl --base-url http://127.0.0.1:8000/v1", does: "ask a model of your own"),
        ])

    static let plan = CommandSpec(
        name: "plan",
        summary: "show what analyze would send, and what it can cost",
        discussion: [
            "Nothing is sent. Images and their tokens are exact; the text around them and the answer are bounded from above, and their price "
                + "is what analyze reserves before it sends anything. Windows whose answer is kept cost nothing.",
            "Exit status: 4 where analyze would refuse to send.",
        ],
        arguments: [.init(name: "FILE", kind: .file, isRepeatable: true, help: "Documents to plan for")],
        options: [model, baseURL, pipeline, pages, passwordFile, password, window, recursive] + posing + imaging + selecting + [asVideo]
            + asking + [
                .option("jobs", "j", "N", .count(1...64), "Requests in flight at most (default: 4)"), store, json, unsandboxed, config,
            ],
        examples: [
            .init(line: "qdoc plan report.pdf -m dashscope/qvq-max", does: "images, tokens, worst case, cheaper models")
        ])

    static let report = CommandSpec(
        name: "report",
        summary: "render a kept report again, in any format",
        discussion: [
            "Reads the JSON that analyze wrote with -o NAME.json; no model is asked. A web page (html) is one file with a picture of each page "
                + "and a box for each value; the pictures are drawn again where the document is still there and still the same, beside the "
                + "report or where it was."
        ],
        arguments: [.init(name: "FILE", kind: .file, help: "The report, as JSON")],
        options: [
            .option("output", "o", "PATH", .file, "Write to this file, or into this folder"), force, format,
            .flag("no-pictures", nil, "Leave the pictures of the pages out of a web page"), passwordFile, password, unsandboxed,
        ],
        examples: [
            .init(line: "qdoc report report.json -o report.html", does: "one web page to look at, to print, and to hand on"),
            .init(line: "qdoc report report.json --format md", does: "Markdown to standard output"),
        ])

    static let diff = CommandSpec(
        name: "diff",
        summary: "show what differs between two reports, by meaning",
        discussion: [
            "A value is known by its label, period, table and column, wherever it stands: values are new, gone, changed, with weaker or "
                + "stronger proof, or moved. Another document, pipeline or model is told and makes no difference by itself.",
            "Exit status: 0 the same values with the same proof, 1 a difference, 2 trouble, as of diff(1).",
        ],
        arguments: [
            .init(name: "OLD", kind: .file, help: "A report, as JSON"),
            .init(name: "NEW", kind: .file, help: "The report to compare it with"),
        ],
        options: [json],
        examples: [.init(line: "qdoc diff 2024.json 2025.json", does: "what changed from one report to the next")])

    static let review = CommandSpec(
        name: "review",
        summary: "show what was decided on the values of a report",
        discussion: [
            "The web page of a report takes decisions (accept, reject, correct) and exports them as a file. With --json the data of the report "
                + "is printed with what was decided: corrected values corrected, rejected ones null.",
            "Exit status: 0 every value that is not verified was decided on, 3 some are open.",
        ],
        arguments: [
            .init(name: "REPORT", kind: .file, help: "The report, as JSON"),
            .init(name: "DECISIONS", kind: .file, help: "The file that its web page exported"),
        ],
        options: [.flag("json", nil, "Print the data with the decisions applied")],
        examples: [.init(line: "qdoc review report.json 01m7.review.json --json > data.json", does: "the data as a person left them")])

    static let runs = CommandSpec(
        name: "runs",
        summary: "list, show and resume runs of hosted models",
        subcommands: [
            CommandSpec(
                name: "list", summary: "list runs, newest first",
                options: [
                    .option(
                        "state", nil, "STATE", .choice(["running", "complete", "partial", "failed", "waiting", "cancelled"]),
                        "Only runs in this state"),
                    .option("limit", nil, "N", .count(1...100_000), "Runs at most (default: 50)"), json, store, config,
                ]),
            CommandSpec(
                name: "show", summary: "show a run with its calls",
                arguments: [.init(name: "RUN", help: "Its id, or the first letters of it")], options: [json, store, config]),
            CommandSpec(
                name: "resume", summary: "run again what was left waiting; only what has no answer is asked",
                arguments: [.init(name: "RUN", isOptional: true, isRepeatable: true, help: "Runs (default: all that wait)")],
                options: [onUnknown, store, config]),
            CommandSpec(
                name: "cancel", summary: "stop a run, or give a waiting one up",
                arguments: [.init(name: "RUN", help: "Its id, or the first letters of it")], options: [store, config]),
            CommandSpec(
                name: "purge", summary: "forget texts and answers of old runs; what they cost is kept",
                options: [.option("older-than", nil, "DAYS", .text, "Runs that ended so many days ago: 30 or 30d"), store, config]),
            CommandSpec(
                name: "spend", summary: "show what was spent, by currency",
                options: [
                    .option("by", nil, "WHAT", .choice(["day", "model", "pipeline"]), "How to group (default: day, in UTC)"), json, store,
                    config,
                ]),
        ])

    static let inspect = CommandSpec(
        name: "inspect",
        summary: "show what qdoc sees in a document, page by page",
        discussion: [
            "No model is asked: words, tables, charts and key figures that the local reader finds, and the image that a model would be sent, "
                + "with its size, its tokens and its bytes."
        ],
        arguments: [.init(name: "FILE", kind: .file, help: "Document to look at")],
        options: [
            pages, json,
            .option("save-images", nil, "FOLDER", .folder, "Keep the images as FOLDER/NAME-PAGE.png or .jpg"),
            .option("model", "m", "MODEL", .text, "Make the images as for this model; nothing is sent to it"),
            .flag("force", "f", "Replace images that are there already"),
            passwordFile, password,
        ] + imaging + recognising + selecting + [unsandboxed, config],
        examples: [
            .init(line: "qdoc inspect report.pdf --pages 3 --json", does: "words, tables and figures of page 3 with their places"),
            .init(line: "qdoc inspect report.pdf -m dashscope/qvq-max --save-images images/", does: "what QVQ would be shown"),
        ])

    static let models = CommandSpec(
        name: "models",
        summary: "list who can answer, what it costs, and whether a key is there",
        discussion: [
            "Keys come from the environment or from files that only you can write; they are never shown. With a MODEL, all that is known of it: "
                + "what it takes, its limits and its prices with their date."
        ],
        arguments: [.init(name: "MODEL", isOptional: true, help: "local, PROVIDER/MODEL or PROVIDER@REGION/MODEL")],
        options: [json, config],
        examples: [.init(line: "qdoc models dashscope/qvq-max", does: "limits and prices of QVQ")])

    static let use = CommandSpec(
        name: "use",
        summary: "make a model your default",
        discussion: ["Writes the name into your configuration. “qdoc use local” goes back to the local reader."],
        arguments: [.init(name: "MODEL", help: "local, PROVIDER/MODEL, PROVIDER@REGION/MODEL, or auto")],
        options: [config],
        examples: [.init(line: "qdoc use dashscope/qvq-max", does: "ask QVQ whenever no -m is given")])

    static let pipelines = CommandSpec(
        name: "pipelines",
        summary: "list, show, check and begin pipelines",
        subcommands: [
            CommandSpec(name: "list", summary: "list the pipelines that -p takes by name", options: [json]),
            CommandSpec(
                name: "show", summary: "print a pipeline file",
                arguments: [.init(name: "NAME", kind: .file, help: "A shipped pipeline or a .yaml file")]),
            CommandSpec(
                name: "check", summary: "check a pipeline file and list its mistakes",
                discussion: ["Warns where the guides of the models advise against its wording; that is no mistake."],
                arguments: [.init(name: "FILE", kind: .file, help: "The .yaml file")],
                options: [.option("model", "m", "MODEL", .text, "Warn of what does not suit this model")]),
            CommandSpec(
                name: "new", summary: "write a pipeline file to start from",
                arguments: [.init(name: "NAME", help: "Its name; the file is NAME.yaml")],
                options: [.flag("force", "f", "Replace a file that is there already")]),
        ])

    static let doctor = CommandSpec(
        name: "doctor",
        summary: "check that everything qdoc needs is there",
        discussion: ["Exit status: 0 if qdoc can work, 1 if something it needs is missing."],
        options: [json, config])

    static let version = CommandSpec(name: "version", summary: "print the version", options: [json])

    static let completions = CommandSpec(
        name: "completions",
        summary: "print completions for a shell",
        arguments: [.init(name: "SHELL", kind: .choice(["bash", "zsh", "fish"]), help: "bash, zsh or fish")],
        examples: [
            .init(line: "source <(qdoc completions bash)", does: "complete in this shell")
        ])

    static let help = CommandSpec(
        name: "help",
        summary: "print help about qdoc or one of its commands",
        arguments: [.init(name: "COMMAND", isOptional: true, isRepeatable: true, help: "The command")],
        options: [.flag("man", nil, "Print the manual page for man(1)")])
}
