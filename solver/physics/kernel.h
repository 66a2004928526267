// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "solver/core/param.h"
#include "solver/image/image.h"

namespace stillpoint {

/// Point-spread function as a value. Pixels are channels x height x width, 1 channel (shared by all colours)
/// or one per colour; not negative, each channel sums to 1. The centre is pixel (height/2, width/2), integer
/// division. Blur is true convolution: light of a point is spread as the kernel's picture shows it.
struct Kernel {
    Image pixels;
    std::string spec;  ///< where it came from: "gaussian:sigma=1.6" or a file name

    Kernel clone() const { return {pixels.clone(), spec}; }
    /// Pixels of the picture's rim that depend on what lies beyond it: max of the distances centre to edge.
    int radius() const;
};

/// Checks samples (not empty, finite, none negative, not all zero; 1 to 4 channels) and scales each channel
/// to sum 1. Throws Error("kernel", sentence). Sizes are kept: even ones are allowed.
Kernel kernelFromPixels(Image samples, std::string spec);

/// A family of kernels with parameters. One entry in kernelFamilies() makes it available everywhere. The
/// families share one definition: a pixel's value is the share of the ideal spot's light that falls into the
/// pixel's square, the spot being centred on the middle of the centre pixel. Lengths are in pixels; angles
/// are in degrees, counter-clockwise as seen on the screen (rows count downwards), 0 pointing right. A
/// Gaussian reaches to 4 deviations, a diffraction pattern to 99 % of its light; a motion shorter than a
/// pixel along both axes is the identity.
struct KernelFamily {
    std::string name;   ///< "gaussian"
    std::string label;  ///< "Gaussian"
    std::string help;
    const ParamTable* table = nullptr;
    /// Pixels from the text values of the table's keys, already checked; missing keys mean defaults. Odd
    /// size, centred.
    std::function<Image(const std::map<std::string, std::string>& values)> make;
};
std::span<const KernelFamily> kernelFamilies();
const KernelFamily* findKernelFamily(std::string_view name);

/// "family:key=value,key=value" split up; `family` is empty when the text does not begin with a known
/// family's name followed by ':' or the end (then it is a file name).
struct KernelSpec {
    std::string family;
    std::map<std::string, std::string> values;
};
/// Throws Error("kernel", sentence) for an unknown key or a value out of range of a known family.
KernelSpec parseKernelSpec(const std::string& spec);
std::string toText(const KernelSpec& spec);

/// Kernel from a spec or from a text matrix file (rows of numbers separated by blanks, commas or tabs; '#'
/// starts a comment; see kernel_file.h). A family's name wins over a file of that name ("./box" is the file).
/// Throws Error("kernel", sentence). Pictures as kernels are decoded by the caller's
/// kernel source, which this function is the default of.
Kernel makeKernel(const std::string& spec);
using KernelSource = std::function<Kernel(const std::string& spec)>;

}  // namespace stillpoint
