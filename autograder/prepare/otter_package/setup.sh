#!/usr/bin/env bash
# Builds the grading environment once, in the image (Debian or Ubuntu, as root): a Python that Debian's packages provide,
# the pinned packages of requirements.txt, torch for the CPU. Nothing else is fetched.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"
here="$root/source"
torch_index="${TORCH_INDEX_URL:-https://download.pytorch.org/whl/cpu}"

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
python=""
for version in 3.13 3.12 3.11; do
    if apt-cache show "python$version-venv" >/dev/null 2>&1; then
        apt-get install -y -qq --no-install-recommends "python$version" "python$version-venv" libseccomp2
        python="python$version"
        break
    fi
done
if [ -z "$python" ]; then
    echo "setup.sh: no Python 3.11 or newer in this image's packages; choose a newer base image (Ubuntu 22.04, Debian 12)." >&2
    exit 1
fi

"$python" -m venv "$root/venv"
pip="$root/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-cache-dir"
torch="$(grep '^torch==' "$here/requirements.txt")"
$pip --index-url "$torch_index" "$torch"
$pip --requirement "$here/requirements.txt"
PYTHONPATH="$here/files/convgrade" "$root/venv/bin/python" -P -c 'import torch, msgspec, yaml; print("ready: torch", torch.__version__)'
