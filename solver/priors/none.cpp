// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/priors/none.h"

namespace stillpoint {

const ParamTable& NoneParams::table() {
    static const ParamTable table = ParamTableOf<NoneParams>();
    return table;
}

}  // namespace stillpoint
