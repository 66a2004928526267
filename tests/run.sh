#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds everything and runs all tests: tests/run.sh [PRESET] [CTEST ARGUMENTS...]
# PRESET is one of CMakePresets.json; without one: dev (float) and then verify (double, the solver's tests).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=../app/setup.sh
source app/setup.sh

stillpoint_setup_packages
# The same cache serves any checkout, wherever it lies.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
# Two processes share the cores while tests run side by side: threads that wait must sleep.
export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-passive}

run_preset() {
    local preset=$1
    shift
    cmake --preset "$preset" >build-"$preset".log 2>&1 || { cat build-"$preset".log; rm -f build-"$preset".log; exit 1; }
    rm -f build-"$preset".log
    cmake --build --preset "$preset"
    ctest --test-dir "build/$preset" --output-on-failure -j "$(nproc)" "$@"
}

if [ $# -gt 0 ]; then
    run_preset "$@"
else
    run_preset dev
    run_preset verify
fi
