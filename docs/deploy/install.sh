#!/bin/sh
# Installs Citewell from the folder of this script, without a registry: sh install.sh [FOLDER]
set -eu
from=$(cd "$(dirname "$0")" && pwd)
to=${1:-citewell}
(cd "$from" && sha256sum --check --quiet SHA256SUMS)
"${PYTHON:-python3.11}" -m venv "$to/.venv"
"$to/.venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --find-links "$from/wheels" \
  "citewell[postgresql]"
if [ -d "$from/index" ]; then
  mkdir -m 700 "$to/.index"
  cp -R "$from/index/." "$to/.index"
fi
echo "Start the chat: cd $to && .venv/bin/python -m app"
