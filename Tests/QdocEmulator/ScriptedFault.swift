public import QdocCore

/// A fault as a client should come through it: what is asked where, what goes wrong, and how the call has to end.
public struct ScriptedFault: Sendable, CustomStringConvertible {
    /// Where a call goes.
    public enum Target: Sendable, Hashable, CaseIterable {
        /// A model that only thinks and only streams, over chat completions and over DashScope's own protocol.
        case studio, native
        /// A hybrid that does not stream, over DashScope's own protocol.
        case nativeWhole
        case openai, openrouter, vllm, ollama, aimlapi, segmind, segmindAsync

        public var wire: WireProtocol {
            switch self {
            case .native, .nativeWhole: .dashscope
            case .segmind: .segmind
            case .segmindAsync: .segmindAsync
            default: .chat
            }
        }

        public var model: String {
            switch self {
            case .studio, .native, .segmind, .segmindAsync: "qvq-max"
            case .nativeWhole: "qwen3-vl-plus"
            case .openai: "gpt-4.1"
            case .openrouter: "qwen/qwen3-vl-235b-a22b-thinking"
            case .vllm: "Qwen/Qwen3-VL-8B-Thinking"
            case .ollama: "qwen3-vl:8b"
            case .aimlapi: "qwen-max"
            }
        }

        /// What goes behind the emulator's address to make the base URL.
        public var basePath: String {
            switch self {
            case .studio: "/dashscope/compatible-mode/v1"
            case .native, .nativeWhole: "/dashscope/api/v1"
            case .openai: "/openai/v1"
            case .openrouter: "/openrouter/api/v1"
            case .vllm: "/vllm/v1"
            case .ollama: "/ollama/v1"
            case .aimlapi: "/aimlapi/v1"
            case .segmind: "/segmind/v1"
            case .segmindAsync: "/segmind/v2"
            }
        }
    }

    /// How a call may end.
    public struct Ending: Sendable, Hashable {
        /// A whole answer.
        public var isAnswer: Bool
        /// Codes of failures, the likeliest first.
        public var codes: [Failure.Code]

        static let answer = Ending(isAnswer: true, codes: [])
        static func failure(_ codes: Failure.Code...) -> Ending { Ending(isAnswer: false, codes: codes) }
        static func answerOr(_ codes: Failure.Code...) -> Ending { Ending(isAnswer: true, codes: codes) }
    }

    public var name: String
    public var target: Target
    /// The rule as a script spells it.
    public var rule: String
    public var ending: Ending
    /// Whether the client sends again by itself: only what the provider refused, and never for ever.
    public var isRetried: Bool
    /// Lines `billed` in the ledger when all is over, the retry's among them.
    public var billed: Int
    /// Of the call as a whole, with clocks of 1 s for the first byte, 1 s of idleness and 10 s in total.
    public var deadline: Duration

    public var description: String { name }

    /// The script with the rule alone.
    ///
    /// - Throws: `invalid_configuration`.
    public var rules: [FaultRule] {
        get throws(Failure) { try FaultRule.list(Array("[\(rule)]".utf8)) }
    }
}
