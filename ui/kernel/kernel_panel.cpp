// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/kernel/kernel_panel.h"

#include <QComboBox>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QVBoxLayout>

#include "solver/core/error.h"
#include "solver/physics/kernel.h"
#include "ui/io/kernel_source.h"
#include "ui/io/picture.h"
#include "ui/kernel/kernel_preview.h"
#include "ui/params/param_row.h"
#include "ui/theme/palettes.h"

namespace stillpoint {
namespace {

// Data of the combo box: a family's name, "file:PATH" for a file in use, or this.
const QString kAskFile = QStringLiteral("ask");
const QString kFilePrefix = QStringLiteral("file:");

QString askForFile(QWidget* parent) {
    QStringList patterns;
    for (const QString& ending : readableEndings()) patterns << "*." + ending;
    const QString filter =
        KernelPanel::tr("Kernels: pictures and text matrices (%1 *.txt *.csv);;All files (*)")
            .arg(patterns.join(' '));
    return QFileDialog::getOpenFileName(parent, KernelPanel::tr("Kernel from File"), {}, filter);
}

}  // namespace

KernelPanel::KernelPanel(QWidget* parent)
    : QWidget(parent),
      askFile([this] { return askForFile(this); }),
      family_(new QComboBox(this)),
      error_(new QLabel(this)),
      size_(new QLabel(this)),
      layout_(new QVBoxLayout(this)),
      preview_(new KernelPreview(this)) {
    family_->setObjectName("kernelFamily");
    family_->setAccessibleName(tr("Kernel family"));
    family_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    for (const KernelFamily& family : kernelFamilies()) {
        family_->addItem(QString::fromStdString(family.label), QString::fromStdString(family.name));
        family_->setItemData(family_->count() - 1, QString::fromStdString(family.help), Qt::ToolTipRole);
    }
    family_->insertSeparator(family_->count());
    family_->addItem(tr("From file…"), kAskFile);
    connect(family_, &QComboBox::activated, this, &KernelPanel::chosen);

    error_->setWordWrap(true);
    error_->hide();
    size_->setAlignment(Qt::AlignHCenter);
    auto* familyRow = new QWidget(this);
    auto* column = new QVBoxLayout(familyRow);
    column->setContentsMargins(0, 0, 0, 0);
    auto* label = new QLabel(tr("&Family"), this);
    label->setBuddy(family_);
    column->addWidget(label);
    column->addWidget(family_);

    layout_->setContentsMargins(10, 6, 10, 6);
    layout_->setSpacing(5);
    layout_->addWidget(familyRow);
    layout_->addWidget(error_);
    layout_->addWidget(preview_);
    layout_->addWidget(size_);
    layout_->addStretch(1);
    restyle();
    setSpec(QString::fromStdString(kernelFamilies().front().name));
}

void KernelPanel::setSpec(const QString& spec) {
    if (spec == spec_ && error().isEmpty()) return;
    try {
        const KernelSpec parsed = parseKernelSpec(spec.toStdString());
        if (parsed.family.empty()) {
            showFile(spec);
        } else {
            values_[parsed.family] = parsed.values;
            showFamily(QString::fromStdString(parsed.family));
        }
        spec_ = spec;
        rebuild();
    } catch (const Error& fault) {
        spec_ = spec;
        showError(QString::fromUtf8(fault.what()));
    }
}

QString KernelPanel::error() const {
    return error_->text();
}

void KernelPanel::showError(const QString& sentence) {
    error_->setText(sentence);
    error_->setVisible(!sentence.isEmpty());
}

ParamRow* KernelPanel::row(const QString& key) const {
    for (ParamRow* row : shown_)
        if (row->key() == key) return row;
    return nullptr;
}

void KernelPanel::chosen(int index) {
    const QString choice = family_->itemData(index).toString();
    QString spec;
    if (choice == kAskFile) {
        spec = askFile();
        if (spec.isEmpty()) {  // cancelled: as it was
            const QString before = spec_;
            spec_.clear();
            setSpec(before);
            return;
        }
    } else if (choice.startsWith(kFilePrefix)) {
        spec = choice.mid(kFilePrefix.size());
    } else {
        spec =
            QString::fromStdString(toText(KernelSpec{choice.toStdString(), values_[choice.toStdString()]}));
    }
    spec_.clear();
    setSpec(spec);
    emit specChanged(spec_);
}

void KernelPanel::showFamily(const QString& name) {
    family_->setCurrentIndex(family_->findData(name));
    const KernelFamily* family = findKernelFamily(name.toStdString());
    const auto& values = values_[family->name];
    const bool same = rows_ && rows_->objectName() == name;
    if (!same) {
        delete rows_;
        shown_.clear();
        rows_ = new QWidget(this);
        rows_->setObjectName(name);
        auto* column = new QVBoxLayout(rows_);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(2);
        for (const Param& param : family->table->params()) {
            auto* row = new ParamRow(QString::fromStdString(param.key), param, {}, false, rows_);
            connect(row, &ParamRow::changed, this, &KernelPanel::edited);
            connect(row, &ParamRow::resetRequested, this, [this, row](const QString& key) {
                row->setText(QString::fromStdString(toText(row->param().defaultValue)));
                edited(key, {});
            });
            column->addWidget(row);
            shown_.push_back(row);
        }
        layout_->insertWidget(layout_->count() - 1, rows_);
    }
    for (ParamRow* row : shown_) {
        const std::string untouched = toText(row->param().defaultValue);
        const auto value = values.find(row->key().toStdString());
        row->setText(QString::fromStdString(value != values.end() ? value->second : untouched));
        row->setUntouched(QString::fromStdString(untouched));
    }
}

void KernelPanel::showFile(const QString& name) {
    delete rows_;
    rows_ = nullptr;
    shown_.clear();
    const int ask = family_->findData(kAskFile);
    int index = family_->findData(kFilePrefix + name);
    if (index < 0) {
        family_->insertItem(ask, QFileInfo(name).fileName(), kFilePrefix + name);
        family_->setItemData(ask, name, Qt::ToolTipRole);
        index = ask;
    }
    family_->setCurrentIndex(index);
}

void KernelPanel::edited(const QString& key, const QString& text) {
    const std::string family = rows_->objectName().toStdString();
    auto& values = values_[family];
    if (text.isEmpty())
        values.erase(key.toStdString());
    else
        values[key.toStdString()] = text.toStdString();
    spec_ = QString::fromStdString(toText(KernelSpec{family, values}));
    if (ParamRow* shown = row(key))
        shown->setUntouched(QString::fromStdString(toText(shown->param().defaultValue)));
    rebuild();
    emit specChanged(spec_);
}

void KernelPanel::rebuild() {
    try {
        preview_->setKernel(kernelFromSpec(spec_.toStdString()));
        showError({});
    } catch (const Error& fault) {
        preview_->clear();
        showError(QString::fromUtf8(fault.what()));
    }
    size_->setText(preview_->sizeText());
}

void KernelPanel::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && error_) restyle();
}

void KernelPanel::restyle() {
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, toneColour(Tone::error, colours));
    error_->setPalette(colours);
}

}  // namespace stillpoint
