// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>
#include <memory>

#include "solver/image/image.h"

namespace stillpoint {

/// The image area: the input, the newest estimate, the reference and the adjoint of a backward pass; input
/// and estimate compared by a split with a draggable divider or side by side, or one picture at a time.
///
/// Zoom is screen (device) pixels per picture pixel: 1 means one to one on every screen, also with a scale
/// factor. Mouse: wheel zooms to the cursor, left or middle button drags, double click changes between fit
/// and 1:1. Keys: arrows pan (Shift: a page), + and - zoom, 0 and Home fit, 1 is 1:1, B held shows the input.
/// The divider's handle is a child that takes the focus: arrows, Page, Home and End move it.
///
/// Pictures are shared, never changed and converted to screen colours only when they are about to be painted:
/// setting thirty estimates a second costs as much as painting them. 1 channel is grey, 3 and more are red,
/// green, blue; values are clipped to [0, 1] for display only; the adjoint, which has a sign, is coloured by
/// renderSigned(). All pictures shown have one size: setting one
/// of another width or height drops those of the old size and fits the view. GUI thread only.
class PictureView : public QWidget {
    Q_OBJECT

 public:
    enum class Compare { split, sideBySide, input, estimate, reference, adjoint };
    Q_ENUM(Compare)

    explicit PictureView(QWidget* parent = nullptr);
    ~PictureView() override;

    /// Null takes the picture away. An estimate of the same size as the last keeps zoom and position.
    void setInput(std::shared_ptr<const Image> picture);
    void setEstimate(std::shared_ptr<const Image> picture);
    void setReference(std::shared_ptr<const Image> picture);
    void setAdjoint(std::shared_ptr<const Image> picture);
    std::shared_ptr<const Image> input() const;
    std::shared_ptr<const Image> estimate() const;
    std::shared_ptr<const Image> reference() const;
    std::shared_ptr<const Image> adjoint() const;

    /// What the user asked for. As long as there is no estimate, both comparisons show the input alone; as
    /// long as there is no adjoint, the estimate is shown in its place.
    Compare compare() const;
    double zoom() const;
    /// True while the view fits the picture to its size by itself (until the user zooms).
    bool isFitted() const;
    /// "1:1", "1:2", "67 %", "300 %": as in the badge.
    QString zoomText() const;
    /// Position of the divider as a fraction of the view's width.
    double divider() const;

    /// Small label in a corner: "iterate 37 · residual 2.1e-3"; the view appends its zoom. Empty: zoom only.
    /// The adjoint has a label of its own, which tells the scale of its
    /// colours and the largest size.
    void setBadge(const QString& text);
    /// The label as drawn, zoom included; empty when there is no picture.
    QString badgeText() const;

    /// Picture coordinates (pixel centres at .5) of a point of the widget, and back. In side-by-side mode
    /// the way back leads to the left view.
    QPointF toPicture(QPointF widgetPoint) const;
    QPointF toWidget(QPointF picturePoint) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

 public slots:
    /// Takes all pictures and the badge away.
    void clear();
    void setCompare(stillpoint::PictureView::Compare compare);
    /// While held, the input is shown where the estimate would be (for a tool button's pressed/released; the
    /// B key does the same).
    void setBlink(bool held);
    void setDivider(double fraction);
    void zoomFit();
    void zoomActual();
    void zoomIn();
    void zoomOut();

 signals:
    void compareChanged(stillpoint::PictureView::Compare compare);
    void blinkChanged(bool held);
    void dividerChanged(double fraction);
    void zoomChanged(double zoom);
    /// The pixel under the cursor: column x, row y, sample values per channel with the user's decimal sign
    /// (unclipped; empty where there is no such picture, the adjoint's also while it is not shown). inside ==
    /// false: cursor outside, the rest is empty. Sent again when a new picture comes while the cursor rests.
    void pixelHovered(bool inside, int x, int y, const QString& inputValue, const QString& estimateValue,
                      const QString& adjointValue);

 protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

 private:
    struct Private;
    std::unique_ptr<Private> d_;
};

}  // namespace stillpoint
