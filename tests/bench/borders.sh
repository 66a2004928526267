#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What the border models are worth on what a camera sees: tests/bench/borders.sh CLI FOLDER [OPTIONS of evaluate]
# Each picture of FOLDER is a scene, blurred by five kernels of radius 10 and more and cut to what no light from beyond it
# reaches (noise 0.01); Douglas-Rachford with total variation restores it with each border model.
set -euo pipefail
cli=$1
folder=$2
shift 2
kernels=$(mktemp -d)
trap 'rm -rf "$kernels"' EXIT
# A matrix of size n, from `weight`, an awk expression of the offsets x and y, the mean over 8x8 points of each pixel.
matrix() {
    awk -v n="$2" 'function weight(x, y) { return '"$3"' }
        BEGIN {
            for (i = 0; i < n; ++i) {
                row = ""
                for (j = 0; j < n; ++j) {
                    sum = 0
                    for (a = 0.5; a < 8; ++a)
                        for (b = 0.5; b < 8; ++b) sum += weight(j + b / 8 - n / 2, n / 2 - i - a / 8)
                    row = row sprintf("%.6f ", sum / 64)
                }
                print row
            }
        }' >"$kernels/$1.txt"
}
# A line one pixel wide: within half the length along (c, s), within half a pixel across.
line() { echo "(x * $2 + y * $3)^2 <= ($1 / 2)^2 && (x * $3 - y * $2)^2 <= 0.25"; }
matrix disk-10 21 'x * x + y * y <= 100'
matrix box-21 21 '1'
matrix gaussian-4 25 'exp(-(x * x + y * y) / 32)'
matrix motion-25-30 25 "$(line 25 0.866025 0.5)"
matrix motion-31-110 31 "$(line 31 -0.342020 0.939693)"
for boundary in periodic reflect taper unknown; do
    echo "$boundary"
    "$cli" evaluate "$folder" --kernels "$kernels" --noise-sigma 0.01 --scene unknown --boundary "$boundary" \
        --iterator drs --prior tv --tolerance 1e-3 "$@" | tail -n 6
done
