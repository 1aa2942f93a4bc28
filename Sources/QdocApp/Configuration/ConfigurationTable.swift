/// The names of everything that configures the program beside its options, for the manual and the check of the file.
enum ConfigurationTable {
    struct Row: Sendable {
        var name: String
        var help: String
    }

    static let environment: [Row] = [
        Row(name: "QDOC_MODEL", help: "Who answers, as -m names it."),
        Row(name: "OPENAI_API_KEY", help: "Key of models named openai/…; OPENAI_API_KEY_FILE names a file that holds it."),
        Row(name: "OPENAI_BASE_URL", help: "Endpoint of models named openai/…."),
        Row(
            name: "DASHSCOPE_API_KEY",
            help: "Key of models named dashscope/… and dashscope-native/…; DASHSCOPE_API_KEY_FILE names a file that holds it."),
        Row(name: "DASHSCOPE_BEIJING_API_KEY", help: "Key of models named dashscope@beijing/…; goes over DASHSCOPE_API_KEY."),
        Row(name: "DASHSCOPE_US_API_KEY", help: "Key of models named dashscope@us/…; goes over DASHSCOPE_API_KEY."),
        Row(name: "DASHSCOPE_BASE_URL", help: "Endpoint of models named dashscope/…; keys belong to one region."),
        Row(name: "SEGMIND_API_KEY", help: "Key of models named segmind/… and segmind-async/…."),
        Row(name: "AIMLAPI_KEY", help: "Key of models named aimlapi/…."),
        Row(name: "OPENROUTER_API_KEY", help: "Key of models named openrouter/…."),
        Row(name: "LITELLM_API_KEY", help: "Key of models named litellm/…."),
        Row(
            name: "VLLM_BASE_URL",
            help: "Endpoint of models named vllm/…; OLLAMA_BASE_URL, LLAMACPP_BASE_URL and LITELLM_BASE_URL likewise."),
        Row(name: "QDOC_PDF_PASSWORD", help: "Password of encrypted PDF files."),
        Row(name: "XDG_CONFIG_HOME", help: "Folder of the configuration: qdoc/qdoc.yaml in it (default: ~/.config)."),
        Row(name: "XDG_DATA_HOME", help: "Folder of your own pipelines: qdoc/pipelines in it (default: ~/.local/share)."),
        Row(name: "XDG_DATA_DIRS", help: "Folders of installed pipelines, parted by colons (default: /usr/local/share:/usr/share)."),
        Row(name: "HTTPS_PROXY", help: "Proxy for endpoints at https addresses; http_proxy (in small letters only) for those at http."),
        Row(name: "NO_PROXY", help: "Hosts that are asked without a proxy, parted by commas."),
        Row(name: "TMPDIR", help: "Folder of the work file (default: /tmp)."),
        Row(name: "NO_COLOR", help: "No colours where it is set to anything but nothing."),
    ]

    static let keys: [Row] = [
        Row(name: "model", help: "Who answers, as -m names it."),
        Row(name: "pipeline", help: "As -p."),
        Row(name: "jobs", help: "As --jobs."),
        Row(name: "window", help: "As --window."),
        Row(name: "max-side", help: "As --max-side."),
        Row(name: "max-output", help: "As --max-output."),
        Row(name: "offline", help: "true: as --offline."),
        Row(name: "reasoning", help: "show or hide, as --reasoning."),
        Row(name: "thinking", help: "on, off or auto: whether a model that can think is told to."),
        Row(name: "thinking-budget", help: "Most tokens of a thought."),
        Row(name: "temperature", help: "0 to 2: how freely a model chooses its words."),
        Row(name: "seed", help: "A whole number that makes answers repeat where a model takes it."),
        Row(name: "on-unknown", help: "hold, retry-once or accept: what becomes of a call whose end nobody knows."),
        Row(name: "store", help: "Path of the store of runs."),
        Row(name: "credits-warn", help: "Warn where fewer credits than this are left at the provider."),
        Row(name: "credits-stop", help: "Send nothing more where fewer credits than this are left at the provider."),
        Row(name: "caps", help: "The most to spend by request, run, day and key, each by currency: {run: {USD: 1, CNY: 10}}."),
        Row(
            name: "providers",
            help: "Endpoints by provider or PROVIDER@REGION: base-url, key-file and more; docs/models.md lists the keys."),
        Row(name: "models", help: "Limits and prices by PROVIDER/MODEL, over what qdoc knows or for what it does not."),
    ]
}
