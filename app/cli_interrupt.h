// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace stillpoint::cli {

/// From now on Ctrl-C (SIGINT) and SIGTERM only leave a note, the first time; a second one ends the program
/// as usual.
void watchSignals();
/// Number of the signal that came, or 0.
int signalThatCame();

}  // namespace stillpoint::cli
