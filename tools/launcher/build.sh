# Building with Maven on first use. Sourced by ../baton.

# Is the jar there, and newer than all that it is made of? A directory's time changes when a file in it is removed.
is_fresh()
{
    [ -f "$jar" ] && [ -f "$module" ] || return 1
    local sources=("$root/pom.xml") name
    for name in stack tun handoff tools; do
        sources+=("$root/$name/pom.xml")
        [ ! -d "$root/$name/src/main" ] || sources+=("$root/$name/src/main")
    done
    [ -z "$(find "${sources[@]}" -newer "$jar" -print -quit)" ]
}

# May this user write where Maven does?
can_build()
{
    [ -w "$tools" ] && { [ ! -d "$tools/target" ] || [ -w "$tools/target" ]; }
}

ensure_built()
{
    ! is_fresh || return 0
    if ! can_build; then
        if [ -f "$jar" ]; then
            echo "baton: $jar may be older than its sources, and this user cannot rebuild it here" >&2
            return 0
        fi
        fail 4 "$tools: not writable by this user, and there is no built jar in it" "run tools/baton once as its owner"
    fi
    find_java jdk
    exec 9<"$tools"
    if ! flock -n 9; then
        echo "baton: waiting for another build of this checkout" >&2
        flock 9
    fi
    is_fresh || build
    exec 9<&-
}

build()
{
    local log started status=0
    mkdir -p "$tools/target"
    log=$(mktemp)
    started=$SECONDS
    if [ -f "$jar" ]; then
        echo "baton: sources have changed: building with Maven" >&2
        # A JVM that runs the old jar keeps its inode.
        rm -f "$jar"
    else
        echo "baton: first use: building with Maven (a few minutes when it has to download)" >&2
    fi
    JAVA_HOME=$java_home mvn -q -B -f "$root/pom.xml" -pl tools -am package -Dmaven.test.skip=true >"$log" 2>&1 9<&- &
    watch_build $! "$log" "$started" || status=$?
    if [ "$status" -ne 0 ]; then
        grep -v '^\[INFO\]' "$log" | tail -n 40 >&2 || :
        rm -f "$log"
        fail 1 "the build failed, see above" "mend that, or run: mvn -f $root/pom.xml -pl tools -am package"
    fi
    rm -f "$log"
    touch "$jar"
    echo "baton: built in $((SECONDS - started)) s" >&2
}

# Wait for Maven; a line that counts seconds for people; Ctrl-C ends Maven too and leaves no file behind.
watch_build() # PID LOG STARTED
{
    local status=0
    trap 'kill "$1" 2>/dev/null; rm -f "$2"; exit 130' INT
    trap 'kill "$1" 2>/dev/null; rm -f "$2"; exit 143' TERM
    if [ -t 2 ]; then
        while kill -0 "$1" 2>/dev/null; do
            printf '\rbaton: building, %d s ' $((SECONDS - $3)) >&2
            sleep 1
        done
        printf '\r\033[K' >&2
    fi
    wait "$1" || status=$?
    trap - INT TERM
    return "$status"
}
