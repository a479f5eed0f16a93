#!/bin/sh
# Draws clips of the base's worlds without end, 400 to a folder, on all cores but three: `sh assets/base-card/draw.sh CLIPS`.
set -eu
out=$1
mkdir -p "$out"
worker() {
  n=0
  while :; do
    seed=$((400000 + $1 * 1000 + n))
    node src/sample/clips-cli.ts --kind worlds --count 400 --seed $seed --heldout 0.03 --out "$out/.part-$seed" 2>/dev/null
    mv "$out/.part-$seed" "$out/set-$seed"
    n=$((n + 1))
  done
}
node src/sample/clips-cli.ts --kind worlds --count 1 --out "$out/.key" 2>/dev/null # the first makes the key
for core in $(seq $(($(nproc) - 3))); do worker "$core" & done
wait
