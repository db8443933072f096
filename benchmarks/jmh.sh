# shellcheck shell=bash
# The parts of benchmarks/run that measure single calls; sourced by it.

# jmh_pass PATTERN REGISTERED READY: one run of JMH; its figures are added to the file of them all.
jmh_pass() {
    "$JAVA_HOME/bin/java" "${java_flags[@]}" -cp "$target/classes:$target/lib/*" org.openjdk.jmh.Main "$1" \
        -p "selector=${only:-$selectors}" -p "registered=$2" -p "ready=$3" -r "$(milliseconds)ms" -i "$rounds" \
        -prof gc -foe true -rf csv -rff "$target/jmh.csv" >"$results/jmh.log" 2>&1 ||
        die "JMH failed: see $results/jmh.log"
    tail -n +2 "$target/jmh.csv" >>"$results/jmh.csv"
}

# Columns of JMH's file: benchmark, ..., 5 score, 6 error, ..., 8 ready, 9 registered, 10 selector.
jmh_comparison() {
    : >"$results/jmh.csv"
    say 'jmh: nothing ready' && jmh_pass 'SelectorBenchmark.poll$' 10,100,1000 0
    say 'jmh: some ready' && jmh_pass 'SelectorBenchmark.poll$' 1000 1,10,100,1000
    say 'jmh: changes' && jmh_pass 'SelectorBenchmark.(register|modify)' 10,1000 0
    printf '\n| call | registered | ready | selector | ns | +- | bytes allocated |\n|---|---:|---:|---|---:|---:|---:|\n'
    tr -d '"' <"$results/jmh.csv" | awk -F , '
        {
            sub(/.*SelectorBenchmark\./, "", $1)
            metric = ""
            if (split($1, parts, ":") == 2) metric = parts[2]
            row = sprintf("%s | %d | %d | %s", parts[1], $9, $8, $10)
        }
        metric == "" { order[++rows] = row; score[row] = $5; spread[row] = $6 }
        metric == "gc.alloc.rate.norm" { bytes[row] = $5 }
        END {
            for (i = 1; i <= rows; i++)
                printf "| %s | %.0f | %.0f | %.0f |\n", order[i], score[order[i]], spread[order[i]], bytes[order[i]]
        }'
}

# Columns: benchmark, ..., 5 score, 6 error, unit, bytes, family.
streams_comparison() {
    say 'streams: a write and a read'
    "$JAVA_HOME/bin/java" "${java_flags[@]}" -cp "$target/classes:$target/lib/*" org.openjdk.jmh.Main StreamBenchmark \
        -r "$(milliseconds)ms" -i "$rounds" -foe true -rf csv -rff "$results/streams.csv" >"$results/streams.log" 2>&1 ||
        die "JMH failed: see $results/streams.log"
    printf '\n| family | bytes | calls | ns | +- |\n|---|---:|---|---:|---:|\n'
    tail -n +2 "$results/streams.csv" | tr -d '"' | awk -F , '
        {
            sub(/.*StreamBenchmark\./, "", $1)
            printf "| %s | %d | %s | %.0f | %.0f |\n", $9, $8, $1, $5, $6
        }' | sort
}
