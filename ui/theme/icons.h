// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>
#include <QString>
#include <QStringList>

namespace stillpoint {

/// Icon by its freedesktop name ("document-open"). The program's own SVG drawings always come first, so that
/// the look is the same with and without a desktop's theme; a name that is not bundled is looked up in the
/// theme. Bundled icons are drawn in the application palette's text colour each time they are painted: they
/// follow a change of palette by themselves, and are crisp at every scale factor. GUI thread only.
QIcon icon(const QString& name);

/// Names that icon() has its own drawing for.
QStringList bundledIcons();

}  // namespace stillpoint
