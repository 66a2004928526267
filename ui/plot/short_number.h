// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace stillpoint {

/// Up to three digits with the user's decimal sign: "0.215", "28.4", "2.15e-3", "1e-5". Zero is "0".
QString shortNumber(double value);

}  // namespace stillpoint
