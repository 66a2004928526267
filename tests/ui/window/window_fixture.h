// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QLineEdit>
#include <QTemporaryDir>
#include <QTest>
#include <QToolBar>

#include "tests/support/ui_main.h"
#include "ui/main_window.h"
#include "ui/params/number_box.h"
#include "ui/params/param_form.h"
#include "ui/view/message_bar.h"
#include "ui/view/picture_view.h"
#include "ui/window/docks.h"
#include "ui/window/progress_strip.h"
#include "ui/window/run_desk.h"

/// Waits, as long as a slow machine may need, for what other threads do.
#define PATIENTLY(condition) QTRY_VERIFY_WITH_TIMEOUT(condition, 60000)

namespace stillpoint::test {

/// Replaces a field's number as a person does.
inline void type(NumberBox* box, const QString& text) {
    auto* line = box->findChild<QLineEdit*>();
    box->setFocus();
    line->selectAll();
    QTest::keyClicks(line, text);
    QTest::keyClick(line, Qt::Key_Return);
}

/// The window, shown and active, with the hands that its tests need.
class WindowFixture {
 protected:
    std::unique_ptr<MainWindow> window_;
    QTemporaryDir folder_;

    void open() {
        QVERIFY(folder_.isValid());
        window_ = std::make_unique<MainWindow>();
        window_->resize(1200, 800);
        window_->show();
        QVERIFY(QTest::qWaitForWindowActive(window_.get()));
    }
    const RunEntry& run(int row) const { return *window_->runs().at(row); }
    std::size_t points(int row) const { return run(row).record.points.size(); }
    WorkerState state() const { return window_->desk().state(); }
    NumberBox* number(const char* key) const {
        return qobject_cast<NumberBox*>(window_->docks().solver()->row(key)->editor());
    }
    void choose(const char* key, const char* value) const {
        auto* combo = qobject_cast<QComboBox*>(window_->docks().solver()->row(key)->editor());
        combo->setCurrentIndex(combo->findData(value));
        emit combo->activated(combo->currentIndex());
    }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) const {
        window_->view()->setFocus();
        QTest::keyClick(window_->view(), key, modifiers);
    }
    void clickTool(QAction* action) const {
        auto* button = window_->findChild<QToolBar*>()->widgetForAction(action);
        QTest::mouseClick(button, Qt::LeftButton);
    }
    /// The next file dialog answers with this name.
    QString answer(const QString& name) {
        const QString path = folder_.filePath(name);
        window_->files().ask = [path](const FileQuestion&) { return path; };
        return path;
    }
};

}  // namespace stillpoint::test
