# For the scripts that run one of a folder's programs by name.

# run_named FOLDER NAME ARGUMENTS...
run_named() {
    folder=$root/$1
    name=${2:-}
    if [ -z "$name" ] || [ ! -f "$folder/$name.py" ]; then
        printf '%s: %s; there are: %s\n' "$(basename "$0")" "${name:-no name given}" \
            "$(cd "$folder" 2>/dev/null && ls *.py 2>/dev/null | sed 's/\.py$//' | tr '\n' ' ')" >&2
        exit 3
    fi
    shift 2
    "$root/scripts/setup"
    exec "$root/.venv/bin/python" "$folder/$name.py" "$@"
}
