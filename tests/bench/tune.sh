#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# How near tuning by implicit gradients comes to the best of a fine grid: tests/bench/tune.sh CLI PICTURE...
# For each picture and three kernels (noise 0.01), Douglas-Rachford with total variation: the best PSNR of a grid over prior.lambda (a factor 1.5 apart,
# 1e-5 to 0.1), and what stillpoint-cli tune reaches from a weight 100 times too small and too large.
set -euo pipefail
cli=$1
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
rule=0.00063 # of TV at this noise: lambda = 0.1 sigma^1.1
printf '%-14s %-26s %9s %9s %9s %9s %9s\n' picture kernel grid 'grid dB' 'low dB' 'high dB' 'worst'
for picture in "$@"; do
    for kernel in gaussian:sigma=1.6 motion:length=15,angle=30 disk:radius=4; do
        problem=("$folder/b.tif" --kernel "$kernel" --reference "$picture" --noise-sigma 0.01 --iterator drs --prior tv)
        "$cli" simulate "$picture" -o "$folder/b.tif" --kernel "$kernel" --noise-sigma 0.01 --quiet
        rm -f "$folder/grid.csv"
        "$cli" sweep "${problem[@]}" --tolerance 1e-5 --max-iter 1000 --metric psnr --quiet \
            --over "prior.lambda=1e-5..0.1:x1.5" --csv "$folder/grid.csv" >/dev/null
        best=$(tail -n +2 "$folder/grid.csv" | sort -t, -k7,7g | tail -n 1)
        learned=()
        for factor in 0.01 100; do
            start=$(awk "BEGIN { print $rule * $factor }")
            learned+=("$("$cli" tune "${problem[@]}" --prior.lambda "$start" --save-recipe "$folder/r.txt" 2>/dev/null |
                sed -n 's/.*PSNR \([0-9.]*\) dB.*/\1/p')")
        done
        awk -v p="$(basename "$picture")" -v k="$kernel" -v b="$best" -v l="${learned[0]}" -v h="${learned[1]}" 'BEGIN {
            split(b, f, ","); worst = (l < h ? l : h) - f[7]
            printf "%-14s %-26s %9.6f %9.2f %9.2f %9.2f %+9.2f\n", p, k, f[1], f[7], l, h, worst }'
    done
done
