// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <tiffio.h>

#include <QByteArray>
#include <QString>
#include <memory>

namespace stillpoint {

/// A TIFF file in memory, open for reading or writing. Libtiff's first message of failure is kept here and
/// not printed; its warnings are dropped.
class TiffMemory {
 public:
    /// Mode as for TIFFOpen. For reading, `file` must outlive this object.
    TiffMemory(const QByteArray& file, const char* mode);
    ~TiffMemory();
    TiffMemory(const TiffMemory&) = delete;
    TiffMemory& operator=(const TiffMemory&) = delete;

    /// Null if the file could not be opened.
    TIFF* handle() const { return handle_; }
    const QString& message() const { return message_; }
    /// Finishes writing and gives the file; empty after a failure.
    QByteArray close();

 private:
    static tmsize_t read(thandle_t self, void* buffer, tmsize_t count);
    static tmsize_t write(thandle_t self, void* buffer, tmsize_t count);
    static toff_t seek(thandle_t self, toff_t offset, int whence);
    static toff_t size(thandle_t self);
    static int fail(TIFF*, void* self, const char* where, const char* format, va_list arguments);

    QByteArray data_;
    qint64 position_ = 0;
    QString message_;
    TIFF* handle_ = nullptr;
};

}  // namespace stillpoint
