// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QString>
#include <functional>
#include <string>
#include <vector>

#include "ui/io/picture.h"

namespace stillpoint {

/// A picture to start with, and a blur that suits it.
struct SampleInfo {
    QString id;           ///< for the command line and settings: "chart", "leaves", "photo:NAME"
    QString title;        ///< for a card: "Resolution chart"
    QString description;  ///< one sentence: what it shows and what to watch
    std::function<Picture()>
        load;            ///< the sharp picture; well under a second; any thread; photographs may throw Error
    std::string kernel;  ///< suggested kernel spec for a simulation
    double noiseSigma = 0.01;  ///< suggested noise, standard deviation on the [0,1] scale
};

/// The generated samples, then photographs found in the usual background folders of the system and the user's
/// pictures folder (at most `photographs` of them, in alphabetical order). Nothing is decoded here. Any
/// thread.
std::vector<SampleInfo> samples(int photographs = 4);

/// The sample of an id. Throws Error("sample", sentence that lists the ids) if there is none.
SampleInfo findSample(const QString& id);

/// A small picture for a card: `size` device pixels, cropped to fill. Loads the sample: call it off the GUI
/// thread when the card must not wait.
QImage thumbnail(const SampleInfo& sample, const QSize& size);

}  // namespace stillpoint
