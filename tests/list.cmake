# SPDX-License-Identifier: GPL-3.0-or-later
# core, image, physics

# fft, fixedpoint, fidelity, priors, iterators, run

# ui

# app

# layout
