// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stop_token>
#include <thread>

namespace stillpoint::cli {

/// From now on Ctrl-C (SIGINT) and SIGTERM only leave a note, the first time; a second one ends the program
/// as usual.
void watchSignals();
/// Number of the signal that came, or 0.
int signalThatCame();

/// A stop token that is requested within 20 ms after a signal came.
class StopOnSignal {
 public:
    StopOnSignal();
    std::stop_token token() const { return source_.get_token(); }

 private:
    std::stop_source source_;
    std::jthread watcher_;
};

}  // namespace stillpoint::cli
