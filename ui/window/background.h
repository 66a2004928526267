// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMetaObject>
#include <QObject>
#include <QThreadPool>
#include <functional>
#include <memory>
#include <utility>

namespace stillpoint {

/// Short jobs beside the GUI thread: decoding and encoding files, thumbnails. The destructor waits for what
/// has begun; results of jobs that end later than that are dropped. (The solver has its own thread.)
class Background : public QObject {
    Q_OBJECT

 public:
    explicit Background(QObject* parent = nullptr) : QObject(parent) { pool_.setMaxThreadCount(2); }
    ~Background() override {
        pool_.clear();
        pool_.waitForDone();
    }

    /// Runs `job` elsewhere, then `done` with its result in the GUI thread. `job` must not throw.
    template <class Job, class Done>
    void start(Job job, Done done) {
        ++running_;
        pool_.start([this, job = std::move(job), done = std::move(done)]() mutable {
            using Result = decltype(job());
            auto result = std::make_shared<Result>(job());
            QMetaObject::invokeMethod(
                this,
                [this, result, done = std::move(done)]() mutable {
                    --running_;
                    done(std::move(*result));
                },
                Qt::QueuedConnection);
        });
    }
    /// GUI thread only.
    bool isBusy() const { return running_ > 0; }

 private:
    int running_ = 0;
    QThreadPool pool_;
};

}  // namespace stillpoint
