// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/params/param_form.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QSettings>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/params/section.h"

namespace stillpoint {

namespace {

constexpr int kMostFiles = 5;

QString settingsKey(const QString& key) {
    return "files/" + key;
}

/// Those that were chosen before and are still there, the latest first.
QStringList knownFiles(const QString& key) {
    QStringList files = QSettings().value(settingsKey(key)).toStringList();
    files.removeIf([](const QString& path) { return !QFileInfo(path).isFile(); });
    return files;
}

void rememberFile(const QString& key, const QString& path) {
    QStringList files = knownFiles(key);
    files.removeAll(path);
    files.prepend(path);
    QSettings().setValue(settingsKey(key), files.mid(0, kMostFiles));
}

QString askInDialog(QWidget* parent, const Param& param) {
    const QString label = QString::fromStdString(param.info.label);
    const QString filter =
        ParamForm::tr("%1 (%2);;All files (*)").arg(label, QString::fromStdString(param.info.files));
    return QFileDialog::getOpenFileName(parent, ParamForm::tr("%1 from File").arg(label), {}, filter);
}

}  // namespace

ParamForm::ParamForm(RecipeDraft& draft, const QStringList& hidden, const Registry& registry, QWidget* parent)
    : QWidget(parent),
      askFile([this](const Param& param) { return askInDialog(this, param); }),
      draft_(draft),
      registry_(registry),
      hidden_(hidden),
      layout_(new QVBoxLayout(this)) {
    layout_->setContentsMargins(6, 4, 6, 4);
    layout_->setSpacing(6);
    layout_->addStretch(1);
    refresh();
}

void ParamForm::refresh() {
    rebuild();
    const Recipe recipe = draft_.complete();
    for (const Part& part : parts_) {
        for (ParamRow* row : part.rows) {
            const std::string key = row->key().toStdString();
            row->setChoices(choices(key, row->param()));
            if (!row->param().info.files.empty()) row->setFiles(knownFiles(row->key()));
            row->setText(QString::fromStdString(recipe.find(key).value_or("")));
            row->setUntouched(QString::fromStdString(draft_.untouchedText(key)));
        }
    }
}

void ParamForm::rebuild() {
    const auto groups = registry_.groups(draft_.chosen());
    std::vector<Part> kept;
    for (const ParamGroup& group : groups) {
        const auto old =
            std::find_if(parts_.begin(), parts_.end(), [&](const Part& p) { return p.is(group); });
        if (old != parts_.end()) {
            kept.push_back(std::move(*old));
            parts_.erase(old);
            continue;
        }
        Part made = makePart(group);
        if (made.section) kept.push_back(std::move(made));
    }
    for (const Part& gone : parts_) {
        folded_[gone.section->title()] = !gone.section->isExpanded();
        gone.section->hide();
        gone.section->deleteLater();  // its own signal may have led here
    }
    parts_ = std::move(kept);
    for (std::size_t i = 0; i < parts_.size(); ++i) {
        const int place = static_cast<int>(i);
        if (layout_->indexOf(parts_[i].section) != place) {
            layout_->removeWidget(parts_[i].section);
            layout_->insertWidget(place, parts_[i].section);
        }
    }
    QWidget* before = nullptr;
    for (const Part& part : parts_) {
        for (ParamRow* row : part.rows) {
            if (before) setTabOrder(before, row->editor());
            before = row->editor();
        }
    }
}

ParamForm::Part ParamForm::makePart(const ParamGroup& group) {
    Part part{group.prefix, group.table, nullptr, {}};
    auto* content = new QWidget(this);
    auto* rows = new QVBoxLayout(content);
    rows->setContentsMargins(8, 0, 0, 4);
    rows->setSpacing(2);
    for (const Param& param : group.table->params()) {
        const std::string key = group.prefix + param.key;
        if (hidden_.contains(QString::fromStdString(key))) continue;
        part.rows.push_back(makeRow(key, param));
        rows->addWidget(part.rows.back());
    }
    if (part.rows.empty()) {
        delete content;
        return part;
    }
    const QString title = QString::fromStdString(group.title);
    part.section = new Section(title, content, this);
    part.section->setExpanded(!folded_.value(title, false));
    return part;
}

ParamRow* ParamForm::makeRow(const std::string& key, const Param& param) {
    auto* made = new ParamRow(QString::fromStdString(key), param, choices(key, param), true, this);
    connect(made, &ParamRow::changed, this,
            [this, made](const QString&, const QString& text) { take(made, text); });
    connect(made, &ParamRow::fileRequested, this, [this, made] { openFile(made); });
    connect(made, &ParamRow::resetRequested, this, [this](const QString& changedKey) {
        draft_.reset(changedKey.toStdString());
        refresh();
        const ParamRow* shown = row(changedKey);
        emit changed(changedKey, shown ? shown->text() : QString());
    });
    return made;
}

void ParamForm::take(ParamRow* row, const QString& text) {
    const QString key = row->key();
    const bool file = !row->param().info.files.empty();
    if (file) {
        RecipeDraft with = draft_;
        with.set(key.toStdString(), text.toStdString());
        for (const Issue& issue : registry_.check(with.chosen())) {
            if (issue.key != key.toStdString()) continue;
            refresh();
            row->showError(QString::fromStdString(issue.text));
            return;
        }
        if (QFileInfo(text).isFile()) rememberFile(key, text);
    }
    draft_.set(key.toStdString(), text.toStdString());
    refresh();
    emit changed(key, text);
}

void ParamForm::openFile(ParamRow* row) {
    const QString path = askFile(row->param());
    if (!path.isEmpty() && path != row->text()) take(row, path);
}

QVector<ChoiceText> ParamForm::choices(const std::string& key, const Param& param) const {
    QVector<ChoiceText> result;
    if (param.kind != ParamKind::choice) return result;
    const std::pair<const char*, std::span<const ComponentInfo>> lists[] = {
        {"iterator", registry_.iterators()},
        {"prior", registry_.priors()},
        {"fidelity", registry_.fidelities()}};
    for (const auto& [listKey, components] : lists) {
        if (key != listKey) continue;
        for (const ComponentInfo& component : components) {
            ChoiceText text{QString::fromStdString(component.name),
                            QString::fromStdString(component.label),
                            QString::fromStdString(component.help),
                            {}};
            RecipeDraft with = draft_;
            with.set(key, component.name);
            for (const Issue& issue : registry_.compatible(with.chosen()))
                text.reason += (text.reason.isEmpty() ? "" : " ") + QString::fromStdString(issue.text);
            result.push_back(text);
        }
    }
    return result;
}

QStringList ParamForm::keys() const {
    QStringList keys;
    for (const Part& part : parts_)
        for (const ParamRow* row : part.rows) keys << row->key();
    return keys;
}

ParamRow* ParamForm::row(const QString& key) const {
    for (const Part& part : parts_)
        for (ParamRow* row : part.rows)
            if (row->key() == key) return row;
    return nullptr;
}

bool ParamForm::focusField(const QString& key, const QString& sentence) {
    for (const Part& part : parts_) {
        for (ParamRow* row : part.rows) {
            if (row->key() != key) continue;
            part.section->setExpanded(true);
            row->showError(sentence);
            row->focusEditor();
            emit fieldFocused(row);
            return true;
        }
    }
    return false;
}

}  // namespace stillpoint
