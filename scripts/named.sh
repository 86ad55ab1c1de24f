# For the scripts that run one of a folder's programs by name. Sourced, not run.
# shellcheck shell=sh disable=SC2154 # root is set by the script that sources this

# The names of a folder's programs; the other files there are modules of theirs.
programs() { grep -l '^if __name__ == "__main__":' "$1"/*.py 2>/dev/null | sed 's|.*/||; s|\.py$||'; }

# run_named FOLDER NAME ARGUMENTS...
run_named() {
    folder=$root/$1
    name=${2:-}
    if ! programs "$folder" | grep -qxF -e "$name"; then
        printf '%s: "%s" is not known; there are: %s\n' "$(basename "$0")" "$name" "$(programs "$folder" | xargs)" >&2
        exit 3
    fi
    shift 2
    "$root/scripts/setup"
    exec "$root/.venv/bin/python" "$folder/$name.py" "$@"
}
