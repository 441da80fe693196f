#!/bin/sh
# Writes requirements.lock: the core and the extras `dev` and `teacher`, with hashes, for Linux and macOS and
# Python 3.11-3.13. The lock names no index and no host, so it installs from whatever index pip is set up for.
# Pass --upgrade to move to newer versions; without it, versions already in the lock stay.
set -eu
cd "$(dirname "$0")/.."
.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --override overrides.txt \
    --extra dev --extra teacher --no-header --no-emit-index-url --output-file requirements.lock "$@" pyproject.toml
