#!/bin/sh
# Install isobot into a folder of its own: the same steps on a machine and in the container image.
# Usage: deploy/install.sh /opt/isobot     (needs Python 3.11 or newer; another one with PYTHON=…)
set -eu

prefix=${1:?"usage: deploy/install.sh FOLDER, for example /opt/isobot"}
project=$(cd "$(dirname "$0")/.." && pwd)

"${PYTHON:-python3}" -m venv "$prefix"
pip="$prefix/bin/python -m pip --disable-pip-version-check --quiet install"
$pip --require-hashes --requirement "$project/requirements.lock"
# The build backend is among what is locked; nothing else is fetched.
$pip --no-deps --no-build-isolation "$project"
"$prefix/bin/isobot" check
