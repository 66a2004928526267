// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSize>
#include <QString>
#include <cstdint>

namespace stillpoint {

/// Bytes this process may still take without pushing the machine into swapping; the smaller of the free
/// memory and the limit of the control group. A guess of 4 GiB where the system does not say.
std::int64_t availableMemory();

/// Bytes a picture takes while it is decoded: the decoder's pixels, a turned copy, and our samples.
std::int64_t decodingMemory(const QSize& size);

/// Throws Error("input", sentence) if decoding a picture of that size needs more than is available.
void requireDecodingMemory(const QSize& size, const QString& name);

}  // namespace stillpoint
