# The steps of scripts/lint and scripts/test: each under a heading, with its time; one that fails does not stop the rest.
# Sourced, not run.
# shellcheck shell=sh disable=SC2154 # root is set by the script that sources this
bin="$root/.venv/bin"
passed=0
failures=""

# step NAME COMMAND...
step() {
    name=$1
    shift
    printf '\n== %s\n' "$name"
    begun=$(date +%s)
    if "$@"; then passed=$((passed + 1)) result=passed; else failures="$failures, $name" result=FAILED; fi
    printf -- '-- %s: %s in %s s\n' "$name" "$result" $(($(date +%s) - begun))
}

lint_steps() {
    step format "$bin/ruff" format --check .
    step lint "$bin/ruff" check .
    step types "$bin/mypy"
    step contracts "$bin/lint-imports"
}

finish() {
    count=$(printf '%s' "$failures" | tr -cd , | wc -c)
    printf '\n'
    [ -z "$failures" ] || printf 'failed: %s\n' "${failures#, }"
    printf '%s passed, %s failed\n' "$passed" "$count"
    [ "$count" -eq 0 ]
}
