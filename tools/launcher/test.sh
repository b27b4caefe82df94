# baton test. Sourced by ../baton.

# Every module's tests, those on real devices included. Failures do not stop the run: what fails is counted, and makes the exit
# code 5; an error outside a test (compilation, a crashed JVM) makes it 1.
run_tests() # MAVEN-ARGUMENT...
{
    find_java jdk
    local log status=0 maven progress
    mkdir -p "$root/target"
    log=$root/target/test.log
    : >"$log"
    rm -rf "$root"/*/target/surefire-reports
    echo "baton: running all tests with Java $(java_major "$java_home") (mvn verify); the full log is target/test.log" >&2
    JAVA_HOME=$java_home mvn -B -ntp -f "$root/pom.xml" -Dmaven.test.failure.ignore=true verify "$@" >"$log" 2>&1 &
    maven=$!
    trap 'stop_tests "$maven"; exit 130' INT
    trap 'stop_tests "$maven"; exit 143' TERM
    # In the background, since bash runs a trap only when no foreground command is running; tail ends with Maven.
    tail -n +1 -f --pid="$maven" "$log" | show_progress &
    progress=$!
    wait "$maven" || status=$?
    wait "$progress" || :
    trap - INT TERM
    if [ "$status" -ne 0 ] || grep -Eq "$outside_tests" "$log"; then
        echo "baton: Maven itself failed or a test JVM died, see above and target/test.log" >&2
        status=1
    fi
    if ! "$tools/launcher/summary" "$root" && [ "$status" -eq 0 ]; then
        status=5
    fi
    return "$status"
}

# What Maven says, with failures ignored, when a JVM that runs tests has died: such a run has lost results and cannot pass.
outside_tests='forked VM terminated|ExecutionException|There was a timeout in the fork|There was an error in the forked process'

# Ends Maven and the JVMs that it forked; their shutdown hooks take down the labs that they made.
stop_tests() # MAVEN-PID
{
    local pids
    pids=$(descendants "$1")
    # shellcheck disable=SC2086
    kill $pids 2>/dev/null || :
    wait "$1" 2>/dev/null || :
}

# A process and all that it started, by their ids.
descendants() # PID
{
    local child
    echo "$1"
    for child in $(ps -o pid= --ppid "$1"); do
        descendants "$child"
    done
}

# Module headings, surefire's result lines and errors, as they come.
show_progress()
{
    awk '/^\[INFO\] Building Baton/ { sub(/^\[INFO\] /, ""); print; fflush(); next }
         /Tests run:/ { sub(/^\[[A-Z]+\] /, ""); print; fflush(); next }
         /^\[ERROR\]/ && shown < 200 { print; shown++; fflush() }'
}
