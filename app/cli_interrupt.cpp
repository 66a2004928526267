// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_interrupt.h"

#include <atomic>
#include <chrono>
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

StopOnSignal::StopOnSignal()
    : watcher_([source = source_](const std::stop_token& ended) mutable {
          while (!ended.stop_requested() && signalThatCame() == 0)
              std::this_thread::sleep_for(std::chrono::milliseconds(20));
          if (signalThatCame() != 0) source.request_stop();
      }) {}

}  // namespace stillpoint::cli
