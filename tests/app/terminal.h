// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <poll.h>
#include <pty.h>
#include <unistd.h>

#include <QByteArray>

namespace stillpoint::test {

/// The program's error stream on a terminal: progress is shown there, and Ctrl-C comes from there.
class Terminal {
 public:
    Terminal() { openpty(&ours_, &theirs_, nullptr, nullptr, nullptr); }
    ~Terminal() {
        ::close(ours_);
        closeTheirs();
    }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    bool isOpen() const { return ours_ >= 0; }
    int theirs() const { return theirs_; }
    void closeTheirs() {
        if (theirs_ >= 0) ::close(theirs_);
        theirs_ = -1;
    }
    /// Reads until the text has come; false when the other side is closed or nothing comes for long.
    bool waitFor(const QByteArray& text) {
        while (!seen_.contains(text)) {
            pollfd wait{ours_, POLLIN, 0};
            if (::poll(&wait, 1, 120000) <= 0) return false;
            char buffer[4096];
            const ssize_t count = ::read(ours_, buffer, sizeof buffer);
            if (count <= 0) return false;
            seen_.append(buffer, count);
        }
        return true;
    }
    const QByteArray& seen() const { return seen_; }

 private:
    int ours_ = -1;
    int theirs_ = -1;
    QByteArray seen_;
};

}  // namespace stillpoint::test
