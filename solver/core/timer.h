// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

namespace stillpoint {

/// Seconds since construction or the last restart().
class Timer {
 public:
    double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }
    void restart() { start_ = Clock::now(); }

 private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point start_ = Clock::now();
};

/// Adds the seconds of its own life to a sum.
class TimedScope {
 public:
    explicit TimedScope(double& sum) : sum_(sum) {}
    ~TimedScope() { sum_ += timer_.seconds(); }
    TimedScope(const TimedScope&) = delete;
    TimedScope& operator=(const TimedScope&) = delete;

 private:
    double& sum_;
    Timer timer_;
};

}  // namespace stillpoint
