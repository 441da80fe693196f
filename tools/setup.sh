#!/bin/sh
# Prepares .venv from requirements.lock. Does nothing when .venv already matches the lock and pyproject.toml.
# PYTHON=... picks the interpreter; otherwise the first Python 3.11-3.13 found is used.
set -eu
cd "$(dirname "$0")/.."

supported='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))'
digest='
import hashlib, pathlib
files = (pathlib.Path(name).read_bytes() for name in ("requirements.lock", "pyproject.toml"))
print(hashlib.sha256(b"".join(files)).hexdigest())
'

say() { echo "setup: $*"; }

find_python() {
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python}; do
        if "$candidate" -c "$supported" >/dev/null 2>&1; then
            command -v "$candidate"
            return
        fi
    done
    say "no Python 3.11, 3.12 or 3.13 found (tried: ${PYTHON:-python3 python3.13 python3.12 python3.11 python})." >&2
    say "Install one (Debian/Ubuntu: apt install python3 python3-venv; macOS: brew install python@3.13)," >&2
    say "or name it: make setup PYTHON=/path/to/python3.12" >&2
    exit 1
}

# Debian's bare python3 has no ensurepip: `python3 -m venv` then fails, virtualenv or an installed pip still do.
create() {
    "$1" -m venv --clear .venv >/dev/null 2>&1 && return
    "$1" -m virtualenv --quiet --clear .venv >/dev/null 2>&1 && return
    rm -rf .venv
    say "$1 cannot create a virtual environment: its venv module lacks ensurepip, and virtualenv is not installed." >&2
    say "Debian/Ubuntu: apt install python3-venv; elsewhere: $1 -m pip install virtualenv" >&2
    exit 1
}

if [ -x .venv/bin/python ] && .venv/bin/python -c "$supported" >/dev/null 2>&1; then
    if [ "$(cat .venv/digest 2>/dev/null)" = "$(.venv/bin/python -c "$digest")" ]; then
        say ".venv is up to date"
        exit 0
    fi
    say "requirements.lock or pyproject.toml has changed: updating .venv"
else
    python=$(find_python)
    say "creating .venv with $python ($("$python" --version))"
    create "$python"
fi

say "installing $(grep -c '^[a-z0-9]' requirements.lock) locked packages (about a minute)"
PIP_DISABLE_PIP_VERSION_CHECK=1 .venv/bin/python -m pip install -qq --no-compile --no-deps --only-binary :all: \
    --require-hashes -r requirements.lock
PIP_DISABLE_PIP_VERSION_CHECK=1 .venv/bin/python -m pip install -qq --no-deps --no-build-isolation -e .
# pip compiles one file after another. Uncompiled they would be compiled by every process anew where
# PYTHONDONTWRITEBYTECODE is set: half of the time of a short run. Packages have templates that are no Python yet.
.venv/bin/python -m compileall -qq -j 0 -x '/tests?/' .venv/lib schemas filters pipelines datagen || true
.venv/bin/python -c "$digest" > .venv/digest
say "done: the program is .venv/bin/orchard"
