# Sourced by the other scripts: finds what is missing on this machine, says so, and installs it.
# shellcheck shell=sh disable=SC2154 # $root is set by the script that sources this
# Everything it says goes to stderr, so that stdout carries a program's own output alone.

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# The packages of scripts/packages/NAME.txt, one line each.
packages() {
    for list in "$@"; do
        sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$root/scripts/packages/$list.txt"
    done | sort -u
}

# Those of them that are not installed.
missing_packages() {
    wanted=$(packages "$@")
    # shellcheck disable=SC2086 # a list of words
    dpkg-query -W -f '${Package} ${db:Status-Status}\n' $wanted 2>/dev/null |
        awk -v wanted="$wanted" '
            $2 == "installed" { have[$1] = 1 }
            END { n = split(wanted, names, "\n"); for (i = 1; i <= n; i++) if (!(names[i] in have)) print names[i] }'
}

# Runs a command as the superuser: as it is for root, else by sudo, which asks for the password on a terminal.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@" </dev/null >&2
    elif [ "$interactive" = yes ]; then
        sudo env DEBIAN_FRONTEND=noninteractive "$@" >&2
    else
        sudo -n env DEBIAN_FRONTEND=noninteractive "$@" </dev/null >&2
    fi
}

# What apt says it would fetch and unpack, in its own two sentences; empty where it does not know the packages yet.
install_size() {
    # shellcheck disable=SC2086
    LC_ALL=C apt-get -o Debug::NoLocking=true --assume-no --no-install-recommends install $1 2>/dev/null |
        sed -n -e 's/^Need to get \(.*\) of archives\.$/\1 to download/p' \
            -e 's/^After this operation, \(.*\) of additional disk space will be used\.$/\1 on disk/p' | paste -s -d, - | sed 's/,/, /g'
}

# install_packages WHAT LIST...: installs what is missing of the lists, after asking where somebody can be asked.
install_packages() {
    what=$1
    shift
    if ! command -v dpkg-query >/dev/null 2>&1; then
        say "qdoc: this is not Debian; going on without looking for packages. On Debian 12 these would be installed:"
        packages "$@" | paste -s -d ' ' - >&2
        return 0
    fi
    missing=$(missing_packages "$@" | paste -s -d ' ' -)
    [ -n "$missing" ] || return 0

    interactive=no
    if [ -t 0 ] && [ -t 2 ]; then interactive=yes; fi
    command="apt-get install --no-install-recommends $missing"
    # Without the archive's lists (a fresh image has none) apt knows no sizes.
    size=$(install_size "$missing")
    say "qdoc: $what needs packages of the distribution that are not installed yet:"
    say "  $missing"
    say "  ${size:-their size is known when the package lists have been fetched (apt-get update)}"

    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null 2>&1 || fail "qdoc: as root, run: apt-get update && $command"
        if [ "$interactive" = yes ]; then
            printf 'qdoc: install them with sudo? [Y/n] ' >&2
            read -r answer
            case $answer in
            '' | [Yy]*) ;;
            *) fail "qdoc: nothing was installed. When you are ready: sudo apt-get update && sudo $command" ;;
            esac
        else
            sudo -n true 2>/dev/null || fail "qdoc: run this first: sudo apt-get update && sudo $command"
        fi
    fi
    if [ -z "$size" ]; then
        as_root apt-get -q update || fail "qdoc: the package lists cannot be fetched; check the network and /etc/apt/sources.list.d"
        size=$(install_size "$missing")
        say "qdoc: installing, ${size:-size unknown}"
    fi
    # shellcheck disable=SC2086
    if ! as_root apt-get -q -y --no-install-recommends install $missing; then
        # Lists from before a point release name files that are gone.
        say "qdoc: trying once more with fresh package lists"
        as_root apt-get -q update
        # shellcheck disable=SC2086
        as_root apt-get -q -y --no-install-recommends install $missing || fail "qdoc: the installation failed; by hand: $command"
    fi
}

# Puts a Swift toolchain on PATH, 6.2 or later.
find_swift() {
    if ! command -v swift >/dev/null 2>&1; then
        for folder in /opt/swift/usr/bin /opt/swift-*/usr/bin /usr/local/swift/usr/bin /usr/libexec/swift/bin \
            "${SWIFTLY_BIN_DIR:-${HOME:-/root}/.local/share/swiftly/bin}" "${HOME:-/root}/.swiftly/bin"; do
            if [ -x "$folder/swift" ]; then
                PATH=$folder:$PATH
                export PATH
                break
            fi
        done
    fi
    command -v swift >/dev/null 2>&1 ||
        fail "qdoc: no Swift toolchain: put the one for Debian 12 from https://www.swift.org/install/linux/ on PATH, or unpack it into /opt/swift"
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p')
    # shellcheck disable=SC2086
    set -- ${version:-0 0}
    if [ "$1" -lt 6 ] || { [ "$1" -eq 6 ] && [ "$2" -lt 2 ]; }; then
        fail "qdoc: $(command -v swift) is version $1.$2 or does not run; 6.2 or later is needed"
    fi
}

# Parts of qdoc that need large libraries: each is a program qdoc-PART, built where its libraries are. scripts/install --with PART brings them.
all_parts='video ocr'
# What the user wants left out although it could be built: PART,PART.
unwanted=${QDOC_WITHOUT-}

# has_libraries PART: whether a part can be built here.
has_libraries() {
    case $1 in
    video) pkg-config --exists libavformat libavcodec libavutil libswscale 2>/dev/null ;;
    ocr) pkg-config --exists tesseract lept 2>/dev/null ;;
    *) return 1 ;;
    esac
}

# find_parts: sorts the parts into those that are built and those that Package.swift is told to leave out.
find_parts() {
    parts='' QDOC_WITHOUT=''
    for part in $all_parts; do
        case ,$unwanted, in
        *,"$part",*) built=no ;;
        *) if has_libraries "$part"; then built=yes; else built=no; fi ;;
        esac
        if [ "$built" = yes ]; then parts="$parts $part"; else QDOC_WITHOUT="$QDOC_WITHOUT${QDOC_WITHOUT:+,}$part"; fi
    done
    export QDOC_WITHOUT
}

# The names of the package lists of parts.
part_lists() {
    for part in "$@"; do printf '%s-build %s-runtime ' "$part" "$part"; done
}

# The programs that are built.
programs() {
    printf 'qdoc qdoc-decode qdoc-convert'
    for part in $parts; do printf ' qdoc-%s' "$part"; done
}

# Whether all programs are built, and nothing they are made of is newer than a stamp file. Folders count: they change when a file is removed.
is_current() {
    find_parts
    for program in $(programs); do
        [ -x "$root/.build/release/$program" ] || return 1
    done
    [ -e "$1" ] &&
        [ -z "$(find "$root/Package.swift" "$root/Sources" "$root/pipelines" "$root/models" "$root/schemas" -newer "$1" -print 2>/dev/null | head -n 1)" ]
}

# forget_stale CONFIGURATION: drops what the compiler has cached where it would not notice a change by itself.
forget_stale() {
    mkdir -p "$root/.build"
    # Its caches name their place: a checkout that was moved or copied is built anew.
    place=$(cat "$root/.build/place" 2>/dev/null || echo "$root")
    [ "$place" = "$root" ] || rm -rf "$root"/.build/*
    printf '%s\n' "$root" >"$root/.build/place"
    # A header that was added below Sources/Modules is not seen by modules that are cached already.
    seen=$root/.build/$1.headers
    if [ -e "$seen" ] && [ -n "$(find "$root/Sources/Modules" \( -name '*.h' -o -name '*.modulemap' \) -newer "$seen" -print | head -n 1)" ]; then
        rm -rf "$root"/.build/*/"$1"/ModuleCache
    fi
    touch "$seen"
}

# Builds the programs for release, with the Swift runtime inside: they start in half the time and need no toolchain.
build_release() {
    stamp=$root/.build/release.stamp
    is_current "$stamp" && return 0
    find_swift
    if [ -x "$root/.build/release/qdoc" ]; then
        say "qdoc: building what changed"
    else
        say "qdoc: building, which takes about 3 minutes the first time on two cores"
    fi
    forget_stale release
    # The time before the build: what is edited meanwhile is newer.
    touch "$stamp.new"
    for product in $(programs); do
        (cd "$root" && swift build -c release --static-swift-stdlib --product "$product" >&2) || fail "qdoc: the build failed"
    done
    mv "$stamp.new" "$stamp"
}
