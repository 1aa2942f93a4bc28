#compdef qdoc
# zsh completion of qdoc

_qdoc() {
    local state line
    _arguments -C '--version[Print the version and exit]' \
        '(- *)'{-h,--help}'[Print this help and exit]' \
        '1:command:((analyze\:read\ documents\ and\ write\ checked\ reports plan\:show\ what\ analyze\ would\ send\,\ and\ what\ it\ can\ cost report\:render\ a\ kept\ report\ again\,\ in\ any\ format diff\:show\ what\ differs\ between\ two\ reports\,\ by\ meaning review\:show\ what\ was\ decided\ on\ the\ values\ of\ a\ report inspect\:show\ what\ qdoc\ sees\ in\ a\ document\,\ page\ by\ page runs\:list\,\ show\ and\ resume\ runs\ of\ hosted\ models models\:list\ who\ can\ answer\,\ what\ it\ costs\,\ and\ whether\ a\ key\ is\ there use\:make\ a\ model\ your\ default pipelines\:list\,\ show\,\ check\ and\ begin\ pipelines doctor\:check\ that\ everything\ qdoc\ needs\ is\ there version\:print\ the\ version completions\:print\ completions\ for\ a\ shell help\:print\ help\ about\ qdoc\ or\ one\ of\ its\ commands)' \
        '*::argument:->rest'
    [[ $state == rest ]] && case $line[1] in
        analyze) _qdoc_analyze ;;
        plan) _qdoc_plan ;;
        report) _qdoc_report ;;
        diff) _qdoc_diff ;;
        review) _qdoc_review ;;
        inspect) _qdoc_inspect ;;
        runs) _qdoc_runs ;;
        models) _qdoc_models ;;
        use) _qdoc_use ;;
        pipelines) _qdoc_pipelines ;;
        doctor) _qdoc_doctor ;;
        version) _qdoc_version ;;
        completions) _qdoc_completions ;;
        help) _qdoc_help ;;
    esac
}

_qdoc_analyze() {
    _arguments '--model[Who answers\: local, PROVIDER/MODEL as “qdoc models” lists them, or auto]:MODEL: ' \
        '-m[Who answers\: local, PROVIDER/MODEL as “qdoc models” lists them, or auto]:MODEL: ' \
        '--base-url[Endpoint of the model, such as http\://127.0.0.1\:8000/v1]:URL: ' \
        '--pipeline[What to ask\: a shipped pipeline or a .yaml file (default\: report)]:NAME:_files' \
        '-p[What to ask\: a shipped pipeline or a .yaml file (default\: report)]:NAME:_files' \
        '--pages[Pages to read\: 1-3,7 or 12- (default\: all)]:RANGES: ' \
        '--output[Write the report to this file, or into this folder as NAME.json]:PATH:_files' \
        '-o[Write the report to this file, or into this folder as NAME.json]:PATH:_files' \
        '--force[Replace files that are there already]' \
        '-f[Replace files that are there already]' \
        '--format[text, json, md, csv or html (default\: by the suffix of -o, else text)]:FORMAT:(text json md csv html)' \
        '--password-file[Read the password of an encrypted PDF from the first line of FILE]:FILE:_files' \
        '--password[The password itself; other users of the machine can see it while qdoc runs]:PASSWORD: ' \
        '--window[Pages of one request at most (default\: the pipeline'\''s, else 8)]:N: ' \
        '--recursive[Read the folders inside of folders too]' \
        '-r[Read the folders inside of folders too]' \
        '--save-images[Keep the pages and frames that the report speaks of as FOLDER/NAME-PAGE.png or .jpg]:FOLDER:_files -/' \
        '--require-proof[Exit with 5 where a value is not verified; with =derived, neither verified nor derived]:VERDICT:(verified derived)' \
        '--fields[Ask for the values you name\: total\:money,date\:date]:FIELDS: ' \
        '--schema[Ask for an answer of this JSON Schema (JSON or YAML)]:FILE:_files' \
        '--question[Ask this; without -p the pipeline “question” answers it]:TEXT: ' \
        '--language[Language of what the model says in its own words\: de, pt-BR]:TAG: ' \
        '--max-side[Longest side of the images (default\: what the model takes)]:PIXELS: ' \
        '--detail[How large images are\: low, auto (the smallest print is legible), high, or max (what the model takes) (default\: auto)]:DETAIL:(low auto high max)' \
        '--max-tokens-per-image[Make images so small that none costs more tokens]:TOKENS: ' \
        '--region[Show this part of a page, in points from its top left corner, alone and large; repeatable]:PAGE:X,Y,W,H: ' \
        '--ocr[Recognise characters\: auto (where no text layer can be used), always, never (default\: auto)]:WHEN:(auto always never)' \
        '--ocr-languages[As tesseract names them\: eng,deu (default\: all that are installed)]:LANGUAGES: ' \
        '--frames[Frames of a video at most, thinned out evenly (default\: 64)]:N: ' \
        '--fps[So many frames a second, instead of one for each scene]:RATE: ' \
        '--every[One frame each so often\: 5, 0.5, 1\:30]:TIME: ' \
        '--key-frames[The frames that the encoder stored whole]' \
        '--at[The frames at these times\: 3.5,1\:02\:10]:TIMES: ' \
        '--from[Look at nothing before this time]:TIME: ' \
        '--to[Look at nothing after this time]:TIME: ' \
        '--as-video[Send the frames of a video as one video with its rate (default\: as single images, each with its time)]' \
        '--max-output[Most tokens of one answer (default\: sized to the window)]:TOKENS: ' \
        '--thinking[Whether the model thinks first (default\: auto, by the pipeline)]:WHEN:(on off auto)' \
        '--thinking-budget[Most tokens of thought (default\: sized to the window)]:TOKENS: ' \
        '--temperature[Sampling temperature, 0 to 2 (default\: the model'\''s own)]:NUMBER: ' \
        '--seed[Seed of the sampling (default\: the model'\''s own)]:N: ' \
        '--budget[The most that this call of qdoc may cost\: 0.50, 10CNY (default\: 1 USD or 10 CNY)]:AMOUNT: ' \
        '--max-repairs[How often a question is asked again where its answer is not valid (default\: 1)]:N: ' \
        '--max-calls[The most calls that this call of qdoc may make]:N: ' \
        '--fresh[Ask again although the answer is kept]' \
        '--on-unknown[What to do about a call that left and whose end is not known\: hold it, ask once more, or book it as spent (default\: hold)]:POLICY:(hold retry-once accept)' \
        '--store[Where runs and answers are kept (default\: ~/.local/state/qdoc/store.db)]:FILE:_files' \
        '--no-store[Keep nothing of this run but what it cost]' \
        '--jobs[Requests in flight at most (default\: 4)]:N: ' \
        '-j[Requests in flight at most (default\: 4)]:N: ' \
        '--offline[Give up the right to open network sockets before the first file is read]' \
        '--reasoning[show or hide the model'\''s reasoning on a terminal (default\: show)]:WHEN:(show hide)' \
        '--events[jsonl\: the events of the run as JSON Lines on standard error]:FORMAT:(jsonl)' \
        '--quiet[No progress and no reasoning on standard error]' \
        '-q[No progress and no reasoning on standard error]' \
        '--allow-unsandboxed[Go on where the decoder cannot be confined; only for files you trust]' \
        '--config[Read this configuration instead of your own]:FILE:_files' \
        '(- *)'{-h,--help}'[Print this help and exit]' \
        '*:FILE:_files'
}

_qdoc_plan() {
    _arguments '--model[Who answers\: local, PROVIDER/MODEL as “qdoc models” lists them, or auto]:MODEL: ' \
        '-m[Who answers\: local, PROVIDER/MODEL as “qdoc models” lists them, or auto]:MODEL: ' \
        '--base-url[Endpoint of the model, such as http\://127.0.0.1\:8000/v1]:URL: ' \
        '--pipeline[What to ask\: a shipped pipeline or a .yaml file (default\: report)]:NAME:_files' \
        '-p[What to ask\: a shipped pipeline or a .yaml file (default\: report)]:NAME:_files' \
        '--pages[Pages to read\: 1-3,7 or 12- (default\: all)]:RANGES: ' \
        '--password-file[Read the password of an encrypted PDF from the first line of FILE]:FILE:_files' \
        '--password[The password itself; other users of the machine can see it while qdoc runs]:PASSWORD: ' \
        '--window[Pages of one request at most (default\: the pipeline'\''s, else 8)]:N: ' \
        '--recursive[Read the folders inside of folders too]' \
        '-r[Read the folders inside of folders too]' \
        '--fields[Ask for the values you name\: total\:money,date\:date]:FIELDS: ' \
        '--schema[Ask for an answer of this JSON Schema (JSON or YAML)]:FILE:_files' \
        '--question[Ask this; without -p the pipeline “question” answers it]:TEXT: ' \
        '--language[Language of what the model says in its own words\: de, pt-BR]:TAG: ' \
        '--max-side[Longest side of the images (default\: what the model takes)]:PIXELS: ' \
        '--detail[How large images are\: low, auto (the smallest print is legible), high, or max (what the model takes) (default\: auto)]:DETAIL:(low auto high max)' \
        '--max-tokens-per-image[Make images so small that none costs more tokens]:TOKENS: ' \
        '--region[Show this part of a page, in points from its top left corner, alone and large; repeatable]:PAGE:X,Y,W,H: ' \
        '--frames[Frames of a video at most, thinned out evenly (default\: 64)]:N: ' \
        '--fps[So many frames a second, instead of one for each scene]:RATE: ' \
        '--every[One frame each so often\: 5, 0.5, 1\:30]:TIME: ' \
        '--key-frames[The frames that the encoder stored whole]' \
        '--at[The frames at these times\: 3.5,1\:02\:10]:TIMES: ' \
        '--from[Look at nothing before this time]:TIME: ' \
        '--to[Look at nothing after this time]:TIME: ' \
        '--as-video[Send the frames of a video as one video with its rate (default\: as single images, each with its time)]' \
        '--max-output[Most tokens of one answer (default\: sized to the window)]:TOKENS: ' \
        '--thinking[Whether the model thinks first (default\: auto, by the pipeline)]:WHEN:(on off auto)' \
        '--thinking-budget[Most tokens of thought (default\: sized to the window)]:TOKENS: ' \
        '--temperature[Sampling temperature, 0 to 2 (default\: the model'\''s own)]:NUMBER: ' \
        '--seed[Seed of the sampling (default\: the model'\''s own)]:N: ' \
        '--budget[The most that this call of qdoc may cost\: 0.50, 10CNY (default\: 1 USD or 10 CNY)]:AMOUNT: ' \
        '--max-repairs[How often a question is asked again where its answer is not valid (default\: 1)]:N: ' \
        '--max-calls[The most calls that this call of qdoc may make]:N: ' \
        '--fresh[Ask again although the answer is kept]' \
        '--jobs[Requests in flight at most (default\: 4)]:N: ' \
        '-j[Requests in flight at most (default\: 4)]:N: ' \
        '--store[Where runs and answers are kept (default\: ~/.local/state/qdoc/store.db)]:FILE:_files' \
        '--json[Print JSON]' \
        '--allow-unsandboxed[Go on where the decoder cannot be confined; only for files you trust]' \
        '--config[Read this configuration instead of your own]:FILE:_files' \
        '(- *)'{-h,--help}'[Print this help and exit]' \
        '*:FILE:_files'
}

_qdoc_report() {
    _arguments '--output[Write to this file, or into this folder]:PATH:_files' \
        '-o[Write to this file, or into this folder]:PATH:_files' \
        '--force[Replace files that are there already]' \
        '-f[Replace files that are there already]' \
        '--format[text, json, md, csv or html (default\: by the suffix of -o, else text)]:FORMAT:(text json md csv html)' \
        '--no-pictures[Leave the pictures of the pages out of a web page]' \
        '--password-file[Read the password of an encrypted PDF from the first line of FILE]:FILE:_files' \
        '--password[The password itself; other users of the machine can see it while qdoc runs]:PASSWORD: ' \
        '--allow-unsandboxed[Go on where the decoder cannot be confined; only for files you trust]' \
        '(- *)'{-h,--help}'[Print this help and exit]' \
        ':FILE:_files'
}

_qdoc_diff() {
    _arguments '--json[Print JSON]' \
        '(- *)'{-h,--help}'[Print this help and exit]' \
        ':OLD:_files' \
        ':NEW:_files'
}

_qdoc_review() {
    _arguments '--json[Print the data with the decisions applied]' \
        '(- *)'{-h,--help}'[Print this help and exit]' \
        ':REPORT:_files' \
        ':DECISIONS:_files'
}

_qdoc_inspect() {
    _arguments '--pages[Pages to read\: 1-3,7 or 12- (default\: all)]:RANGES: ' \
        '--json[Print JSON]' \
        '--save-images[Keep the images as FOLDER/NAME-PAGE.png or .jpg]:FOLDER:_files -/' \
        '--model[Make the images as for this model; nothing is sent to it]:MODEL: ' \
        '-m[Make the images as for this model; nothing is sent to it]:MODEL: ' \
        '--force[Replace images that are there already]' \
        '-f[Replace images that are there already]' \
        '--password-file[Read the password of an encrypted PDF from the first line of FILE]:FILE:_files' \
        '--password[The password itself; other users of the machine can see it while qdoc runs]:PASSWORD: ' \
        '--max-side[Longest side of the images (default\: what the model takes)]:PIXELS: ' \
        '--detail[How large images are\: low, auto (the smallest print is legible), high, or max (what the model takes) (default\: auto)]:DETAIL:(low auto high max)' \
        '--max-tokens-per-image[Make images so small that none costs more tokens]:TOKENS: ' \
        '--region[Show this part of a page, in points from its top left corner, alone and large; repeatable]:PAGE:X,Y,W,H: ' \
        '--ocr[Recognise characters\: auto (where no text layer can be used), always, never (default\: auto)]:WHEN:(auto always never)' \
        '--ocr-languages[As tesseract names them\: eng,deu (default\: all that are installed)]:LANGUAGES: ' \
        '--frames[Frames of a video at most, thinned out evenly (default\: 64)]:N: ' \
        '--fps[So many frames a second, instead of one for each scene]:RATE: ' \
        '--every[One frame each so often\: 5, 0.5, 1\:30]:TIME: ' \
        '--key-frames[The frames that the encoder stored whole]' \
        '--at[The frames at these times\: 3.5,1\:02\:10]:TIMES: ' \
        '--from[Look at nothing before this time]:TIME: ' \
        '--to[Look at nothing after this time]:TIME: ' \
        '--allow-unsandboxed[Go on where the decoder cannot be confined; only for files you trust]' \
        '--config[Read this configuration instead of your own]:FILE:_files' \
        '(- *)'{-h,--help}'[Print this help and exit]' \
        ':FILE:_files'
}

_qdoc_runs() {
    local state line
    _arguments -C '(- *)'{-h,--help}'[Print this help and exit]' \
        '1:command:((list\:list\ runs\,\ newest\ first show\:show\ a\ run\ with\ its\ calls resume\:run\ again\ what\ was\ left\ waiting;\ only\ what\ has\ no\ answer\ is\ asked cancel\:stop\ a\ run\,\ or\ give\ a\ waiting\ one\ up purge\:forget\ texts\ and\ answers\ of\ old\ runs;\ what\ they\ cost\ is\ kept spend\:show\ what\ was\ spent\,\ by\ currency)' \
        '*::argument:->rest'
    [[ $state == rest ]] && case $line[1] in
        list) _qdoc_runs_list ;;
        show) _qdoc_runs_show ;;
        resume) _qdoc_runs_resume ;;
        cancel) _qdoc_runs_cancel ;;
        purge) _qdoc_runs_purge ;;
        spend) _qdoc_runs_spend ;;
    esac
}

_qdoc_runs_list() {
    _arguments '--state[Only runs in this state]:STATE:(running complete partial failed waiting cancelled)' \
        '--limit[Runs at most (default\: 50)]:N: ' \
        '--json[Print JSON]' \
        '--store[Where runs and answers are kept (default\: ~/.local/state/qdoc/store.db)]:FILE:_files' \
        '--config[Read this configuration instead of your own]:FILE:_files' \
        '(- *)'{-h,--help}'[Print this help and exit]'
}

_qdoc_runs_show() {
    _arguments '--json[Print JSON]' \
        '--store[Where runs and answers are kept (default\: ~/.local/state/qdoc/store.db)]:FILE:_files' \
        '--config[Read this configuration instead of your own]:FILE:_files' \
        '(- *)'{-h,--help}'[Print this help and exit]' \
        ':RUN: '
}

_qdoc_runs_resume() {
    _arguments '--on-unknown[What to do about a call that left and whose end is not known\: hold it, ask once more, or book it as spent (default\: hold)]:POLICY:(hold retry-once accept)' \
        '--store[Where runs and answers are kept (default\: ~/.local/state/qdoc/store.db)]:FILE:_files' \
        '--config[Read this configuration instead of your own]:FILE:_files' \
        '(- *)'{-h,--help}'[Print this help and exit]' \
        '*:RUN: '
}

_qdoc_runs_cancel() {
    _arguments '--store[Where runs and answers are kept (default\: ~/.local/state/qdoc/store.db)]:FILE:_files' \
        '--config[Read this configuration instead of your own]:FILE:_files' \
        '(- *)'{-h,--help}'[Print this help and exit]' \
        ':RUN: '
}

_qdoc_runs_purge() {
    _arguments '--older-than[Runs that ended so many days ago\: 30 or 30d]:DAYS: ' \
        '--store[Where runs and answers are kept (default\: ~/.local/state/qdoc/store.db)]:FILE:_files' \
        '--config[Read this configuration instead of your own]:FILE:_files' \
        '(- *)'{-h,--help}'[Print this help and exit]'
}

_qdoc_runs_spend() {
    _arguments '--by[How to group (default\: day, in UTC)]:WHAT:(day model pipeline)' \
        '--json[Print JSON]' \
        '--store[Where runs and answers are kept (default\: ~/.local/state/qdoc/store.db)]:FILE:_files' \
        '--config[Read this configuration instead of your own]:FILE:_files' \
        '(- *)'{-h,--help}'[Print this help and exit]'
}

_qdoc_models() {
    _arguments '--json[Print JSON]' \
        '--config[Read this configuration instead of your own]:FILE:_files' \
        '(- *)'{-h,--help}'[Print this help and exit]' \
        ':MODEL: '
}

_qdoc_use() {
    _arguments '--config[Read this configuration instead of your own]:FILE:_files' \
        '(- *)'{-h,--help}'[Print this help and exit]' \
        ':MODEL: '
}

_qdoc_pipelines() {
    local state line
    _arguments -C '(- *)'{-h,--help}'[Print this help and exit]' \
        '1:command:((list\:list\ the\ pipelines\ that\ -p\ takes\ by\ name show\:print\ a\ pipeline\ file check\:check\ a\ pipeline\ file\ and\ list\ its\ mistakes new\:write\ a\ pipeline\ file\ to\ start\ from)' \
        '*::argument:->rest'
    [[ $state == rest ]] && case $line[1] in
        list) _qdoc_pipelines_list ;;
        show) _qdoc_pipelines_show ;;
        check) _qdoc_pipelines_check ;;
        new) _qdoc_pipelines_new ;;
    esac
}

_qdoc_pipelines_list() {
    _arguments '--json[Print JSON]' \
        '(- *)'{-h,--help}'[Print this help and exit]'
}

_qdoc_pipelines_show() {
    _arguments '(- *)'{-h,--help}'[Print this help and exit]' \
        ':NAME:_files'
}

_qdoc_pipelines_check() {
    _arguments '--model[Warn of what does not suit this model]:MODEL: ' \
        '-m[Warn of what does not suit this model]:MODEL: ' \
        '(- *)'{-h,--help}'[Print this help and exit]' \
        ':FILE:_files'
}

_qdoc_pipelines_new() {
    _arguments '--force[Replace a file that is there already]' \
        '-f[Replace a file that is there already]' \
        '(- *)'{-h,--help}'[Print this help and exit]' \
        ':NAME: '
}

_qdoc_doctor() {
    _arguments '--json[Print JSON]' \
        '--config[Read this configuration instead of your own]:FILE:_files' \
        '(- *)'{-h,--help}'[Print this help and exit]'
}

_qdoc_version() {
    _arguments '--json[Print JSON]' \
        '(- *)'{-h,--help}'[Print this help and exit]'
}

_qdoc_completions() {
    _arguments '(- *)'{-h,--help}'[Print this help and exit]' \
        ':SHELL:(bash zsh fish)'
}

_qdoc_help() {
    _arguments '--man[Print the manual page for man(1)]' \
        '(- *)'{-h,--help}'[Print this help and exit]' \
        '*:COMMAND: '
}

if [[ $funcstack[1] == _qdoc ]]; then _qdoc "$@"; else compdef _qdoc qdoc; fi
