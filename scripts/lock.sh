#!/bin/sh
# Writes package-lock.json from package.json alone. With packages installed, npm leaves out other platforms' binaries.
set -eu
cd "$(dirname "$0")/.."
new=$(mktemp -d)
trap 'rm -rf "$new"' EXIT
cp package.json .npmrc "$new"
if [ -e package-lock.json ]; then cp package-lock.json "$new"; fi
(cd "$new" && npm install --package-lock-only --ignore-scripts)
cp "$new/package-lock.json" package-lock.json
