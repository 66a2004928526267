// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/worker/mailbox.h"

#include <utility>

namespace stillpoint {

void Mailbox::post(Message message) {
    const std::lock_guard lock(mutex_);
    mail_.messages.push_back(std::move(message));
}

void Mailbox::postFrame(Frame frame) {
    std::optional<Frame> old(std::move(frame));
    const std::lock_guard lock(mutex_);
    mail_.frame.swap(old);
    // The frame that was overwritten dies after the lock is given back: freeing a big picture takes a while.
}

bool Mailbox::hasFrame() const {
    const std::lock_guard lock(mutex_);
    return mail_.frame.has_value();
}

Mailbox::Mail Mailbox::take() {
    Mail taken;
    const std::lock_guard lock(mutex_);
    std::swap(taken, mail_);
    return taken;
}

}  // namespace stillpoint
