#!/bin/sh
# Prints the first Python that is new enough; with --explain it fails with advice where there is none.
case "$1" in
--no-venv)
  echo "This Python can't make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv" >&2
  exit 0 ;;
esac
for candidate in "$PYTHON" python3 python3.14 python3.13 python3.12 python3.11; do
  [ -n "$candidate" ] || continue
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    command -v "$candidate"
    exit 0
  fi
done
if [ "$1" = --explain ]; then
  echo "Python 3.11 or newer is needed and none was found. Install it, or name it: make PYTHON=/path/to/python3.12" >&2
  exit 1
fi
