// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <thread>
#include <vector>

#include "ui/worker/mailbox.h"

using namespace stillpoint;

namespace {

PointAdded point(JobId job, int iteration) {
    PointAdded added{job, {}};
    added.point.step.iteration = iteration;
    return added;
}

}  // namespace

class MailboxTest : public QObject {
    Q_OBJECT

 private slots:
    void emptyAtFirst() {
        Mailbox mailbox;
        QVERIFY(!mailbox.hasFrame());
        QVERIFY(mailbox.take().empty());
    }

    void messagesKeepTheirOrder() {
        Mailbox mailbox;
        mailbox.post(StateChanged{1, WorkerState::building});
        for (int i = 1; i <= 3; ++i) mailbox.post(point(1, i));
        const auto mail = mailbox.take();
        QCOMPARE(mail.messages.size(), std::size_t{4});
        QVERIFY(std::holds_alternative<StateChanged>(mail.messages[0]));
        for (std::size_t i = 1; i <= 3; ++i)
            QCOMPARE(std::get<PointAdded>(mail.messages[i]).point.step.iteration, static_cast<int>(i));
        QVERIFY(mailbox.take().empty());
    }

    void onlyTheNewestFrameStays() {
        Mailbox mailbox;
        const auto first = std::make_shared<const Image>(1, 2, 2);
        mailbox.postFrame({1, 1, 0.5, first});
        mailbox.postFrame({1, 2, 0.25, std::make_shared<const Image>(1, 2, 2)});
        QCOMPARE(first.use_count(), 1L);  // the mailbox has let go of it
        QVERIFY(mailbox.hasFrame());
        const auto mail = mailbox.take();
        QVERIFY(mail.frame.has_value());
        QCOMPARE(mail.frame->iteration, 2);
        QVERIFY(!mailbox.hasFrame());
    }

    void nothingIsLostBetweenThreads() {
        constexpr int kCount = 20000;
        Mailbox mailbox;
        std::jthread sender([&mailbox] {
            for (int i = 1; i <= kCount; ++i) {
                mailbox.post(point(1, i));
                if (i % 7 == 0) mailbox.postFrame({1, i, 0.0, std::make_shared<const Image>(1, 4, 4)});
            }
        });
        int expected = 1;
        int lastFrame = 0;
        while (expected <= kCount) {
            auto mail = mailbox.take();
            for (const Message& message : mail.messages)
                QCOMPARE(std::get<PointAdded>(message).point.step.iteration, expected++);
            if (!mail.frame) continue;
            QVERIFY(mail.frame->iteration > lastFrame);
            lastFrame = mail.frame->iteration;
            QVERIFY(lastFrame < expected);  // a frame never comes before its numbers
        }
        sender.join();
        const auto rest = mailbox.take();
        if (rest.frame) lastFrame = rest.frame->iteration;
        QCOMPARE(lastFrame, kCount / 7 * 7);
    }
};

QTEST_GUILESS_MAIN(MailboxTest)
#include "tst_mailbox.moc"
