// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace stillpoint {

/// Lets the solver keep its measured Fourier plans in the user's cache folder (stillpoint/fft-plans). Call
/// once in main, after the application object.
void keepPlansInUserCache();

}  // namespace stillpoint
