// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QApplication>
#include <QLocale>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

/// main() of a test with widgets: off screen unless the caller chose a platform, English numbers, and neither
/// settings nor folders of the person who runs it are touched.
#define STILLPOINT_UI_TEST_MAIN(TestClass)                                                           \
    int main(int argc, char** argv) {                                                                \
        if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen"); \
        QStandardPaths::setTestModeEnabled(true);                                                    \
        const QTemporaryDir settings;                                                                \
        QSettings::setDefaultFormat(QSettings::IniFormat);                                           \
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, settings.path());             \
        QLocale::setDefault(QLocale::c());                                                           \
        QApplication app(argc, argv);                                                                \
        QApplication::setOrganizationName("Stillpoint");                                             \
        QApplication::setApplicationName("stillpoint-test");                                         \
        TestClass test;                                                                              \
        QTEST_SET_MAIN_SOURCE_PATH                                                                   \
        return QTest::qExec(&test, argc, argv);                                                      \
    }
