// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/params/param_row.h"

#include <QAccessible>
#include <QCheckBox>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QStandardItemModel>
#include <QToolButton>
#include <cmath>

#include "ui/params/number_box.h"
#include "ui/params/number_text.h"
#include "ui/params/suggestion_box.h"
#include "ui/params/value_slider.h"
#include "ui/theme/icons.h"
#include "ui/theme/palettes.h"

namespace stillpoint {
namespace {

/// A combo box that a scrolling form cannot change by accident.
class QuietComboBox : public QComboBox {
 public:
    using QComboBox::QComboBox;

 protected:
    void wheelEvent(QWheelEvent* event) override { event->ignore(); }
};

QString localText(const Param& param, const QString& text) {
    bool ok = false;
    const double number = QLocale::c().toDouble(text, &ok);
    const bool numeric = param.kind == ParamKind::real || param.kind == ParamKind::integer;
    return numeric && ok ? numberText(number) : text;
}

/// "illustrated-name" as people read it.
QString spokenName(const std::string& name) {
    QString text = QString::fromStdString(name).replace('-', ' ');
    if (!text.isEmpty()) text[0] = text[0].toUpper();
    return text;
}

QString labelText(const ParamInfo& info) {
    QString text = QString::fromStdString(info.label);
    if (!info.symbol.empty()) text += ' ' + QString::fromStdString(info.symbol);
    if (!info.unit.empty()) text += " (" + QString::fromStdString(info.unit) + ')';
    return text;
}

}  // namespace

ParamRow::ParamRow(const QString& key, const Param& param, const QVector<ChoiceText>& choices,
                   bool marksRestart, QWidget* parent)
    : QWidget(parent), key_(key), param_(param) {
    setObjectName(key);
    makeEditor(choices);
    place(marksRestart);
    describe();
    restyle();
    setText(QString::fromStdString(toText(param.defaultValue)));
}

void ParamRow::makeEditor(const QVector<ChoiceText>& choices) {
    switch (param_.kind) {
        case ParamKind::real:
        case ParamKind::integer:
            makeNumber();
            break;
        case ParamKind::boolean:
            check_ = new QCheckBox(this);
            connect(check_, &QCheckBox::clicked, this, [this](bool on) { accept(on); });
            break;
        case ParamKind::choice:
            combo_ = new QuietComboBox(this);
            combo_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
            combo_->setMinimumContentsLength(8);
            setChoices(choices);
            connect(combo_, &QComboBox::activated, this,
                    [this] { accept(combo_->currentData().toString().toStdString()); });
            break;
        case ParamKind::text:
            if (!param_.info.suggestions.empty() || !param_.info.files.empty()) {
                suggestions_ = new SuggestionBox(param_.info, this);
                connect(suggestions_, &SuggestionBox::chosen, this,
                        [this](const QString& text) { accept(text.toStdString()); });
                connect(suggestions_, &SuggestionBox::fileWanted, this, [this] { emit fileRequested(key_); });
                break;
            }
            line_ = new QLineEdit(this);
            connect(line_, &QLineEdit::editingFinished, this, [this] {
                if (line_->isModified()) accept(line_->text().toStdString());
                line_->setModified(false);
            });
            break;
    }
}

void ParamRow::makeNumber() {
    const bool integer = param_.kind == ParamKind::integer;
    const NumberBox::Range range{param_.info.minimum, param_.info.maximum, param_.info.step,
                                 param_.info.scale == ParamScale::logarithmic, integer};
    const auto value = [integer](double number) {
        return integer ? Value(static_cast<std::int64_t>(std::llround(number))) : Value(number);
    };
    number_ = new NumberBox(range, this);
    if (ValueSlider::isUseful(range)) slider_ = new ValueSlider(range, this);
    connect(number_, &NumberBox::valueChanged, this, [this, value](double number) {
        if (slider_) slider_->setShownValue(number);
        accept(value(number));
    });
    if (!slider_) return;
    slider_->setShownValue(number_->value());  // a default that is the box's first value is never set again
    connect(slider_, &ValueSlider::dragged, this, [this, value](double number) {
        if (number_->value() == number) return;  // several positions may mean one number
        number_->setValue(number);
        accept(value(number));
    });
}

void ParamRow::place(bool marksRestart) {
    QString text = labelText(param_.info);
    if (marksRestart && param_.info.applies == ParamApplies::restart) text += QStringLiteral(" ↻");
    label_ = new QLabel(text, this);
    label_->setWordWrap(true);
    label_->setBuddy(editor());
    error_ = new QLabel(this);
    error_->setWordWrap(true);
    error_->hide();
    reset_ = new QToolButton(this);
    reset_->setIcon(icon("edit-undo"));
    reset_->setAutoRaise(true);
    reset_->setIconSize({12, 12});
    reset_->setFixedSize(18, 18);
    reset_->setFocusPolicy(Qt::TabFocus);
    QSizePolicy keeps = reset_->sizePolicy();
    keeps.setRetainSizeWhenHidden(true);
    reset_->setSizePolicy(keeps);
    reset_->hide();
    connect(reset_, &QToolButton::clicked, this, [this] { emit resetRequested(key_); });

    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 2, 0, 2);
    grid->setHorizontalSpacing(4);
    grid->setVerticalSpacing(1);
    grid->setColumnStretch(0, 1);
    // The button stands before the number, so that all right edges are in line.
    const bool wide = combo_ || line_ || suggestions_;
    grid->addWidget(label_, 0, 0);
    grid->addWidget(reset_, 0, wide ? 2 : 1);
    if (wide)
        grid->addWidget(editor(), 1, 0, 1, 3);
    else
        grid->addWidget(editor(), 0, 2);
    if (slider_) grid->addWidget(slider_, 1, 0, 1, 3);
    grid->addWidget(error_, 2, 0, 1, 3);
}

void ParamRow::describe() {
    const ParamInfo& info = param_.info;
    QString tip = "<p><b>" + labelText(info).toHtmlEscaped() + "</b></p><p>" +
                  QString::fromStdString(info.help).toHtmlEscaped() + "</p><p>";
    if (param_.kind != ParamKind::text && param_.kind != ParamKind::boolean)
        tip += tr("Allowed: %1").arg(QString::fromStdString(allowedText(param_)).toHtmlEscaped()) + "<br>";
    tip += info.applies == ParamApplies::live ? tr("Acts at the next iteration of a run.")
                                              : tr("↻ Needs a restart of the run.");
    tip += "<br>" + tr("Key: %1").arg(key_.toHtmlEscaped()) + "</p>";
    setToolTip(tip);
    const QString name = labelText(info);
    for (QWidget* widget : std::initializer_list<QWidget*>{number_, check_, combo_, line_, suggestions_}) {
        if (!widget) continue;
        widget->setAccessibleName(name);
        widget->setAccessibleDescription(QString::fromStdString(info.help));
    }
    if (slider_) slider_->setAccessibleName(tr("%1, slider").arg(name));
}

QWidget* ParamRow::editor() const {
    if (number_) return number_;
    if (check_) return check_;
    if (combo_) return combo_;
    if (suggestions_) return suggestions_;
    return line_;
}

void ParamRow::accept(const Value& value) {
    const std::string text = toText(value);
    const auto parsed = parseValue(param_, key_.toStdString(), text);
    if (const auto* issue = std::get_if<Issue>(&parsed)) {
        showError(QString::fromStdString(issue->text));
        return;
    }
    showError({});
    emit changed(key_, QString::fromStdString(text));
}

QString ParamRow::text() const {
    if (number_) {
        if (param_.kind == ParamKind::real) return QString::fromStdString(toText(number_->value()));
        return QString::number(std::llround(number_->value()));
    }
    if (check_) return QString::fromStdString(toText(Value(check_->isChecked())));
    if (combo_) return combo_->currentData().toString();
    if (suggestions_) return suggestions_->text();
    return line_->text();
}

void ParamRow::setText(const QString& text) {
    const auto parsed = parseValue(param_, key_.toStdString(), text.toStdString());
    const auto* value = std::get_if<Value>(&parsed);
    if (!value) return;
    showError({});
    if (text == this->text()) return;
    if (number_) {
        const auto* whole = std::get_if<std::int64_t>(value);
        number_->setValue(whole ? static_cast<double>(*whole) : std::get<double>(*value));
        if (slider_ && !slider_->isSliderDown()) slider_->setShownValue(number_->value());
    } else if (check_) {
        check_->setChecked(std::get<bool>(*value));
    } else if (combo_) {
        combo_->setCurrentIndex(combo_->findData(text));
    } else if (suggestions_) {
        suggestions_->setText(text);
    } else {
        line_->setText(text);
    }
}

void ParamRow::setUntouched(const QString& untouched) {
    const QString tip = tr("Back to %1").arg(localText(param_, untouched));
    reset_->setToolTip(tip);
    reset_->setAccessibleName(labelText(param_.info) + ": " + tip);
    reset_->setVisible(text() != untouched);
}

void ParamRow::setChoices(const QVector<ChoiceText>& choices) {
    if (!combo_ || (combo_->count() > 0 && choices == choices_)) return;
    choices_ = choices;
    const QVariant current = combo_->currentData();
    combo_->clear();
    for (const std::string& name : param_.choices) {
        ChoiceText text{QString::fromStdString(name), spokenName(name), {}, {}};
        for (const ChoiceText& choice : choices)
            if (choice.name == text.name) text = choice;
        combo_->addItem(text.label, text.name);
        const int row = combo_->count() - 1;
        combo_->setItemData(row, text.reason.isEmpty() ? text.help : text.reason, Qt::ToolTipRole);
        auto* item = qobject_cast<QStandardItemModel*>(combo_->model())->item(row);
        if (!text.reason.isEmpty()) item->setFlags(item->flags() & ~Qt::ItemIsEnabled);
    }
    if (current.isValid()) combo_->setCurrentIndex(combo_->findData(current));
}

void ParamRow::setFiles(const QStringList& paths) {
    if (suggestions_) suggestions_->setFiles(paths);
}

void ParamRow::showError(const QString& sentence) {
    error_->setText(sentence);
    error_->setVisible(!sentence.isEmpty());
    if (sentence.isEmpty()) return;
    QAccessibleEvent alert(error_, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

QString ParamRow::error() const {
    return error_->text();
}

void ParamRow::focusEditor() {
    editor()->setFocus(Qt::OtherFocusReason);
    if (number_) number_->selectAll();
    if (line_) line_->selectAll();
}

void ParamRow::contextMenuEvent(QContextMenuEvent* event) {
    QMenu menu(this);
    QAction* back = menu.addAction(icon("edit-undo"), reset_->toolTip());
    back->setEnabled(!reset_->isHidden());
    if (menu.exec(event->globalPos()) == back) emit resetRequested(key_);
}

void ParamRow::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && error_) restyle();
}

void ParamRow::restyle() {
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, toneColour(Tone::error, colours));
    error_->setPalette(colours);
}

}  // namespace stillpoint
