#!/usr/bin/env bash
# Write requirements.lock from pyproject.toml: for every system, with hashes, without addresses.
# `lock.sh --upgrade` renews all versions, to ones at least a week old; `--upgrade-package NAME` one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
.venv/bin/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 \
  --generate-hashes --no-emit-index-url --no-header --no-annotate --exclude-newer "7 days" \
  --quiet --output-file requirements.lock "$@"
exec bash tests/environment/setup.sh
