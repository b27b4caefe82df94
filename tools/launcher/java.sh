# Finding Java. Sourced by ../baton.

# Major version of the Java below a home, from its release file; 0 when there is none.
java_major() # HOME
{
    local line version=0
    if [ -x "$1/bin/java" ] && [ -r "$1/release" ]; then
        while IFS= read -r line; do
            case $line in
                JAVA_VERSION=*) version=${line#*=\"} version=${version%%[.\"+-]*} ;;
            esac
        done <"$1/release"
    fi
    case $version in
        '' | *[!0-9]*) version=0 ;;
    esac
    echo "$version"
}

# Homes in order of preference: JAVA_HOME, the java on the path, what the system has installed.
java_homes()
{
    local found
    [ -z "${JAVA_HOME:-}" ] || echo "$JAVA_HOME"
    if found=$(command -v java); then
        found=$(readlink -f -- "$found")
        echo "${found%/bin/java}"
    fi
    for found in /usr/lib/jvm/*; do
        [ ! -d "$found" ] || echo "$found"
    done
}

# Sets java_home and java to the first Java of at least 17; with "jdk", to the first that has a compiler too.
find_java() # [jdk]
{
    local home
    while IFS= read -r home; do
        if [ "$(java_major "$home")" -ge 17 ] && { [ "${1:-}" != jdk ] || [ -x "$home/bin/javac" ]; }; then
            java_home=$home
            java=$home/bin/java
            return 0
        fi
    done < <(java_homes)
    return 1
}

# Sets extract_dir to a directory of this user alone from which native code may be loaded: jffi unpacks its library there, as
# /tmp is often mounted noexec. access(2) refuses X on such a mount, which is what "test -x" asks.
extract_dir()
{
    local candidate probe
    for candidate in "${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/baton/jffi" "/var/tmp/baton-$(id -u)/jffi" \
        "${TMPDIR:-/tmp}/baton-$(id -u)/jffi" "/dev/shm/baton-$(id -u)/jffi"; do
        probe=$candidate/.exec-allowed
        if [ ! -x "$probe" ]; then
            (umask 077 && mkdir -p "$candidate" && : >"$probe" && chmod 0700 "$probe") 2>/dev/null || continue
        fi
        if [ -O "$candidate" ] && [ -w "$candidate" ] && [ -x "$probe" ]; then
            extract_dir=$candidate
            return 0
        fi
    done
    fail 4 "no directory for native code: every candidate is read-only, noexec or of another user" \
        "set XDG_CACHE_HOME to a directory that allows execution"
}
