# shellcheck shell=bash
# The part of benchmarks/run that opens very many connections to a server; sourced by it.
# What the figures mean: docs/performance.md.

# heap_bytes PID: what lives in the heap of a server, after a collection.
heap_bytes() { "$JAVA_HOME/bin/jcmd" "$1" GC.class_histogram | awk '$1 == "Total" { print $3 }'; }

kernel_kib() { awk '/^(Slab|Percpu|KernelStack):/ { sum += $2 } END { print sum }' /proc/meminfo; }

# crowd_of WHAT MODEL: opens the crowd, and adds what was seen to the file of crowds.
crowd_of() {
    local what=$1 name=$1-$2 heap kernel opened round_trip line lines='' options=()
    server "$name" "$root/pollux" "$what" --model "$2" --connections-max "$connections" --port 0
    if [[ -z ${pids[$name]:-} ]]; then
        return
    fi
    if [[ $what == chat ]]; then
        options=(--chat)
    fi
    heap=$(heap_bytes "${pids[$name]}")
    kernel=$(kernel_kib)
    say "$name: opening $connections connections"
    coproc CROWD { taskset -c $load_core "$target/c/load_crowd" --port "${ports[$name]}" --pid "${pids[$name]}" \
        --connections "$connections" "${options[@]}"; }
    # Bash forgets the coprocess's descriptors when it ends.
    exec 4<&"${CROWD[0]}" 5>&"${CROWD[1]}"
    read -r opened <&4 || die "$name: the crowd could not be opened: see above"
    kernel=$(($(kernel_kib) - kernel))
    heap=$(($(heap_bytes "${pids[$name]}") - heap))
    say "$name: $opened; heap $heap bytes, the kernel for both ends $kernel KiB"
    echo >&5
    read -r round_trip <&4 || die "$name: a round trip failed: see above"
    while read -r line <&4; do
        say "$name: $line"
        lines+=" $line"
    done
    exec 4<&- 5>&-
    printf '%s\t%s %s heap %s kernel %s %s\n' "$name" "$opened" "$round_trip" "$heap" "$kernel" "$lines" \
        >>"$results/crowd.tsv"
    stop_servers
}

# Words of a line: 1 name, 3 connections, 5 wall us, 7 CPU us, 9 and 10 resident KiB, 14 and 16 us of a round trip,
# 20 heap bytes, 22 kernel KiB; then for each line said: "line MEMBERS wall-us N cpu-us N".
crowd_comparison() {
    local model
    : >"$results/crowd.tsv"
    for model in ${models//,/ }; do
        crowd_of echo "$model"
        crowd_of chat "$model"
    done
    printf '\n| server | connections | s to open all | CPU us each | heap bytes each | resident bytes each '
    printf '| kernel bytes each, both ends | round trip us, median | p99 | s until a line has reached all | CPU us each |\n'
    printf -- '|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n'
    awk '{
        printf "| %s | %d | %.1f | %.1f | %.0f | %.0f | %.0f | %d | %d | ", $1, $3, $5 / 1e6, $7 / $3, $20 / $3,
            ($10 - $9) * 1024 / $3, $22 * 1024 / $3, $14, $16
        best = 0
        for (i = 23; i + 5 <= NF; i += 6)
            if (!best || $(i + 3) < $(best + 3)) best = i
        if (best) printf "%.2f | %.2f |\n", $(best + 3) / 1e6, $(best + 5) / $3
        else print "| |"
    }' "$results/crowd.tsv"
}
