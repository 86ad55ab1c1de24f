# What scripts/setup knows about the machine: its Python, its Debian packages, the unpacked daemons. Sourced, not run.
# shellcheck shell=sh disable=SC2046,SC2086,SC2154 # lists of packages are words; root and python come from scripts/setup
state=${FOSA_STATE:-${XDG_STATE_HOME:-$HOME/.local/state}/fosa}

# The packages of one part of requirements/system.txt, on one line.
listed() { awk -v part="$1" '$1 == part { printf "%s%s", gap, $2; gap = " " }' "$root/requirements/system.txt"; }

# Debian's own Python first: its venv stays valid as long as the system does.
find_python() {
    for candidate in /usr/bin/python3 python3.13 python3.12 python3.11; do
        "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null || continue
        command -v "$candidate"
        return
    done
    return 1
}

# A Python that is not Debian's brings its own venv.
missing_packages() {
    found=""
    for package in $(listed install); do
        [ "$package" = python3-venv ] && "$1" -c 'import ensurepip, venv' 2>/dev/null && continue
        dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || found="$found $package"
    done
    printf '%s' "${found# }"
}

# Changes with the lock, the project's metadata, its catalogues, its place on the disk and the Python.
venv_stamp() {
    {
        cd "$root" && cat requirements/lock.txt pyproject.toml hatch_build.py $(find inventory -name '*.po')
        echo "$root" && "$python" -VV
    } | sha256sum
}
venv_current() { [ -x "$root/.venv/bin/fosa" ] && [ "$(cat "$root/.venv/stamp" 2>/dev/null)" = "$(venv_stamp)" ]; }

pip_install() { "$root/.venv/bin/python" -m pip --disable-pip-version-check --quiet install "$@"; }

# One package's lines of the lock.
locked() { awk -v name="$1==" 'index($0, name) == 1 { on = 1 } on { print } on && !/\\$/ { exit }' "$root/requirements/lock.txt"; }

# A .venv of another place or of a Python that is gone is made anew.
fill_venv() {
    { "$root/.venv/bin/python" -c '' 2>/dev/null && grep -qF " $root/.venv" "$root/.venv/pyvenv.cfg"; } ||
        "$python" -m venv --clear "$root/.venv" || return
    # Two packages NAPALM needs, and the FTPS server of tests, have no wheel: built here, with what the lock names.
    locked setuptools >"$root/.venv/build.txt" &&
        pip_install --require-hashes --only-binary :all: --requirement "$root/.venv/build.txt" &&
        pip_install --require-hashes --only-binary :all: --no-binary ncclient,pyeapi,pyftpdlib --no-build-isolation \
            --requirement "$root/requirements/lock.txt" &&
        pip_install --no-build-isolation --no-deps --editable "$root" &&
        venv_stamp >"$root/.venv/stamp"
}

# Prints the prefix that makes a command run as root.
become_root() {
    [ "$(id -u)" -ne 0 ] || return 0
    command -v sudo >/dev/null || return 1
    { [ -t 0 ] || sudo -n true 2>/dev/null; } && echo sudo
}

# apt_install PREFIX PACKAGES... [OPTIONS...]; the package lists are fetched when they are missing or too old to be served.
apt_install() {
    apt="$1 env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0"
    shift
    if $apt install --simulate "$@" >/dev/null 2>&1; then
        $apt install --yes --no-install-recommends "$@" >&2 && return
    fi
    say "fetching the machine's package lists (apt-get update)"
    $apt -o APT::Update::Error-Mode=any update >&2 && $apt install --yes --no-install-recommends "$@" >&2
}

# Changes when the list does, or when one of the daemons is installed on, upgraded on or removed from the machine.
daemons_stamp() {
    {
        cat "$root/requirements/system.txt" "$root/scripts/system.sh" /etc/os-release
        dpkg-query -W -f '${Package} ${Version} ${db:Status-Abbrev}\n' $(listed unpack) 2>/dev/null || true
    } | sha256sum
}
daemons_current() { [ "$(cat "$state/daemons/stamp" 2>/dev/null)" = "$(daemons_stamp)" ]; }

# apt resolves and downloads, as for an installation that never happens; what the machine has already is not fetched.
unpack_daemons() {
    rm -rf "$state/debs" "$state/daemons.new"
    mkdir -p "$state/debs/partial" "$state/daemons.new"
    apt_install "" $(listed unpack) --download-only \
        -o Dir::Cache::archives="$state/debs" -o APT::Sandbox::User=root || return
    for folder in bin sbin lib lib64; do
        mkdir -p "$state/daemons.new/usr/$folder"
        ln -s "usr/$folder" "$state/daemons.new/$folder"
    done
    daemons=$(listed unpack)
    for deb in "$state/debs"/*.deb; do
        name=${deb##*/}
        name=${name%%_*}
        # The listed packages and libraries only, not the systemd, udev and the like that an installation would bring.
        case "$name: $daemons " in lib* | "$name:"*" $name "*) ;; *) continue ;; esac
        dpkg-deb --fsys-tarfile "$deb" | tar -x -p -C "$state/daemons.new" --keep-directory-symlink || return
    done
    daemons_stamp >"$state/daemons.new/stamp"
    rm -rf "$state/debs"
    swap_daemons
}

# The folder is never half there. A lab that runs keeps the old one below its overlays.
swap_daemons() {
    if [ -e "$state/daemons" ]; then mv "$state/daemons" "$state/daemons.old.$$"; fi
    mv "$state/daemons.new" "$state/daemons"
    grep -qsF "lowerdir=$state/daemons" /proc/[0-9]*/mountinfo || rm -rf "$state/daemons.old."*
}
