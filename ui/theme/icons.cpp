// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/icons.h"

#include <QDir>
#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>
#include <algorithm>
#include <optional>

#include "ui/theme/palettes.h"

/// Resources of a static library must be pulled in by hand, from outside any namespace.
static void pullInIcons() {
    Q_INIT_RESOURCE(icons);
}

namespace stillpoint {

namespace {

QString fileOf(const QString& name) {
    return ":/icons/" + name + ".svg";
}

std::optional<Tone> toneOf(const QString& name) {
    if (name == "dialog-information") return Tone::info;
    if (name == "dialog-ok") return Tone::success;
    if (name == "dialog-warning") return Tone::warning;
    if (name == "dialog-error") return Tone::error;
    return {};
}

/// Draws an SVG whose `currentColor` is the palette's text at the time of painting.
class PaletteIconEngine : public QIconEngine {
 public:
    PaletteIconEngine(QString name, QByteArray svg) : name_(std::move(name)), svg_(std::move(svg)) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        const double ratio = painter->device()->devicePixelRatioF();
        painter->drawPixmap(rect, rendered(rect.size() * ratio, mode));
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State) override {
        return rendered(size, mode);
    }
    QSize actualSize(const QSize& size, QIcon::Mode, QIcon::State) override {
        const int side = std::min(size.width(), size.height());
        return {side, side};
    }
    QList<QSize> availableSizes(QIcon::Mode, QIcon::State) override {
        return {{16, 16}, {22, 22}, {24, 24}, {32, 32}, {48, 48}, {64, 64}, {128, 128}, {256, 256}};
    }
    QString key() const override { return "stillpoint"; }
    QString iconName() override { return name_; }
    bool isNull() override { return false; }
    QIconEngine* clone() const override { return new PaletteIconEngine(name_, svg_); }

 private:
    QColor colour(QIcon::Mode mode) const {
        const QPalette palette = QGuiApplication::palette();
        if (mode == QIcon::Disabled) return palette.color(QPalette::Disabled, QPalette::WindowText);
        if (mode == QIcon::Selected) return palette.color(QPalette::Active, QPalette::HighlightedText);
        if (const auto tone = toneOf(name_)) return toneColour(*tone, palette);
        return palette.color(QPalette::Active, QPalette::WindowText);
    }

    QPixmap rendered(const QSize& size, QIcon::Mode mode) const {
        const QColor ink = colour(mode);
        const QString cacheKey =
            QString("stillpoint %1 %2 %3 %4").arg(name_, ink.name()).arg(size.width()).arg(size.height());
        QPixmap pixmap;
        if (QPixmapCache::find(cacheKey, &pixmap)) return pixmap;
        QByteArray svg = svg_;
        svg.replace("currentColor", ink.name().toLatin1());
        QSvgRenderer renderer(svg);
        pixmap = QPixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        const int side = std::min(size.width(), size.height());
        renderer.render(&painter, QRectF((size.width() - side) / 2, (size.height() - side) / 2, side, side));
        painter.end();
        QPixmapCache::insert(cacheKey, pixmap);
        return pixmap;
    }

    QString name_;
    QByteArray svg_;
};

}  // namespace

QIcon icon(const QString& name) {
    pullInIcons();
    QFile file(fileOf(name));
    if (!file.open(QIODevice::ReadOnly)) return QIcon::fromTheme(name);
    return QIcon(new PaletteIconEngine(name, file.readAll()));
}

QStringList bundledIcons() {
    pullInIcons();
    QStringList names;
    for (const QString& file : QDir(":/icons").entryList({"*.svg"}, QDir::Files, QDir::Name))
        names << file.chopped(4);
    return names;
}

}  // namespace stillpoint
