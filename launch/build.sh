# Builds Pollux with Maven and records its AOT cache. Read by ./pollux when there is something to build.

. "$root/launch/lock.sh"

UNFETCHED='Could not transfer|Unknown host|in offline mode' # What Maven says without a network.

is_full() { ! printf '%65536s' '' >"$out/room" || grep -q 'No space left' "$out/build.log"; }

# Ends a build that cannot go on, with what to do where that is known.
give_up() {
    say "$1"
    if is_full 2>/dev/null; then
        say 'a disk is full: df -h and df -i tell which; a build writes to .pollux, target, ~/.m2 and /tmp'
    elif grep -Eqs "$UNFETCHED" "$out/build.log"; then
        say 'a first build needs the network; behind a proxy, name it in ~/.m2/settings.xml' \
            '(https://maven.apache.org/guides/mini/guide-proxies.html)'
    fi
    rm -f "$out/room"
    exit 1
}

# Maven says each error twice, then how to read Maven's errors; where it said none, the log's end must do.
# Of what it could not fetch it says the same of every project. Colours are reset before its first word.
errors() {
    grep -Fq '[ERROR]' "$1" || tail -n 30 "$1"
    if grep -Eq "$UNFETCHED" "$1"; then
        grep -E "$UNFETCHED" "$1" | head -n 1
    else
        grep -F '[ERROR]' "$1" | sed 's/^[^[:print:]][^E]*\[E/[E/; /-> \[Help/q' | awk '!said[$0]++' | head -n 30
    fi
}

compile() {
    need_maven
    say "building; the log is $out/build.log"
    rm -rf "$out/next" "$out/build.log" && mkdir -p "$out/next/lib" &&
        sums $SOURCES >"$out/next/sources" && [ -s "$out/next/sources" ] ||
        give_up "cannot begin a build in $out"
    via='/bin/sh launch/maven.sh'
    if ! maven -q -Plaunch -pl app -am package -Dlaunch.lib="$out/next/lib" >"$out/build.log" 2>&1; then
        errors "$out/build.log" >&2
        give_up "the build failed; the whole log is $out/build.log"
    fi
    rm -rf "$out/lib" "$out/jdk" "$out/maven" && mv "$out/next/lib" "$out/next/sources" "$out/" &&
        rmdir "$out/next" || give_up "cannot put what was built into $out"
}

# Records a short life of the real server in an AOT cache (JEP 514). Without one, starts are slower and
# nothing else changes: so a failure here is a line, not an end.
rehearse() {
    rm -f "$out/pollux.aot"
    if ! JAVA_TOOL_OPTIONS='' JDK_JAVA_OPTIONS='' _JAVA_OPTIONS='' \
        "$jdk/bin/java" "$root/launch/Rehearsal.java" "$out" \
        "$jdk/bin/java" $COLLECTOR $JAVA_OPTIONS -p "$out/lib" -m "$MAIN" >"$out/rehearsal.log" 2>&1; then
        rm -f "$out/pollux.aot"
        say "no AOT cache could be made, so starts are slower; why is in $out/rehearsal.log"
    fi
    printf '%s\n' "$java_version $jdk $out" >"$out/jdk" || give_up "cannot write $out/jdk"
}

# Writes down from what was built, and what: last, so that half a build is none.
conclude() {
    sums .pollux/lib | LC_ALL=C sort - "$out/sources" >"$out/built" || give_up "cannot write $out/built"
}

build_locked() {
    lock
    await_left_behind
    if [ "${1:-}" = now ] || ! is_current; then
        rm -f "$out/built"
        compile
    fi
    is_rehearsed || rehearse
    conclude
    unlock
}
