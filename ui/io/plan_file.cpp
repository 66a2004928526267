// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/io/plan_file.h"

#include <QStandardPaths>

#include "solver/core/real.h"
#include "solver/run/plan_cache.h"

namespace stillpoint {

void keepPlansInUserCache() {
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation);
    if (folder.isEmpty()) return;
    const char* precision = sizeof(Real) == sizeof(double) ? "-double" : "";
    usePlanCache((folder + "/stillpoint/fft-plans" + precision).toStdString());
}

}  // namespace stillpoint
