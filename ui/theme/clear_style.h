// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProxyStyle>

namespace stillpoint {

/// Fusion with what it draws too faintly or too coarsely drawn anew: the outlines of check boxes, radio
/// buttons and menus (Fusion makes them darker than the window, which on a dark palette nobody sees), the
/// buttons of dock titles (bitmaps of ten pixels) and of dialogs (black icons: now none). Cells of tables get
/// room between a number and the next column. Colours come from the palette.
class ClearStyle : public QProxyStyle {
    Q_OBJECT

 public:
    ClearStyle();

    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget = nullptr) const override;
    int pixelMetric(PixelMetric metric, const QStyleOption* option = nullptr,
                    const QWidget* widget = nullptr) const override;
    int styleHint(StyleHint hint, const QStyleOption* option = nullptr, const QWidget* widget = nullptr,
                  QStyleHintReturn* answer = nullptr) const override;
    QIcon standardIcon(StandardPixmap which, const QStyleOption* option = nullptr,
                       const QWidget* widget = nullptr) const override;
};

/// Gives the application this style if it has Fusion; a desktop's own style is left as it is. Call before the
/// first widget is made.
void wearClearStyle();

}  // namespace stillpoint
