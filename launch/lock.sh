# One build at a time: the lock is a link, .pollux/lock, that names its owner. Read by launch/build.sh.

LOCK_PATIENCE=3000 # Tenths of a second that a start waits for another one's build.
LOCK_ATTEMPTS=10   # Tenths of a second that it tries to make a lock which nobody has.

# Tells when process $1 began, so that no later one with its number is taken for it; nothing where there
# is none, or nobody knows.
birth() {
    if [ -r "/proc/$1/stat" ]; then
        { IFS= read -r status <"/proc/$1/stat"; } 2>/dev/null || return 0
        { IFS= read -r boot </proc/sys/kernel/random/boot_id; } 2>/dev/null || boot=
        set -- ${status##*)} # What follows its name, which may hold blanks.
        [ "$1" != Z ] || set -- # It has ended, and nobody has asked how.
        printf '%s.%s\n' "${20:-}" "$boot"
    else
        LC_ALL=C TZ=UTC0 ps -o lstart= -p "$1" 2>/dev/null || :
    fi
}

# Whether process $1 runs, which is written PID.BIRTH.
is_running() {
    pid=${1%%.*}
    born=$(birth "$pid")
    if [ -n "$born" ]; then
        [ "$1" = "$pid.$born" ]
    else
        kill -0 "$pid" 2>/dev/null
    fi
}

# Removes the lock $1 of process $2, which is no more. Only one start may, or the second would remove the
# lock that the first has made meanwhile: so that is locked, too, and that lock may have outlived its owner.
discard() {
    if ln -s "$me" "$1.$2" 2>/dev/null; then
        [ "$(readlink "$1")" != "$2" ] || rm -f "$1"
        rm -f "$1.$2"
    elif owner=$(readlink "$1.$2") && ! is_running "$owner"; then
        discard "$1.$2" "$owner"
    fi
}

# Waits for the Maven that a killed start has left: it writes what the next one would write.
await_left_behind() {
    waited=0
    while left=$(readlink "$out/maven") && is_running "$left"; do
        [ "$waited" -ne 0 ] || say "waiting for Maven, process ${left%%.*}, which a build has left behind"
        waited=$((waited + 1))
        [ "$waited" -lt "$LOCK_PATIENCE" ] || fail "process ${left%%.*}, which a build has left behind, does not end"
        sleep 0.1
    done
    rm -f "$out/maven"
}

# Waits until the lock is ours; it is given back when the script ends, too.
lock() {
    [ ! -d "$out/lock" ] || fail "cannot lock the build: $out/lock is a folder" # In which ln would make links.
    me=$$.$(birth "$$")
    waited=0 vain=0 awaited=
    until refusal=$(ln -s "$me" "$out/lock" 2>&1); do
        if ! owner=$(readlink "$out/lock"); then # It was given back just now, or cannot be made.
            vain=$((vain + 1))
            [ "$vain" -lt "$LOCK_ATTEMPTS" ] || fail "cannot lock the build: $refusal"
        elif ! is_running "$owner"; then
            discard "$out/lock" "$owner"
        elif [ "$owner" != "$awaited" ]; then
            awaited=$owner vain=0
            say "waiting for the build that process ${owner%%.*} is doing"
        fi
        waited=$((waited + 1))
        [ "$waited" -lt "$LOCK_PATIENCE" ] ||
            fail "process ${owner%%.*} is still building; if it is not, remove $out/lock"
        sleep 0.1
    done
    trap unlock EXIT
    trap 'unlock; trap - INT; kill -INT $$' INT
    trap 'unlock; exit 143' TERM HUP
}

unlock() {
    rm -f "$out/lock"
    trap - EXIT INT TERM HUP
}
