#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sets up, builds and starts Stillpoint: app/run.sh [FILE...]
# Without a display, does the window's job on the terminal instead.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
binaries=$root/build/release/app

# shellcheck source=app/setup.sh
source "$root/app/setup.sh"

usage() {
    cat <<'TEXT'
Usage: app/run.sh [FILE...]

Installs what is missing (Debian), builds Stillpoint and opens its window with the pictures FILE..., or with a sample
picture. Without a display it restores the first FILE, or a sample, on the terminal and writes the results to out/.
TEXT
}

has_display() { [ -n "${DISPLAY:-}" ] || [ -n "${WAYLAND_DISPLAY:-}" ]; }

# A blurred and noisy version of the picture $1, restored: results go to out/.
restore_on_terminal() {
    local sharp=$1 out=$root/out kernel=$2 noise=$3
    "$binaries/stillpoint-cli" simulate "$sharp" -o "$out/blurred.tif" --kernel "$kernel" --noise-sigma "$noise" \
        --seed 1
    "$binaries/stillpoint-cli" restore "$out/blurred.tif" -o "$out/restored.png" --kernel "$kernel" --bits 16 \
        --reference "$sharp" --noise-sigma "$noise" --iterator hqs --prior denoiser --trace "$out/curve.csv" --plot "$out/curve.png" \
        --report "$out/report.json"
}

without_display() {
    local out=$root/out kernel=disk:radius=4 noise=0.01
    stillpoint_say "There is no display (DISPLAY and WAYLAND_DISPLAY are empty): the command-line program does the job."
    mkdir -p "$out"
    if [ $# -eq 0 ]; then
        stillpoint_say "Sample picture 'leaves', blurred ($kernel) and noisy ($noise), is restored:"
        "$binaries/stillpoint-cli" sample leaves -o "$out/sharp.png"
        restore_on_terminal "$out/sharp.png" "$kernel" "$noise"
    else
        stillpoint_say "'$1' is taken as sharp, blurred ($kernel), made noisy ($noise) and restored:"
        restore_on_terminal "$1" "$kernel" "$noise"
    fi
    stillpoint_say "The results are in $out: restored.png, curve.csv, curve.png, report.json, beside blurred.tif."
}

case "${1:-}" in
-h | --help)
    usage
    exit 0
    ;;
esac

# File names are meant from where the user stands.
files=()
for file in "$@"; do
    files+=("$(realpath -m -- "$file")")
done

cd "$root"
# shellcheck disable=SC2119  # no packages beyond the common ones
stillpoint_setup_packages
if has_display; then
    stillpoint_build release stillpoint stillpoint-cli
    [ ${#files[@]} -gt 0 ] || exec "$binaries/stillpoint" --sample leaves
    exec "$binaries/stillpoint" "${files[@]}"
fi
stillpoint_build release stillpoint-cli
without_display ${files[@]+"${files[@]}"}
