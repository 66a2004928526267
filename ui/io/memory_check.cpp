// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/io/memory_check.h"

#include <QFile>
#include <algorithm>

#include "solver/core/error.h"
#include "solver/core/real.h"

namespace stillpoint {

namespace {

constexpr std::int64_t kGuess = std::int64_t{4} << 30;

/// Bytes of a line "MemAvailable:  123 kB" of /proc/meminfo, or the guess.
std::int64_t freeMemory() {
    QFile file("/proc/meminfo");
    if (!file.open(QIODevice::ReadOnly)) return kGuess;
    const QByteArray text = file.readAll();
    for (const QByteArray& line : text.split('\n')) {
        if (!line.startsWith("MemAvailable:")) continue;
        const QByteArray number = line.mid(13).trimmed().split(' ').first();
        bool ok = false;
        const qint64 kilobytes = number.toLongLong(&ok);
        if (ok) return kilobytes * 1024;
    }
    return kGuess;
}

/// A number in a file of the control group; -1 if there is none ("max").
std::int64_t groupNumber(const char* name) {
    QFile file(QString("/sys/fs/cgroup/") + name);
    if (!file.open(QIODevice::ReadOnly)) return -1;
    bool ok = false;
    const qint64 bytes = file.readAll().trimmed().toLongLong(&ok);
    return ok ? bytes : -1;
}

QString gigabytes(std::int64_t bytes) {
    const double value = static_cast<double>(bytes) / 1e9;
    return QString::number(value, 'f', value < 10 ? 1 : 0) + " GB";
}

}  // namespace

std::int64_t availableMemory() {
    const std::int64_t limit = groupNumber("memory.max");
    const std::int64_t used = groupNumber("memory.current");
    const std::int64_t free = freeMemory();
    if (limit < 0 || used < 0) return free;
    return std::min(free, std::max<std::int64_t>(limit - used, 0));
}

std::int64_t decodingMemory(const QSize& size) {
    constexpr std::int64_t kDecoder = 2 * 8;  // 16 bits in four channels, once more while turning
    constexpr std::int64_t kSamples = 4 * sizeof(Real);
    return std::int64_t{size.width()} * std::int64_t{size.height()} * (kDecoder + kSamples);
}

void requireDecodingMemory(const QSize& size, const QString& name) {
    const std::int64_t need = decodingMemory(size);
    const std::int64_t have = availableMemory();
    if (need <= have) return;
    throw Error("input",
                QString("Picture '%1' has %2 x %3 pixels: opening it needs about %4 of memory, but only %5 "
                        "are free. Crop it or scale it down first.")
                    .arg(name)
                    .arg(size.width())
                    .arg(size.height())
                    .arg(gigabytes(need), gigabytes(have))
                    .toStdString());
}

}  // namespace stillpoint
