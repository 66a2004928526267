// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QString>
#include <QStringList>

#include "solver/core/param.h"

namespace stillpoint {

/// Editor of a text parameter with suggestions: a list of them, each with what it is, then the files that
/// were chosen before, then, where the parameter may name a file, "Open file…". Closed it shows the name
/// alone, its tool tip the rest; files go by their names and have their paths as tool tips.
class SuggestionBox : public QComboBox {
    Q_OBJECT

 public:
    explicit SuggestionBox(const ParamInfo& info, QWidget* parent = nullptr);

    /// The value: a suggestion's text or a file's path.
    QString text() const;
    /// Shows a value, which becomes a file of the list if it is none of the suggestions. Does not emit.
    void setText(const QString& text);
    /// Paths to offer beside the suggestions and the value.
    void setFiles(const QStringList& paths);

    void showPopup() override;

 signals:
    /// By the user. The box shows it already; setText() takes it back.
    void chosen(const QString& text);
    /// By the user: some file is to be asked for. The box still shows the value.
    void fileWanted();

 protected:
    /// A form that is scrolled must not change it by accident.
    void wheelEvent(QWheelEvent* event) override;
    void initStyleOption(QStyleOptionComboBox* option) const override;

 private:
    void fill();
    void add(const QString& value, const QString& name, const QString& whole, const QString& tip);
    void picked(int index);
    void showValue();

    const ParamInfo& info_;
    QString text_;
    QStringList files_;
};

}  // namespace stillpoint
