#!/usr/bin/env bash
# Run every check, also after one has failed, and name those that did.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
PATH="$PWD/.venv/bin:$PATH"
failed=()

check() {
  local name=$1; shift
  local started=$SECONDS output
  if output=$("$@" 2>&1); then
    echo "passed  $name ($((SECONDS - started)) s)"
  else
    echo "FAILED  $name: $*"; echo "$output"; failed+=("$name")
  fi
}

check "lint" ruff check --quiet .
check "format" ruff format --check --quiet .
check "types" mypy
check "imports" lint-imports
check "spelling" codespell
check "dependencies" deptry .
check "templates" djlint --lint --quiet core plugins
check "translations" hatnhan i18n check

if [ ${#failed[@]} -gt 0 ]; then echo "Not in order: ${failed[*]}."; exit 1; fi
echo "All checks passed."
