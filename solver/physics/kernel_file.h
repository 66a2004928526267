// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "solver/image/image.h"

namespace stillpoint {

/// Is there anything under this name?
bool kernelFileExists(const std::string& path);

/// Matrix of numbers in a text file as one plane, not normalised: one row a line, numbers in the C locale,
/// separated by blanks and tabs, commas or semicolons; '#' starts a comment; empty lines are skipped. At most
/// 4096 rows and columns. Numbers are divided by the largest one, so that none is lost in float. Throws
/// Error("kernel", sentence), which names the line, for what is not a number, an empty field, a line with
/// both commas and semicolons (decimal commas?) and rows of different lengths.
Image readKernelFile(const std::string& path);
/// The same from text in memory; `name` is what messages call it.
Image parseKernelMatrix(std::string_view text, const std::string& name);

}  // namespace stillpoint
