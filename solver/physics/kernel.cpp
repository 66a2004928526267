// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/physics/kernel.h"

#include <algorithm>
#include <cmath>

#include "solver/physics/kernel_file.h"

namespace stillpoint {
namespace {

[[noreturn]] void refuse(const std::string& spec, const std::string& fault) {
    throw Error("kernel", "Kernel " + (spec.empty() ? std::string() : "'" + spec + "' ") + fault);
}

void checkSample(const std::string& spec, double value, int row, int column) {
    if (std::isfinite(value) && value >= 0) return;
    refuse(spec, "has the value " + toText(value) + " in row " + std::to_string(row + 1) + ", column " +
                     std::to_string(column + 1) + "; allowed are finite numbers from 0 upwards.");
}

void scaleToSumOne(const std::string& spec, Image& samples, int channel) {
    Plane plane = samples.plane(channel);
    const double sum = plane.cast<double>().sum();
    const std::string where = samples.channels() > 1 ? " in channel " + std::to_string(channel + 1) : "";
    if (sum == 0) refuse(spec, "is zero everywhere" + where + "; at least one value must be above 0.");
    plane = (plane.cast<double>() / sum).cast<Real>();
}

std::string familyNames() {
    std::string names;
    for (const auto& family : kernelFamilies()) names += (names.empty() ? "" : ", ") + family.name;
    return names;
}

}  // namespace

int Kernel::radius() const {
    // For odd and even sizes alike the far side of the centre is height / 2 pixels away.
    return std::max(pixels.height() / 2, pixels.width() / 2);
}

Kernel kernelFromPixels(Image samples, std::string spec) {
    if (samples.empty()) refuse(spec, "has no pixels; it needs at least one row and one column.");
    if (samples.channels() > 4)
        refuse(spec, "has " + std::to_string(samples.channels()) +
                         " channels; allowed are 1 (for all colours) to 4.");
    for (int c = 0; c < samples.channels(); ++c)
        for (int y = 0; y < samples.height(); ++y)
            for (int x = 0; x < samples.width(); ++x)
                checkSample(spec, static_cast<double>(samples.at(c, y, x)), y, x);
    for (int c = 0; c < samples.channels(); ++c) scaleToSumOne(spec, samples, c);
    return {std::move(samples), std::move(spec)};
}

Kernel makeKernel(const std::string& spec) {
    if (spec.empty())
        refuse(spec, "is empty; allowed are the families " + familyNames() + " and the name of a file.");
    const KernelSpec parsed = parseKernelSpec(spec);
    if (!parsed.family.empty())
        return kernelFromPixels(findKernelFamily(parsed.family)->make(parsed.values), toText(parsed));
    if (!kernelFileExists(spec))
        refuse(spec, "is neither a family nor a file: the families are " + familyNames() +
                         ", and no file of that name was found.");
    return kernelFromPixels(readKernelFile(spec), spec);
}

}  // namespace stillpoint
