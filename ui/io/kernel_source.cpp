// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/io/kernel_source.h"

#include <QFile>

#include "solver/core/error.h"
#include "ui/io/container.h"
#include "ui/io/picture.h"

namespace stillpoint {

namespace {

/// By content: a text matrix may have any name.
bool isPictureFile(const QString& path) {
    constexpr qint64 kHead = 16;
    QFile file(path);
    return file.open(QIODevice::ReadOnly) && formatOfData(file.read(kHead)) != FileFormat::unknown;
}

Image greyOf(const Image& picture) {
    Image grey(1, picture.height(), picture.width());
    for (int c = 0; c < picture.channels(); ++c) grey.plane(0) += picture.plane(c);
    grey.plane(0) /= static_cast<Real>(picture.channels());
    return grey;
}

Image readKernelPicture(const QString& path) {
    try {
        return greyOf(*readPicture(path).image);
    } catch (const Error& error) {
        throw Error("kernel", error.what());  // the field at fault is the kernel's, not the input's
    }
}

}  // namespace

Kernel kernelFromSpec(const std::string& spec) {
    const QString path = QString::fromStdString(spec);
    if (!parseKernelSpec(spec).family.empty() || !isPictureFile(path)) return makeKernel(spec);
    return kernelFromPixels(readKernelPicture(path), spec);
}

}  // namespace stillpoint
