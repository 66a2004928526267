// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/io/tiff_memory.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

namespace stillpoint {

namespace {

TiffMemory* self(thandle_t handle) {
    return static_cast<TiffMemory*>(handle);
}

int ignoreWarning(TIFF*, void*, const char*, const char*, va_list) {
    return 1;
}
int keepOpen(thandle_t) {
    return 0;
}

}  // namespace

TiffMemory::TiffMemory(const QByteArray& file, const char* mode) : data_(file) {
    TIFFOpenOptions* options = TIFFOpenOptionsAlloc();
    TIFFOpenOptionsSetErrorHandlerExtR(options, &TiffMemory::fail, this);
    TIFFOpenOptionsSetWarningHandlerExtR(options, &ignoreWarning, nullptr);
    handle_ = TIFFClientOpenExt("picture", mode, this, &TiffMemory::read, &TiffMemory::write,
                                &TiffMemory::seek, &keepOpen, &TiffMemory::size, nullptr, nullptr, options);
    TIFFOpenOptionsFree(options);
}

TiffMemory::~TiffMemory() {
    if (handle_ != nullptr) TIFFClose(handle_);
}

QByteArray TiffMemory::close() {
    if (handle_ == nullptr) return {};
    TIFFClose(handle_);
    handle_ = nullptr;
    return message_.isEmpty() ? data_ : QByteArray();
}

tmsize_t TiffMemory::read(thandle_t handle, void* buffer, tmsize_t count) {
    TiffMemory& file = *self(handle);
    const qint64 left = std::max<qint64>(file.data_.size() - file.position_, 0);
    const qint64 amount = std::min<qint64>(left, count);
    if (amount > 0)
        std::memcpy(buffer, file.data_.constData() + file.position_, static_cast<std::size_t>(amount));
    file.position_ += amount;
    return amount;
}

tmsize_t TiffMemory::write(thandle_t handle, void* buffer, tmsize_t count) {
    TiffMemory& file = *self(handle);
    const qint64 end = file.position_ + count;
    if (end > file.data_.size()) file.data_.append(end - file.data_.size(), '\0');
    std::memcpy(file.data_.data() + file.position_, buffer, static_cast<std::size_t>(count));
    file.position_ = end;
    return count;
}

toff_t TiffMemory::seek(thandle_t handle, toff_t offset, int whence) {
    TiffMemory& file = *self(handle);
    const auto distance = static_cast<qint64>(offset);
    if (whence == SEEK_SET) file.position_ = distance;
    if (whence == SEEK_CUR) file.position_ += distance;
    if (whence == SEEK_END) file.position_ = file.data_.size() + distance;
    return static_cast<toff_t>(file.position_);
}

toff_t TiffMemory::size(thandle_t handle) {
    return static_cast<toff_t>(self(handle)->data_.size());
}

int TiffMemory::fail(TIFF*, void* user, const char*, const char* format, va_list arguments) {
    auto& file = *static_cast<TiffMemory*>(user);
    if (!file.message_.isEmpty()) return 1;
    std::array<char, 512> text{};
    std::vsnprintf(text.data(), text.size(), format, arguments);
    file.message_ = QString::fromUtf8(text.data());
    while (file.message_.endsWith('.')) file.message_.chop(1);
    return 1;
}

}  // namespace stillpoint
