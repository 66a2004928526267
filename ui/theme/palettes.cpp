// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/palettes.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace stillpoint {

namespace {

double luminance(const QColor& colour) {
    const auto linear = [](double v) {
        return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(static_cast<double>(colour.redF())) +
           0.7152 * linear(static_cast<double>(colour.greenF())) +
           0.0722 * linear(static_cast<double>(colour.blueF()));
}

/// The few colours that a palette is made of.
struct Ground {
    QColor window, base, alternate, button, text, faint, highlight, highlightedText, link, visited, light,
        dark;
};

QPalette paletteOf(const Ground& g) {
    QPalette palette;
    const auto set = [&](QPalette::ColorRole role, const QColor& colour) { palette.setColor(role, colour); };
    set(QPalette::Window, g.window);
    set(QPalette::WindowText, g.text);
    set(QPalette::Base, g.base);
    set(QPalette::AlternateBase, g.alternate);
    set(QPalette::ToolTipBase, g.button);
    set(QPalette::ToolTipText, g.text);
    set(QPalette::PlaceholderText, g.faint);
    set(QPalette::Text, g.text);
    set(QPalette::Button, g.button);
    set(QPalette::ButtonText, g.text);
    set(QPalette::BrightText, g.highlightedText);
    set(QPalette::Light, g.light);
    set(QPalette::Midlight, mixed(g.button, g.light, 0.5));
    set(QPalette::Mid, mixed(g.button, g.dark, 0.5));
    set(QPalette::Dark, g.dark);
    set(QPalette::Shadow, mixed(g.dark, Qt::black, 0.6));
    set(QPalette::Highlight, g.highlight);
    set(QPalette::HighlightedText, g.highlightedText);
    set(QPalette::Link, g.link);
    set(QPalette::LinkVisited, g.visited);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, mixed(g.text, g.window, 0.55));
    palette.setColor(QPalette::Disabled, QPalette::Highlight, mixed(g.dark, g.window, 0.3));
    palette.setColor(QPalette::Disabled, QPalette::HighlightedText, mixed(g.text, g.window, 0.3));
    return palette;
}

}  // namespace

QColor mixed(const QColor& a, const QColor& b, double t) {
    const auto at = [t](float from, float to) {
        return static_cast<float>(static_cast<double>(from) +
                                  t * (static_cast<double>(to) - static_cast<double>(from)));
    };
    return QColor::fromRgbF(at(a.redF(), b.redF()), at(a.greenF(), b.greenF()), at(a.blueF(), b.blueF()),
                            at(a.alphaF(), b.alphaF()));
}

double contrast(const QColor& a, const QColor& b) {
    const double la = luminance(a);
    const double lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

bool isDark(const QPalette& palette) {
    return luminance(palette.color(QPalette::WindowText)) > luminance(palette.color(QPalette::Window));
}

QPalette lightPalette() {
    return paletteOf({.window = QColor(0xf1f2f4),
                      .base = QColor(0xffffff),
                      .alternate = QColor(0xf6f7f9),
                      .button = QColor(0xf6f7f8),
                      .text = QColor(0x1c2126),
                      .faint = QColor(0x6b747d),
                      .highlight = QColor(0x2a6fc0),
                      .highlightedText = QColor(0xffffff),
                      .link = QColor(0x1f63b5),
                      .visited = QColor(0x6c4fa8),
                      .light = QColor(0xffffff),
                      .dark = QColor(0xaab0b7)});
}

QPalette darkPalette() {
    return paletteOf({.window = QColor(0x26292d),
                      .base = QColor(0x1b1d20),
                      .alternate = QColor(0x212428),
                      .button = QColor(0x32363b),
                      .text = QColor(0xe6e8ea),
                      .faint = QColor(0x969da5),
                      .highlight = QColor(0x3d80cf),
                      .highlightedText = QColor(0xffffff),
                      .link = QColor(0x6aa9f2),
                      .visited = QColor(0xb39ce0),
                      .light = QColor(0x464b52),
                      .dark = QColor(0x121416)});
}

QColor toneColour(Tone tone, const QPalette& palette) {
    static constexpr std::array<QRgb, 4> onLight = {0x2a6fc0, 0x1d7f4e, 0xa86200, 0xc02f2f};
    static constexpr std::array<QRgb, 4> onDark = {0x6aa9f2, 0x58c18b, 0xf0b040, 0xf2827c};
    const auto index = static_cast<std::size_t>(tone);
    return QColor(isDark(palette) ? onDark[index] : onLight[index]);
}

QColor toneFill(Tone tone, const QPalette& palette) {
    return mixed(palette.color(QPalette::Window), toneColour(tone, palette), isDark(palette) ? 0.2 : 0.13);
}

}  // namespace stillpoint
