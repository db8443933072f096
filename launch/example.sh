# Runs and shows the programs of examples/. Read by ./pollux when one is asked for.

USAGE='./pollux example NAME [--help | --source | ARG...]'

list() {
    echo "$USAGE"
    for file in "$root"/examples/*.java; do
        IFS= read -r line <"$file"
        name=${file##*/}
        printf '  %-18s %s\n' "${name%.java}" "${line#/// }"
    done
}

misused() { say "$@"; exit 2; }

# The source goes to java as it is, with the modules on the class path: the AOT cache, which was recorded
# on the module path, would not fit.
example() {
    case ${1:-} in
        '' | --help | -h) list; return ;;
        -*) misused "$USAGE" ;;
    esac
    file=$root/examples/$1.java
    case $1 in */*) file= ;; esac
    [ -f "$file" ] || misused "there is no example $1; ./pollux example lists them"
    shift
    case ${1:-} in
        --help | -h) exec sed -n '\|^///|!q; s|^/// \{0,1\}||p' "$file" ;;
        --source) exec cat "$file" ;;
    esac
    find_jdk
    refresh
    cache=
    JAVA_OPTIONS=--enable-native-access=ALL-UNNAMED
    become_java -cp "$out/lib/*" "$file" "$@"
}
