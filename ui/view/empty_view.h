// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QString>
#include <QVector>
#include <QWidget>

class QLabel;
class QPushButton;

namespace stillpoint {

class FlowLayout;

/// One sample on the start page.
struct SampleCard {
    QString id;           ///< handed back by sampleChosen
    QString title;        ///< "Resolution chart"
    QString description;  ///< one short line
    QImage thumbnail;     ///< any size; the card shows its middle
};

/// Start page of the image area, shown while there is no picture: what to do, buttons to open and paste, and
/// sample cards. Scrolls when it does not fit. Drops are left to the parent. GUI thread only.
class EmptyView : public QWidget {
    Q_OBJECT

 public:
    explicit EmptyView(QWidget* parent = nullptr);

    /// Replaces all cards. May be called again as thumbnails come in.
    void setSamples(const QVector<SampleCard>& samples);
    /// Whether the clipboard holds a picture; the button is greyed out otherwise.
    void setPasteEnabled(bool enabled);
    /// Highlights the page while a file is dragged over the window.
    void setDropHighlight(bool on);

    QSize minimumSizeHint() const override;

 signals:
    void openRequested();
    void pasteRequested();
    void sampleChosen(const QString& id);

 protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

 private:
    void build();
    void restyle();
    /// Leaves out what is only decoration where there is little room.
    void makeRoom();

    QLabel* icon_ = nullptr;
    QLabel* title_ = nullptr;
    QLabel* hint_ = nullptr;
    QLabel* samplesTitle_ = nullptr;
    QPushButton* open_ = nullptr;
    QPushButton* paste_ = nullptr;
    FlowLayout* cards_ = nullptr;
    bool dropHighlight_ = false;
};

}  // namespace stillpoint
