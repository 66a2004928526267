// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <map>

#include "ui/backward/backward_panel.h"
#include "ui/view/picture_view.h"
#include "ui/window/run_desk.h"

namespace stillpoint {

/// Backward passes of runs: orders them, keeps what came of them with their runs, and shows those of the run
/// that is shown, in the panel and in the picture view. GUI thread.
class BackwardDesk : public QObject {
    Q_OBJECT

 public:
    BackwardDesk(Document& document, RunsModel& runs, RunDesk& desk, BackwardPanel& panel, PictureView& view);

    /// Why the gradient of the shown run cannot be computed now; empty if it can.
    QString whyNot() const;
    /// Ordered, or going on.
    bool isGoing() const;
    /// Null if there is none of that run.
    const BackwardResult* result(int run) const;

    void compute();
    /// The picture area shows the adjoint, or what it showed before.
    void showAdjoint(bool shown);

 signals:
    /// Something has begun that is to be seen in the panel.
    void began();
    /// What whyNot() or result() tell.
    void changed();

 private:
    void refresh();
    void onSteps(int run, const std::vector<BackwardStep>& steps);
    void onDone(const BackwardDone& message);
    void onFailed(const JobFailed& failure);

    Document& document_;
    RunsModel& runs_;
    RunDesk& desk_;
    BackwardPanel& panel_;
    PictureView& view_;
    std::map<int, BackwardResult> results_;
    PictureView::Compare before_ = PictureView::Compare::split;  ///< the adjoint was shown
};

}  // namespace stillpoint
