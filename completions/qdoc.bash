# bash completion of qdoc
_qdoc() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
    local command= word
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case "$command $word" in
            " analyze") command=analyze ;;
            " inspect") command=inspect ;;
            " models") command=models ;;
            " use") command=use ;;
            " pipelines") command=pipelines ;;
            "pipelines list") command=pipelines/list ;;
            "pipelines show") command=pipelines/show ;;
            "pipelines check") command=pipelines/check ;;
            " doctor") command=doctor ;;
            " version") command=version ;;
            " completions") command=completions ;;
            " help") command=help ;;
        esac
    done
    COMPREPLY=()
    case "$command $previous" in
        "analyze --model"|"analyze -m") COMPREPLY=(); return ;;
        "analyze --base-url") COMPREPLY=(); return ;;
        "analyze --pipeline"|"analyze -p") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "analyze --pages") COMPREPLY=(); return ;;
        "analyze --output"|"analyze -o") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "analyze --format") COMPREPLY=($(compgen -W "text json" -- "$current")); return ;;
        "analyze --password-file") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "analyze --password") COMPREPLY=(); return ;;
        "analyze --max-side") COMPREPLY=(); return ;;
        "analyze --window") COMPREPLY=(); return ;;
        "analyze --max-output") COMPREPLY=(); return ;;
        "analyze --jobs"|"analyze -j") COMPREPLY=(); return ;;
        "analyze --reasoning") COMPREPLY=($(compgen -W "show hide" -- "$current")); return ;;
        "analyze --events") COMPREPLY=($(compgen -W "jsonl" -- "$current")); return ;;
        "analyze --config") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "inspect --pages") COMPREPLY=(); return ;;
        "inspect --save-images") COMPREPLY=($(compgen -d -- "$current")); return ;;
        "inspect --model"|"inspect -m") COMPREPLY=(); return ;;
        "inspect --max-side") COMPREPLY=(); return ;;
        "inspect --password-file") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "inspect --password") COMPREPLY=(); return ;;
        "inspect --config") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "models --config") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "use --config") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "doctor --config") COMPREPLY=($(compgen -f -- "$current")); return ;;
    esac
    case $command in
        "")
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--version --help" -- "$current"))
            else COMPREPLY=($(compgen -W "analyze inspect models use pipelines doctor version completions help" -- "$current")); fi ;;
        analyze)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--model --base-url --pipeline --pages --output --force --format --password-file --password --max-side --window --max-output --jobs --offline --reasoning --events --quiet --allow-unsandboxed --config --help" -- "$current"))
            else COMPREPLY=($(compgen -f -- "$current")); fi ;;
        inspect)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--pages --json --save-images --model --max-side --force --password-file --password --allow-unsandboxed --config --help" -- "$current"))
            else COMPREPLY=($(compgen -f -- "$current")); fi ;;
        models)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--json --config --help" -- "$current"))
            else COMPREPLY=(); fi ;;
        use)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--config --help" -- "$current"))
            else COMPREPLY=(); fi ;;
        pipelines)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--help" -- "$current"))
            else COMPREPLY=($(compgen -W "list show check" -- "$current")); fi ;;
        pipelines/list)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--json --help" -- "$current"))
            else COMPREPLY=(); fi ;;
        pipelines/show)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--help" -- "$current"))
            else COMPREPLY=($(compgen -f -- "$current")); fi ;;
        pipelines/check)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--help" -- "$current"))
            else COMPREPLY=($(compgen -f -- "$current")); fi ;;
        doctor)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--json --config --help" -- "$current"))
            else COMPREPLY=(); fi ;;
        version)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--json --help" -- "$current"))
            else COMPREPLY=(); fi ;;
        completions)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--help" -- "$current"))
            else COMPREPLY=($(compgen -W "bash zsh fish" -- "$current")); fi ;;
        help)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--man --help" -- "$current"))
            else COMPREPLY=(); fi ;;
    esac
}
complete -o filenames -F _qdoc qdoc
