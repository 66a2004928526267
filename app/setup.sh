# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What a machine needs to build Stillpoint. Sourced by app/run.sh and tests/run.sh, which set -euo pipefail.

# Packages of Debian 12 to build and to run.
stillpoint_packages=(
    build-essential cmake ninja-build pkg-config
    qt6-base-dev qt6-svg-dev
    qt6-image-formats-plugins qt6-wayland
    libeigen3-dev libfftw3-dev libdnnl-dev nlohmann-json3-dev libqcustomplot-dev libtiff-dev libgl1-mesa-dev
    fonts-dejavu-core
)

stillpoint_say() { printf '%s\n' "stillpoint: $*" >&2; }

# Runs a command as the administrator.
stillpoint_as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        stillpoint_say "Administrator rights are needed for: $*"
        stillpoint_say "Become root (su -) and run it, then start this script again."
        return 1
    fi
}

# Prints those of the given packages that are not installed.
stillpoint_missing_packages() {
    local package
    for package in "$@"; do
        # "install ok installed", or a pin and the same
        if ! dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed$'; then
            printf '%s\n' "$package"
        fi
    done
}

# On systems without apt: tell what is needed if the build cannot find it, and go on when the tools are there.
stillpoint_check_other_system() {
    local tool missing=()
    for tool in cmake ninja c++; do
        command -v "$tool" >/dev/null || missing+=("$tool")
    done
    if [ ${#missing[@]} -eq 0 ]; then
        return 0
    fi
    stillpoint_say "This is not a Debian system, so nothing is installed for you; missing: ${missing[*]}."
    stillpoint_say "Needed: a C++20 compiler (g++ 12 or clang 14), CMake 3.25, Ninja, Qt 6.4 with the modules Base and Svg and"
    stillpoint_say "the image format plug-ins, Eigen 3.4, FFTW 3 (float and double, with OpenMP), oneDNN 2.6,"
    stillpoint_say "nlohmann-json 3, libtiff 4.5, QCustomPlot 2.1 for Qt 6, the DejaVu fonts. The packages of Debian 12 are called:"
    stillpoint_say "  $*"
    return 1
}

# Installs what is missing of stillpoint_packages and of the packages given. Quiet when nothing is missing.
stillpoint_setup_packages() {
    local packages=("${stillpoint_packages[@]}" "$@") missing
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        stillpoint_check_other_system "${packages[@]}"
        return
    fi
    mapfile -t missing < <(stillpoint_missing_packages "${packages[@]}")
    if [ ${#missing[@]} -eq 0 ]; then
        return 0
    fi
    stillpoint_say "Installing these Debian packages: ${missing[*]}"
    # Lists that are absent (a fresh container) or old: fetch them; where they are good, save the time.
    if ! apt-get install -s -q --no-install-recommends "${missing[@]}" >/dev/null 2>&1; then
        stillpoint_as_root apt-get update -q >&2
    fi
    if ! stillpoint_install "${missing[@]}"; then
        stillpoint_as_root apt-get update -q >&2
        if ! stillpoint_install "${missing[@]}"; then
            stillpoint_say "Installing failed. On systems other than Debian 12 packages may have other names."
            return 1
        fi
    fi
}

stillpoint_install() {
    stillpoint_as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >&2
}

# Configures a preset and builds targets: `stillpoint_build PRESET TARGET...`. Silent when there is nothing to do.
# Call it in the root of the repository.
stillpoint_build() {
    local preset=$1 folder log
    shift
    folder=build/$preset
    log=$folder/build.log
    mkdir -p "$folder"
    # Configured by another checkout at this place, or never finished: start clean.
    if [ ! -f "$folder/build.ninja" ]; then
        stillpoint_say "Configuring (preset $preset) ..."
        if ! cmake --preset "$preset" >"$log" 2>&1; then
            cat "$log" >&2
            stillpoint_say "Configuring failed; the lines above say what is missing."
            return 1
        fi
    fi
    if [[ $(cmake --build "$folder" --target "$@" -- -n 2>/dev/null) == *'no work to do'* ]]; then
        return 0
    fi
    stillpoint_say "Building $* (the first time takes some minutes) ..."
    if [ -t 2 ]; then
        cmake --build "$folder" --target "$@" >&2
    elif ! cmake --build "$folder" --target "$@" >"$log" 2>&1; then
        tail -n 60 "$log" >&2
        stillpoint_say "The build failed; all of its output is in $log."
        return 1
    fi
}
