// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_command.h"
#include "app/cli_files.h"
#include "app/cli_options.h"
#include "ui/io/picture.h"
#include "ui/samples/samples.h"

namespace stillpoint::cli {

namespace {

QString sampleList() {
    QString text;
    for (const SampleInfo& sample : samples())
        text += QString("%1 %2 (suggested: --kernel %3 --noise-sigma %4)\n")
                    .arg(sample.id, -10)
                    .arg(sample.description, QString::fromStdString(sample.kernel))
                    .arg(sample.noiseSigma);
    return text.chopped(1);
}

}  // namespace

int runSample(const QStringList& arguments) {
    const Syntax syntax{
        "sample",
        "Writes the sample picture NAME; without a name, lists the samples with a blur that suits them.",
        "NAME",
        false,
        {{"output", "FILE", "The picture. Needed with a name.", "o"},
         {"bits", "N", "Bits per channel: 8, 16 or 32 (TIFF, floating point). Default 16 where possible."}}};
    std::vector<Issue> faults;
    const Arguments given = parseArguments(syntax, arguments, faults);
    if (given.has("help") || (given.positional.isEmpty() && !given.has("output") && faults.empty())) {
        print(given.has("help") ? helpText(syntax) : sampleList());
        return kDone;
    }
    WriteOptions options;
    options.bits = bitsOption(given, faults);
    if (given.positional.isEmpty())
        faults.push_back({"NAME", "NAME is missing: 'stillpoint-cli sample' lists the names."});
    if (!given.has("output")) faults.push_back({"output", "--output is missing: -o FILE."});
    FilePlan plan;
    plan.writesPicture("--output", given.value("output"), options.bits);
    plan.check(faults);
    if (!faults.empty()) return refuse(faults);
    writePicture(given.value("output"), findSample(given.positional).load(), options);
    print(QString("Wrote '%1'.").arg(given.value("output")));
    return kDone;
}

}  // namespace stillpoint::cli
