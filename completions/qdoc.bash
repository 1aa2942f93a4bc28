# bash completion of qdoc
_qdoc() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
    local command= word
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case "$command $word" in
            " analyze") command=analyze ;;
            " plan") command=plan ;;
            " report") command=report ;;
            " diff") command=diff ;;
            " review") command=review ;;
            " inspect") command=inspect ;;
            " runs") command=runs ;;
            "runs list") command=runs/list ;;
            "runs show") command=runs/show ;;
            "runs resume") command=runs/resume ;;
            "runs cancel") command=runs/cancel ;;
            "runs purge") command=runs/purge ;;
            "runs spend") command=runs/spend ;;
            " models") command=models ;;
            " use") command=use ;;
            " pipelines") command=pipelines ;;
            "pipelines list") command=pipelines/list ;;
            "pipelines show") command=pipelines/show ;;
            "pipelines check") command=pipelines/check ;;
            "pipelines new") command=pipelines/new ;;
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
        "analyze --format") COMPREPLY=($(compgen -W "text json md csv html" -- "$current")); return ;;
        "analyze --password-file") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "analyze --password") COMPREPLY=(); return ;;
        "analyze --window") COMPREPLY=(); return ;;
        "analyze --save-images") COMPREPLY=($(compgen -d -- "$current")); return ;;
        "analyze --require-proof") COMPREPLY=($(compgen -W "verified derived" -- "$current")); return ;;
        "analyze --fields") COMPREPLY=(); return ;;
        "analyze --schema") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "analyze --question") COMPREPLY=(); return ;;
        "analyze --language") COMPREPLY=(); return ;;
        "analyze --max-side") COMPREPLY=(); return ;;
        "analyze --detail") COMPREPLY=($(compgen -W "low auto high max" -- "$current")); return ;;
        "analyze --max-tokens-per-image") COMPREPLY=(); return ;;
        "analyze --region") COMPREPLY=(); return ;;
        "analyze --ocr") COMPREPLY=($(compgen -W "auto always never" -- "$current")); return ;;
        "analyze --ocr-languages") COMPREPLY=(); return ;;
        "analyze --frames") COMPREPLY=(); return ;;
        "analyze --fps") COMPREPLY=(); return ;;
        "analyze --every") COMPREPLY=(); return ;;
        "analyze --at") COMPREPLY=(); return ;;
        "analyze --from") COMPREPLY=(); return ;;
        "analyze --to") COMPREPLY=(); return ;;
        "analyze --max-output") COMPREPLY=(); return ;;
        "analyze --thinking") COMPREPLY=($(compgen -W "on off auto" -- "$current")); return ;;
        "analyze --thinking-budget") COMPREPLY=(); return ;;
        "analyze --temperature") COMPREPLY=(); return ;;
        "analyze --seed") COMPREPLY=(); return ;;
        "analyze --budget") COMPREPLY=(); return ;;
        "analyze --max-repairs") COMPREPLY=(); return ;;
        "analyze --max-calls") COMPREPLY=(); return ;;
        "analyze --on-unknown") COMPREPLY=($(compgen -W "hold retry-once accept" -- "$current")); return ;;
        "analyze --store") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "analyze --jobs"|"analyze -j") COMPREPLY=(); return ;;
        "analyze --reasoning") COMPREPLY=($(compgen -W "show hide" -- "$current")); return ;;
        "analyze --events") COMPREPLY=($(compgen -W "jsonl" -- "$current")); return ;;
        "analyze --config") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "plan --model"|"plan -m") COMPREPLY=(); return ;;
        "plan --base-url") COMPREPLY=(); return ;;
        "plan --pipeline"|"plan -p") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "plan --pages") COMPREPLY=(); return ;;
        "plan --password-file") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "plan --password") COMPREPLY=(); return ;;
        "plan --window") COMPREPLY=(); return ;;
        "plan --fields") COMPREPLY=(); return ;;
        "plan --schema") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "plan --question") COMPREPLY=(); return ;;
        "plan --language") COMPREPLY=(); return ;;
        "plan --max-side") COMPREPLY=(); return ;;
        "plan --detail") COMPREPLY=($(compgen -W "low auto high max" -- "$current")); return ;;
        "plan --max-tokens-per-image") COMPREPLY=(); return ;;
        "plan --region") COMPREPLY=(); return ;;
        "plan --frames") COMPREPLY=(); return ;;
        "plan --fps") COMPREPLY=(); return ;;
        "plan --every") COMPREPLY=(); return ;;
        "plan --at") COMPREPLY=(); return ;;
        "plan --from") COMPREPLY=(); return ;;
        "plan --to") COMPREPLY=(); return ;;
        "plan --max-output") COMPREPLY=(); return ;;
        "plan --thinking") COMPREPLY=($(compgen -W "on off auto" -- "$current")); return ;;
        "plan --thinking-budget") COMPREPLY=(); return ;;
        "plan --temperature") COMPREPLY=(); return ;;
        "plan --seed") COMPREPLY=(); return ;;
        "plan --budget") COMPREPLY=(); return ;;
        "plan --max-repairs") COMPREPLY=(); return ;;
        "plan --max-calls") COMPREPLY=(); return ;;
        "plan --jobs"|"plan -j") COMPREPLY=(); return ;;
        "plan --store") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "plan --config") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "report --output"|"report -o") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "report --format") COMPREPLY=($(compgen -W "text json md csv html" -- "$current")); return ;;
        "report --password-file") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "report --password") COMPREPLY=(); return ;;
        "inspect --pages") COMPREPLY=(); return ;;
        "inspect --save-images") COMPREPLY=($(compgen -d -- "$current")); return ;;
        "inspect --model"|"inspect -m") COMPREPLY=(); return ;;
        "inspect --password-file") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "inspect --password") COMPREPLY=(); return ;;
        "inspect --max-side") COMPREPLY=(); return ;;
        "inspect --detail") COMPREPLY=($(compgen -W "low auto high max" -- "$current")); return ;;
        "inspect --max-tokens-per-image") COMPREPLY=(); return ;;
        "inspect --region") COMPREPLY=(); return ;;
        "inspect --ocr") COMPREPLY=($(compgen -W "auto always never" -- "$current")); return ;;
        "inspect --ocr-languages") COMPREPLY=(); return ;;
        "inspect --frames") COMPREPLY=(); return ;;
        "inspect --fps") COMPREPLY=(); return ;;
        "inspect --every") COMPREPLY=(); return ;;
        "inspect --at") COMPREPLY=(); return ;;
        "inspect --from") COMPREPLY=(); return ;;
        "inspect --to") COMPREPLY=(); return ;;
        "inspect --config") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "runs/list --state") COMPREPLY=($(compgen -W "running complete partial failed waiting cancelled" -- "$current")); return ;;
        "runs/list --limit") COMPREPLY=(); return ;;
        "runs/list --store") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "runs/list --config") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "runs/show --store") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "runs/show --config") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "runs/resume --on-unknown") COMPREPLY=($(compgen -W "hold retry-once accept" -- "$current")); return ;;
        "runs/resume --store") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "runs/resume --config") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "runs/cancel --store") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "runs/cancel --config") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "runs/purge --older-than") COMPREPLY=(); return ;;
        "runs/purge --store") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "runs/purge --config") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "runs/spend --by") COMPREPLY=($(compgen -W "day model pipeline" -- "$current")); return ;;
        "runs/spend --store") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "runs/spend --config") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "models --config") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "use --config") COMPREPLY=($(compgen -f -- "$current")); return ;;
        "pipelines/check --model"|"pipelines/check -m") COMPREPLY=(); return ;;
        "doctor --config") COMPREPLY=($(compgen -f -- "$current")); return ;;
    esac
    case $command in
        "")
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--version --help" -- "$current"))
            else COMPREPLY=($(compgen -W "analyze plan report diff review inspect runs models use pipelines doctor version completions help" -- "$current")); fi ;;
        analyze)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--model --base-url --pipeline --pages --output --force --format --password-file --password --window --recursive --save-images --require-proof --fields --schema --question --language --max-side --detail --max-tokens-per-image --region --ocr --ocr-languages --frames --fps --every --key-frames --at --from --to --as-video --max-output --thinking --thinking-budget --temperature --seed --budget --max-repairs --max-calls --fresh --on-unknown --store --no-store --jobs --offline --reasoning --events --quiet --allow-unsandboxed --config --help" -- "$current"))
            else COMPREPLY=($(compgen -f -- "$current")); fi ;;
        plan)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--model --base-url --pipeline --pages --password-file --password --window --recursive --fields --schema --question --language --max-side --detail --max-tokens-per-image --region --frames --fps --every --key-frames --at --from --to --as-video --max-output --thinking --thinking-budget --temperature --seed --budget --max-repairs --max-calls --fresh --jobs --store --json --allow-unsandboxed --config --help" -- "$current"))
            else COMPREPLY=($(compgen -f -- "$current")); fi ;;
        report)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--output --force --format --no-pictures --password-file --password --allow-unsandboxed --help" -- "$current"))
            else COMPREPLY=($(compgen -f -- "$current")); fi ;;
        diff)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--json --help" -- "$current"))
            else COMPREPLY=($(compgen -f -- "$current")); fi ;;
        review)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--json --help" -- "$current"))
            else COMPREPLY=($(compgen -f -- "$current")); fi ;;
        inspect)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--pages --json --save-images --model --force --password-file --password --max-side --detail --max-tokens-per-image --region --ocr --ocr-languages --frames --fps --every --key-frames --at --from --to --allow-unsandboxed --config --help" -- "$current"))
            else COMPREPLY=($(compgen -f -- "$current")); fi ;;
        runs)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--help" -- "$current"))
            else COMPREPLY=($(compgen -W "list show resume cancel purge spend" -- "$current")); fi ;;
        runs/list)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--state --limit --json --store --config --help" -- "$current"))
            else COMPREPLY=(); fi ;;
        runs/show)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--json --store --config --help" -- "$current"))
            else COMPREPLY=(); fi ;;
        runs/resume)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--on-unknown --store --config --help" -- "$current"))
            else COMPREPLY=(); fi ;;
        runs/cancel)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--store --config --help" -- "$current"))
            else COMPREPLY=(); fi ;;
        runs/purge)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--older-than --store --config --help" -- "$current"))
            else COMPREPLY=(); fi ;;
        runs/spend)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--by --json --store --config --help" -- "$current"))
            else COMPREPLY=(); fi ;;
        models)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--json --config --help" -- "$current"))
            else COMPREPLY=(); fi ;;
        use)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--config --help" -- "$current"))
            else COMPREPLY=(); fi ;;
        pipelines)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--help" -- "$current"))
            else COMPREPLY=($(compgen -W "list show check new" -- "$current")); fi ;;
        pipelines/list)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--json --help" -- "$current"))
            else COMPREPLY=(); fi ;;
        pipelines/show)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--help" -- "$current"))
            else COMPREPLY=($(compgen -f -- "$current")); fi ;;
        pipelines/check)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--model --help" -- "$current"))
            else COMPREPLY=($(compgen -f -- "$current")); fi ;;
        pipelines/new)
            if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "--force --help" -- "$current"))
            else COMPREPLY=(); fi ;;
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
