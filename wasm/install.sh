#!/usr/bin/env bash
# Installs what is missing, and only that: Debian 12 packages, then the node packages of package-lock.json.
# With --lint, the formatters and checkers of C++ too. (clang comes with emscripten anyway; its sanitizers do not.)
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(cmake ninja-build g++ emscripten clang-14 lld-14 libclang-rt-14-dev libeigen3-dev libboost-dev nlohmann-json3-dev doctest-dev
          xz-utils chromium fonts-dejavu-core)
if [ "${1:-}" = --lint ]; then packages+=(clang-format clang-tidy); fi

missing=()
for package in "${packages[@]}"; do
  dpkg -s "$package" 2>/dev/null | grep -q '^Status: install ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" -ne 0 ]; then
    echo "As root, please: apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq </dev/null
  apt-get install -y -qq --no-install-recommends "${missing[@]}" </dev/null
fi

stamp=node_modules/.installed-lock.json
if ! cmp -s package-lock.json "$stamp"; then
  npm ci --ignore-scripts --no-audit --no-fund </dev/null
  cp package-lock.json "$stamp"
fi
