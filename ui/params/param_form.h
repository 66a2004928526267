// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QString>
#include <QStringList>
#include <QWidget>
#include <functional>
#include <vector>

#include "ui/params/param_row.h"
#include "ui/params/recipe_draft.h"

class QVBoxLayout;

namespace stillpoint {

class Section;

/// The parameters of a recipe as a form: one section for each group of the registry that applies, one row for
/// each parameter. Knows no parameter by itself. Selecting another component changes the sections; sections
/// that stay keep their widgets (and the focus). The form writes into a RecipeDraft of its owner. Files that
/// a parameter may name are tried before they are taken: one that cannot be used is explained under its
/// field, and the value stays what it was; the last few that could be are offered again, also next time.
class ParamForm : public QWidget {
    Q_OBJECT

 public:
    /// `hidden`: keys of the registry that are edited elsewhere (the kernel). The draft must outlive the
    /// form.
    ParamForm(RecipeDraft& draft, const QStringList& hidden, const Registry& registry = Registry::builtin(),
              QWidget* parent = nullptr);

    /// Path of a file for the parameter, empty: cancelled. A dialog; replaced by tests.
    std::function<QString(const Param&)> askFile;

    /// Shows the draft as it is now; call after changing it from outside.
    void refresh();
    /// Keys that have a row now, from top to bottom.
    QStringList keys() const;
    ParamRow* row(const QString& key) const;

    /// Unfolds the section, gives the field the focus and shows the sentence under it. False if the form has
    /// no such key.
    bool focusField(const QString& key, const QString& sentence = {});

 signals:
    /// By the user: the draft has been changed.
    void changed(const QString& key, const QString& text);
    /// The user chose a field (for scrolling it into view).
    void fieldFocused(QWidget* row);

 private:
    struct Part {
        std::string prefix;
        const ParamTable* table = nullptr;
        Section* section = nullptr;
        std::vector<ParamRow*> rows;
        bool is(const ParamGroup& group) const { return prefix == group.prefix && table == group.table; }
    };

    Part makePart(const ParamGroup& group);
    ParamRow* makeRow(const std::string& key, const Param& param);
    QVector<ChoiceText> choices(const std::string& key, const Param& param) const;
    void rebuild();
    void take(ParamRow* row, const QString& text);
    void openFile(ParamRow* row);

    RecipeDraft& draft_;
    const Registry& registry_;
    QStringList hidden_;
    std::vector<Part> parts_;
    QMap<QString, bool> folded_;  ///< by title, kept while a section is away
    QVBoxLayout* layout_ = nullptr;
};

}  // namespace stillpoint
