# Installing what is missing. Sourced by ../baton.

# Debian package of a command.
package_of() # COMMAND
{
    case $1 in
        javac) jdk_package ;;
        mvn) echo maven ;;
        ip) echo iproute2 ;;
        ping) echo iputils-ping ;;
        nc) echo netcat-openbsd ;;
        sysctl | ps) echo procps ;;
        nsenter | unshare | setpriv | flock) echo util-linux ;;
        *) echo "$1" ;;
    esac
}

jdk_package()
{
    if [ -n "$(apt-cache search --names-only '^openjdk-17-jdk-headless$' 2>/dev/null)" ]; then
        echo openjdk-17-jdk-headless
    else
        echo default-jdk-headless
    fi
}

# Commands of a list that are not on the path; Java counts only from 17 on, with its compiler.
missing_of() # COMMAND...
{
    local command
    for command in "$@"; do
        if [ "$command" = javac ]; then
            find_java jdk || echo javac
        else
            command -v "$command" >/dev/null || echo "$command"
        fi
    done
}

# Make commands available: as root by apt after saying so, else by telling the one line that does.
need_commands() # COMMAND...
{
    local missing packages command
    missing=$(missing_of "$@")
    [ -n "$missing" ] || return 0
    if ! command -v apt-get >/dev/null; then
        fail 3 "missing: ${missing//$'\n'/ }" "install them with this system's package manager (Java: a JDK, 17 or later)"
    fi
    if [ "$(id -u)" -ne 0 ]; then
        packages=$(for command in $missing; do package_of "$command"; done | sort -u | tr '\n' ' ')
        fail 3 "missing: ${missing//$'\n'/ }" "sudo apt-get install -y --no-install-recommends ${packages% }"
    fi
    echo "baton: missing: ${missing//$'\n'/ }; updating apt's lists" >&2
    apt_quietly update
    packages=$(for command in $missing; do package_of "$command"; done | sort -u | tr '\n' ' ')
    echo "baton: installing with apt: ${packages% }" >&2
    # shellcheck disable=SC2086
    apt_quietly install -y --no-install-recommends $packages
    missing=$(missing_of "$@")
    [ -z "$missing" ] || fail 3 "still missing after apt: ${missing//$'\n'/ }" "install by hand"
}

apt_quietly() # ARGUMENT...
{
    local log
    log=$(mktemp)
    if ! DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1 </dev/null; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        fail 1 "apt-get $1 failed, see above" "mend that and repeat"
    fi
    rm -f "$log"
}

need_jdk()
{
    need_commands javac
    find_java jdk || fail 3 "no JDK of at least 17" "sudo apt-get install -y --no-install-recommends openjdk-17-jdk-headless"
}
