// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTest>
#include <functional>
#include <memory>

namespace stillpoint {

/// Runs a test of widgets: off screen unless the caller chose a platform, English numbers, and neither
/// settings nor folders of the person who runs it are touched. `make` is called with the application in
/// place.
int runUiTest(int argc, char** argv, const std::function<std::unique_ptr<QObject>()>& make);

}  // namespace stillpoint

/// main() of a test with widgets.
#define STILLPOINT_UI_TEST_MAIN(TestClass)                                                                \
    int main(int argc, char** argv) {                                                                     \
        QTEST_SET_MAIN_SOURCE_PATH                                                                        \
        return stillpoint::runUiTest(argc, argv, [] { return std::unique_ptr<QObject>(new TestClass); }); \
    }
