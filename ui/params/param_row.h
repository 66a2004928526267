// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <QVector>
#include <QWidget>

#include "solver/core/param.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QToolButton;

namespace stillpoint {

class NumberBox;
class SuggestionBox;
class ValueSlider;

/// What a choice is called in a form, and why it cannot be chosen now (empty: it can).
struct ChoiceText {
    QString name;    ///< of the recipe: "tv"
    QString label;   ///< "Total variation"
    QString help;    ///< tool tip of the entry
    QString reason;  ///< "GD needs a prior with a gradient."
    bool operator==(const ChoiceText&) const = default;
};

/// One parameter in a form: label, editor, slider where one makes sense, a button back to the default. Made
/// from the parameter's description alone. Texts are those of recipes (C locale); what the user sees is in
/// the user's locale.
class ParamRow : public QWidget {
    Q_OBJECT

 public:
    /// `key` is the full key ("prior.lambda"). `choices` replaces the names of a choice; empty: as in the
    /// table. `param` must outlive the row. `marksRestart`: show which parameters need a restart.
    ParamRow(const QString& key, const Param& param, const QVector<ChoiceText>& choices = {},
             bool marksRestart = true, QWidget* parent = nullptr);

    const QString& key() const { return key_; }
    const Param& param() const { return param_; }

    /// Text of the value as it stands.
    QString text() const;
    /// Shows a value; an invalid text leaves the editor as it is. Does not emit; takes an error away.
    void setText(const QString& text);
    /// What the value would be if the user had not set it; the button back to it is there while the value
    /// differs. Call after setText().
    void setUntouched(const QString& untouched);
    void setChoices(const QVector<ChoiceText>& choices);
    /// Files to offer where the parameter may name one (ParamInfo::files).
    void setFiles(const QStringList& paths);

    /// Sentence under the field, in the colour of an error, until the value changes. Empty: none.
    void showError(const QString& sentence);
    QString error() const;
    void focusEditor();
    /// The widget that holds the value, for tests and tab order.
    QWidget* editor() const;

 signals:
    /// By the user only; `text` has passed the parameter's check.
    void changed(const QString& key, const QString& text);
    void resetRequested(const QString& key);
    /// By the user: a file is to be asked for.
    void fileRequested(const QString& key);

 protected:
    void contextMenuEvent(QContextMenuEvent* event) override;
    void changeEvent(QEvent* event) override;

 private:
    void makeEditor(const QVector<ChoiceText>& choices);
    void makeNumber();
    void place(bool marksRestart);
    void accept(const Value& value);
    void describe();
    void restyle();

    const QString key_;
    const Param& param_;
    QLabel* label_ = nullptr;
    QLabel* error_ = nullptr;
    QToolButton* reset_ = nullptr;
    NumberBox* number_ = nullptr;
    ValueSlider* slider_ = nullptr;
    QCheckBox* check_ = nullptr;
    QComboBox* combo_ = nullptr;
    QVector<ChoiceText> choices_;
    QLineEdit* line_ = nullptr;
    SuggestionBox* suggestions_ = nullptr;
};

}  // namespace stillpoint
