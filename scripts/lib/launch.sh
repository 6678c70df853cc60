# shellcheck shell=bash
# Shared by the commands in scripts/. A command is three lines:
#
#   #!/usr/bin/env bash
#   . "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/lib/launch.sh"
#   launch scripts.<package> "$@"
#
# which runs <package> with the checkout's Python and the environment of `scripts/env`, in the caller's directory. Where
# the checkout has not been set up yet, the part that needs no Docker is set up first.
set -euo pipefail

root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/../.." && pwd -P)

# Imports are more than twice as slow without compiled files.
unset PYTHONDONTWRITEBYTECODE

# Run a module with the system's Python, which needs no package: for setup and env.
launch_with_system_python() {
    local candidate
    for candidate in python3 python3.13 python3.12 python3.11 python; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            PYTHONPATH="$root" exec "$candidate" -P -m "$@"
        fi
    done
    echo "Python 3.11 or later is needed: install it and run this again." >&2
    exit 1
}

# Run a module with the checkout's Python.
launch() {
    if [[ ! -f "$root/.venv/.penguinmails" ]]; then
        echo "Setting up this checkout first (scripts/setup --no-docker)." >&2
        "$root/scripts/setup" --no-docker >&2
    fi
    PYTHONPATH="$root" exec "$root/.venv/bin/python" -P -m scripts.toolchain.launch "$@"
}
