#!/bin/sh
# Chromium and Chinese fonts for the browser tests, from Debian where that is possible. Never fails:
# without them the product runs, and the browser tests say why they are skipped.
missing=""
command -v chromium >/dev/null 2>&1 || missing="chromium"
if command -v fc-list >/dev/null 2>&1; then
  [ -n "$(fc-list :lang=zh-cn family 2>/dev/null | head -n 1)" ] || missing="$missing fonts-noto-cjk"
else
  missing="$missing fontconfig fonts-noto-cjk"
fi
missing="${missing# }"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Browser for the tests, from Debian: $missing"
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086
  if apt-get -qq update >/dev/null 2>&1 && apt-get -qq install -y --no-install-recommends $missing >/dev/null 2>&1; then
    exit 0
  fi
  echo "Debian could not provide: $missing. The browser tests will be skipped." >&2
  exit 0
fi
echo "Browser tests will be skipped: no $missing. On Debian, as root: apt-get install $missing" >&2
exit 0
