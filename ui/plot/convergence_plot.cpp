// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/convergence_plot.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cassert>

#include "ui/plot/convergence_plot_p.h"
#include "ui/theme/icons.h"

namespace stillpoint {

namespace {

/// "PSNR (dB)"
QString columnTitle(const CurveColumn& column) {
    const QString unit = column.unit;
    return unit.isEmpty() ? QString(column.label) : QString("%1 (%2)").arg(column.label, unit);
}

}  // namespace

ConvergencePlot::Private::Private(ConvergencePlot* plot, Curves curves)
    : q(plot),
      residualOnly(curves == Curves::residualOnly),
      lowerColumn(columnIndex("psnr")),
      iterationName(tr("Iteration")) {}

RunCurve* ConvergencePlot::Private::find(int id) const {
    const auto found =
        std::find_if(runs.begin(), runs.end(), [id](const auto& run) { return run->id() == id; });
    return found == runs.end() ? nullptr : found->get();
}

void ConvergencePlot::Private::buildHeader(QLayout* row) {
    legend = new LegendStrip(q);
    columnBox = new QComboBox(q);
    for (const CurveColumn& column : curveColumns())
        if (columnIndex(column.key) != kResidualColumn)
            columnBox->addItem(columnTitle(column), QString(column.key));
    columnBox->setToolTip(tr("Curve in the lower plot"));
    columnBox->setAccessibleName(tr("Curve in the lower plot"));
    allButton = new QToolButton(q);
    allButton->setIcon(icon("zoom-fit-best"));
    allButton->setAutoRaise(true);
    allButton->setEnabled(false);
    allButton->setToolTip(tr("Show all iterations and follow the run (double click in the plot)"));
    allButton->setAccessibleName(tr("Show all iterations"));
    row->addWidget(legend);
    row->addWidget(columnBox);
    row->addWidget(allButton);
    // A small plot of one curve: what it shows is said around it, and a double click shows everything.
    for (QWidget* widget : std::initializer_list<QWidget*>{legend, columnBox, allButton})
        widget->setHidden(residualOnly);
    connect(allButton, &QToolButton::clicked, q, &ConvergencePlot::showAll);
    connect(columnBox, &QComboBox::activated, q,
            [this] { q->setLowerColumn(columnBox->currentData().toString()); });
}

void ConvergencePlot::Private::build() {
    auto* column = new QVBoxLayout(q);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(8, residualOnly ? 0 : 2, 4, 0);
    row->setSpacing(10);
    buildHeader(row);
    column->addLayout(row);
    canvas = new QCustomPlot(q);
    canvas->setFocusPolicy(Qt::StrongFocus);
    canvas->setMouseTracking(true);
    canvas->setMinimumSize(120, 80);
    canvas->setAccessibleName(tr("Convergence plot"));
    canvas->installEventFilter(q);
    column->addWidget(canvas, 1);
    overlay = new PlotOverlay(canvas);
    buildAxes();
    q->setFocusProxy(canvas);
    connect(canvas, &QCustomPlot::afterReplot, q, [this] {
        overlay->setAreas(upper->rect(), residualOnly ? QRect() : lower->rect());
        overlay->setReadOut(hovered ? readOutAt(*hovered) : ReadOut{});
    });
    columnBox->setCurrentIndex(columnBox->findData("psnr"));
}

ConvergencePlot::ConvergencePlot(QWidget* parent, Curves curves)
    : QWidget(parent), d_(std::make_unique<Private>(this, curves)) {
    setAccessibleName(tr("Convergence"));
    d_->build();
    d_->labelLowerAxis();
    d_->restyle(palette(), false);
    d_->runsChanged();
}

ConvergencePlot::~ConvergencePlot() = default;

/// After runs came, went or changed their looks.
void ConvergencePlot::Private::runsChanged() {
    QVector<LegendStrip::Entry> entries;
    for (const auto& run : runs)
        if (run->isVisible()) entries.append({run->name(), run->colour(), run->dash(), run->id() == current});
    legend->setEntries(entries);
    describe(static_cast<int>(entries.size()));
    emphasise();
    chooseColumnByData();
    refresh();
}

void ConvergencePlot::Private::describe(int visibleRuns) {
    const QString keys = tr("Arrows move the cross-hair, plus and minus zoom, Home shows everything.");
    const QString what = residualOnly
                             ? tr("Residual of %n run(s) over: %1.", nullptr, visibleRuns).arg(iterationName)
                             : tr("Residual and %1 over the iterations of %n run(s).", nullptr, visibleRuns)
                                   .arg(curveColumns()[lowerColumn].label);
    canvas->setAccessibleDescription(what + ' ' + keys);
}

void ConvergencePlot::Private::emphasise() {
    const bool some = find(current) != nullptr;
    for (const auto& run : runs)
        if (run->id() != current) run->setEmphasis(false, some);
    if (some) find(current)->setEmphasis(true, true);
}

void ConvergencePlot::Private::chooseColumn(std::size_t column) {
    if (column == lowerColumn) return;
    lowerColumn = column;
    const QString key = curveColumns()[column].key;
    columnBox->setCurrentIndex(columnBox->findData(key));
    for (const auto& run : runs) run->showLower(column);
    labelLowerAxis();
    // A new quantity has nothing to do with the range that was zoomed to in the old one.
    values(lower)->setRange(fullValueRange(lower));
    emit q->lowerColumnChanged(key);
}

void ConvergencePlot::Private::chooseColumnByData() {
    if (columnChosen) return;
    const std::size_t psnr = columnIndex("psnr");
    const std::size_t misfit = columnIndex("misfit");
    const auto has = [this](std::size_t column) {
        return std::any_of(runs.begin(), runs.end(), [column](const auto& run) {
            return run->isVisible() && !run->extent(column).empty();
        });
    };
    if (has(psnr) || has(misfit)) chooseColumn(has(psnr) ? psnr : misfit);
}

void ConvergencePlot::addRun(int id, const QString& name, const QColor& colour, Qt::PenStyle dash) {
    assert(!d_->find(id));
    if (d_->find(id)) return;
    d_->runs.push_back(
        std::make_unique<RunCurve>(id, name, colour, dash, d_->upper, d_->lower, d_->lowerColumn));
    d_->runsChanged();
}

void ConvergencePlot::removeRun(int id) {
    std::erase_if(d_->runs, [id](const auto& run) { return run->id() == id; });
    d_->runsChanged();
}

void ConvergencePlot::clearRuns() {
    d_->runs.clear();
    d_->hovered.reset();
    d_->runsChanged();
}

void ConvergencePlot::renameRun(int id, const QString& name) {
    RunCurve* run = d_->find(id);
    if (!run) return;
    run->rename(name);
    d_->runsChanged();
}

void ConvergencePlot::setRunVisible(int id, bool visible) {
    RunCurve* run = d_->find(id);
    if (!run || run->isVisible() == visible) return;
    run->setVisible(visible);
    d_->runsChanged();
}

bool ConvergencePlot::isRunVisible(int id) const {
    const RunCurve* run = d_->find(id);
    return run && run->isVisible();
}

void ConvergencePlot::setCurrentRun(int id) {
    d_->current = id;
    d_->runsChanged();
}

void ConvergencePlot::appendPoints(int id, std::span<const CurvePoint> points) {
    RunCurve* run = d_->find(id);
    if (!run || points.empty()) return;
    run->append(points);
    d_->chooseColumnByData();
    d_->refresh();
}

int ConvergencePlot::pointCount(int id) const {
    const RunCurve* run = d_->find(id);
    return run ? static_cast<int>(run->count()) : 0;
}

void ConvergencePlot::setMarks(int id, std::span<const RunMark> marks) {
    RunCurve* run = d_->find(id);
    if (!run) return;
    run->setMarks(marks);
    d_->refresh();
}

void ConvergencePlot::setTolerance(double tolerance) {
    d_->notes->setTolerance(tolerance);
    d_->refresh();
}

void ConvergencePlot::setEmptyText(const QString& text) {
    d_->emptyText = text;
    d_->refresh();
}

void ConvergencePlot::setIterationName(const QString& name) {
    d_->iterationName = name;
    for (QCPAxisRect* rect : {d_->upper, d_->lower})
        if (rect == d_->lower || d_->residualOnly) rect->axis(QCPAxis::atBottom)->setLabel(name);
    d_->runsChanged();
}

void ConvergencePlot::setLowerColumn(const QString& key) {
    const std::size_t column = columnIndex(key);
    if (!key.isEmpty() && (column >= curveColumns().size() || column == kResidualColumn)) return;
    d_->columnChosen = !key.isEmpty();
    if (d_->columnChosen) d_->chooseColumn(column);
    d_->runsChanged();
}

QString ConvergencePlot::lowerColumn() const {
    return curveColumns()[d_->lowerColumn].key;
}
bool ConvergencePlot::isFollowing() const {
    return d_->following;
}
QString ConvergencePlot::readOut() const {
    return d_->overlay->readOut().text();
}
QSize ConvergencePlot::sizeHint() const {
    return d_->residualOnly ? QSize(240, 84) : QSize(640, 240);
}
QSize ConvergencePlot::minimumSizeHint() const {
    return d_->residualOnly ? QSize(180, 84) : QSize(260, 150);
}

void ConvergencePlot::showAll() {
    d_->valuesTouched = false;
    d_->setFollowing(true);
    d_->refresh();
}

bool ConvergencePlot::eventFilter(QObject* watched, QEvent* event) {
    if (d_ && watched == d_->canvas && d_->handle(event)) return true;
    return QWidget::eventFilter(watched, event);
}

void ConvergencePlot::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange && event->type() != QEvent::FontChange) return;
    d_->restyle(palette(), false);
    d_->fitTicks(d_->canvas->size());
    d_->refresh();
}

}  // namespace stillpoint
