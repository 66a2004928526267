// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTest>

#include "solver/run/registry.h"

namespace stillpoint::test {

/// Data of a test that takes every iterator with every prior: columns "iterator" and "prior".
inline void addEveryMethod() {
    QTest::addColumn<QString>("iterator");
    QTest::addColumn<QString>("prior");
    for (const auto& iterator : Registry::builtin().iterators())
        for (const auto& prior : Registry::builtin().priors())
            QTest::addRow("%s %s", iterator.name.c_str(), prior.name.c_str())
                << QString::fromStdString(iterator.name) << QString::fromStdString(prior.name);
}

}  // namespace stillpoint::test
