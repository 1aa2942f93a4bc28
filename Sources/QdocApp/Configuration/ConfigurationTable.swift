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
        Row(name: "DASHSCOPE_API_KEY", help: "Key of models named dashscope/…; DASHSCOPE_API_KEY_FILE names a file that holds it."),
        Row(name: "DASHSCOPE_BASE_URL", help: "Endpoint of models named dashscope/…; keys belong to one region."),
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
        Row(name: "providers", help: "Endpoints and key files by provider: base-url and key-file below openai or dashscope."),
    ]
}
