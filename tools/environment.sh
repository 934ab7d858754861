#!/bin/sh
# Makes .venv with the Python given. Debian splits the means for that off its python3: fetched where root.
python=$1
if [ -z "$python" ]; then
  echo "Python 3.11 or newer is needed and none was found. Install it, or name it: make PYTHON=/path/to/python3.12" >&2
  exit 1
fi
[ -x .venv/bin/python ] && .venv/bin/python -m pip --version >/dev/null 2>&1 && exit 0
echo "Python environment in .venv, from $python"
rm -rf .venv
"$python" -m venv .venv >/dev/null 2>&1 && exit 0
rm -rf .venv
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get -qq update >/dev/null 2>&1
  apt-get -qq install -y --no-install-recommends python3-venv >/dev/null 2>&1
  "$python" -m venv .venv && exit 0
  rm -rf .venv
fi
echo "$python can't make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv" >&2
exit 1
