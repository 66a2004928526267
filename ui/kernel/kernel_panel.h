// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>
#include <functional>
#include <map>
#include <string>
#include <vector>

class QComboBox;
class QLabel;
class QVBoxLayout;

namespace stillpoint {

class KernelPreview;
class ParamRow;

/// Chooses the kernel: a family with sliders made from its parameters, or a file. The picture of the kernel
/// follows while a slider is dragged. Each family keeps its values while another one is chosen.
class KernelPanel : public QWidget {
    Q_OBJECT

 public:
    explicit KernelPanel(QWidget* parent = nullptr);

    /// As in a recipe: "gaussian:sigma=1.6" or a file name.
    QString spec() const { return spec_; }
    /// Shows a kernel; does not emit. A wrong spec is shown with its error.
    void setSpec(const QString& spec);
    /// Sentence if the kernel cannot be made, else empty.
    QString error() const;
    /// Sentence under the choice, for faults that show later (larger than the picture); the focus goes there.
    void showError(const QString& sentence);

    QComboBox* familyBox() const { return family_; }
    ParamRow* row(const QString& key) const;
    KernelPreview* preview() const { return preview_; }

    /// Asks for the name of a kernel file; empty when cancelled. Replaced by tests.
    std::function<QString()> askFile;

 signals:
    /// By the user.
    void specChanged(const QString& spec);

 protected:
    void changeEvent(QEvent* event) override;

 private:
    void chosen(int index);
    void showFamily(const QString& name);
    void showFile(const QString& name);
    void edited(const QString& key, const QString& text);
    void rebuild();
    void restyle();

    QString spec_;
    std::map<std::string, std::map<std::string, std::string>> values_;  ///< by family, touched ones only
    QComboBox* family_ = nullptr;
    QLabel* error_ = nullptr;
    QLabel* size_ = nullptr;
    QWidget* rows_ = nullptr;
    QVBoxLayout* layout_ = nullptr;
    std::vector<ParamRow*> shown_;
    KernelPreview* preview_ = nullptr;
};

}  // namespace stillpoint
