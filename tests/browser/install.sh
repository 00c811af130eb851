#!/bin/sh
# Installs Chromium from Debian's own packages, which the tests of the demo's page run in.
set -eu
if command -v chromium >/dev/null; then
  echo "Chromium is there: $(command -v chromium)"
elif ! command -v apt-get >/dev/null; then
  echo "This is not Debian: install Chromium by your system's own means, as /usr/bin/chromium." >&2
  exit 1
elif [ "$(id -u)" != 0 ]; then
  echo "Only root can install Chromium: sudo make browser" >&2
  exit 1
else
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium fonts-dejavu-core
fi
