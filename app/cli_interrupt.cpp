// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_interrupt.h"

#include <atomic>
#include <csignal>

namespace stillpoint::cli {

namespace {

std::atomic<int> came{0};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may only touch lock-free atomics");

void note(int number) {
    came.store(number);
}

}  // namespace

void watchSignals() {
    struct sigaction action {};
    action.sa_handler = note;
    sigemptyset(&action.sa_mask);
    action.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

int signalThatCame() {
    return came.load();
}

}  // namespace stillpoint::cli
