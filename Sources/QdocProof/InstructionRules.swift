/// What is written to steer a model that reads a document: sequences of folded words, each with so many others between them at most.
///
/// The techniques are those of OWASP's LLM01:2025 and of planted documents seen in the open: earlier instructions set aside, a new role, a voice
/// of authority, what to answer whatever the page says, what to keep quiet, what to give away. A word that papers and manuals use too (`prompt`,
/// `model`) is never enough alone.
struct InstructionRule {
    struct Slot {
        var words: Set<String>
        /// Other words that may stand before it.
        var gap: Int
    }

    let slots: [Slot]

    private init(_ first: String, _ rest: (gap: Int, words: String)...) {
        slots = [Slot(words: Self.words(first), gap: 0)] + rest.map { Slot(words: Self.words($0.words), gap: $0.gap) }
    }

    private static func words(_ text: String) -> Set<String> { Set(text.split(separator: " ").map { TextKey.of($0) }) }

    private static let readers = "ai ais llm llms gpt chatgpt claude gemini qwen copilot chatbot chatbots"
    private static let orders =
        "instruction instructions prompt prompts directions guidelines directive directives rules commands orders constraints schema"
    private static let earlier = "previous prior above earlier preceding foregoing former your system initial original existing all any"

    static let all: [InstructionRule] = [
        // Earlier instructions set aside.
        InstructionRule("ignore disregard forget override bypass neglect discard", (3, earlier), (3, orders)),
        InstructionRule("ignore disregard forget", (1, "everything anything all"), (4, "above before previous prior earlier said told")),
        InstructionRule("stop", (1, "following obeying"), (3, earlier + " the"), (2, orders)),
        InstructionRule(
            "ignoriere ignorieren ignoriert vergiss vergesst missachte", (3, "vorherigen bisherigen obigen vorigen früheren alle"),
            (3, "anweisungen anweisung instruktionen befehle vorgaben")),
        InstructionRule(
            "ignore ignorez oublie oubliez", (4, "instructions consignes instruction directives"),
            (2, "précédentes précédente antérieures ci-dessus")),
        InstructionRule(
            "ignora ignore olvida ignorad", (4, "instrucciones instrucción órdenes indicaciones"), (2, "anteriores previas anterior")),
        InstructionRule("ignora ignorate dimentica", (4, "istruzioni indicazioni"), (2, "precedenti precedente")),
        InstructionRule("ignore esqueça ignorar", (4, "instruções orientações"), (2, "anteriores prévias")),
        InstructionRule("игнорируй игнорируйте забудь забудьте", (3, "предыдущие прежние все"), (2, "инструкции указания команды")),
        // A new role, or a reader that is addressed.
        InstructionRule("you", (0, "are"), (0, "now"), (3, "assistant model ai bot mode unrestricted jailbroken agent")),
        InstructionRule(
            "if", (0, "you"), (3, readers + " automated assistant"),
            (12, "must should report set say answer respond output return please do write state")),
        InstructionRule("as", (0, "an"), (1, readers), (6, "you must should")),
        InstructionRule(
            "dear attention attn hey hello", (1, readers),
            (14, "you please must report set say answer respond output return ignore write state")),
        InstructionRule(
            "note message instruction instructions notice memo", (0, "to for"), (2, readers + " models"),
            (14, "you please must report set say answer respond output return ignore write state")),
        // A voice of authority.
        InstructionRule(
            "system developer admin administrator", (0, "prompt message override instruction instructions notice"),
            (8, "ignore set report respond reveal output you always must return replace")),
        InstructionRule(
            "new updated revised", (0, "instructions instruction task prompt"),
            (6, "set report output respond ignore answer return say write replace you")),
        // What to answer, whatever the page says.
        InstructionRule(
            "respond reply output", (1, "only exclusively solely"), (1, "with the this"),
            (8, "json text word string following exactly value")),
        InstructionRule(
            "your", (0, "output json extraction response"), (3, "must should shall"),
            (5, "contain be say state set report include read")),
        InstructionRule(
            "regardless irrespective", (1, "of what whatever"),
            (6, "says states say printed shows written shown document image page table")),
        InstructionRule("no", (0, "matter"), (0, "what"), (5, "says states printed shows written document image page table")),
        InstructionRule(
            "classify mark label rate treat approve consider flag", (2, "this"),
            (1, "document invoice report paper application claim page image file"), (2, "as"),
            (2, "approved paid compliant verified safe valid excellent positive accepted genuine authentic passed")),
        InstructionRule("give write provide", (2, "positive favourable favorable"), (1, "review rating assessment score"), (1, "only")),
        // What to keep quiet, what to give away.
        InstructionRule(
            "not never don't", (1, "mention reveal disclose tell"), (5, "instruction instructions prompt user paragraph sentence")),
        InstructionRule(
            "reveal print repeat show output send leak disclose include", (3, "system api hidden secret access"),
            (1, "prompt key keys instructions message token tokens")),
        InstructionRule("send post upload forward transmit append", (6, "conversation credentials secrets prompt"), (8, "to at url")),
    ]

    /// Most words of a page begin no rule: one look tells.
    static let byFirstWord = all.reduce(into: [String: [InstructionRule]]()) { index, rule in
        for word in rule.slots.first?.words ?? [] { index[word, default: []].append(rule) }
    }

    /// Marks of chat templates, which no page for people has.
    static let marks = [
        "<|im_start|>", "<|im_end|>", "<|system|>", "<|user|>", "<|assistant|>", "<|endoftext|>", "[inst]", "[/inst]", "<<sys>>",
        "</system>",
    ]

    /// Scripts without spaces: a verb near a noun.
    static let verbsWithoutSpaces = ["忽略", "无视", "無視", "忘记", "忘掉", "不要理会", "무시"]
    static let nounsWithoutSpaces = ["指令", "指示", "提示", "命令", "プロンプト", "지시", "명령"]
    /// Characters between them at most.
    static let reachWithoutSpaces = 12
}
