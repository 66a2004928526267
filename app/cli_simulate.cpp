// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "app/cli_command.h"
#include "app/cli_files.h"
#include "app/cli_job.h"
#include "app/cli_options.h"
#include "app/cli_recipe.h"
#include "solver/core/parallel.h"
#include "solver/run/simulate.h"
#include "ui/io/picture.h"

namespace stillpoint::cli {

namespace {

const Syntax& syntax() {
    static const Syntax simulate{
        "simulate",
        "Blurs the sharp picture INPUT and adds noise, the same for the same seed everywhere.",
        "INPUT",
        true,
        {{"output", "FILE",
          "The blurred picture. TIFF keeps every value; the others clip to 0..1 and round. Needed.", "o"},
         kernelOption("Needed."),
         {"save-sharp", "FILE",
          "Writes the part of INPUT that the blurred picture shows, its reference: with --boundary unknown "
          "the "
          "camera sees less than INPUT, by the kernel's size less 1."},
         {"noise", "KIND",
          "gaussian, poisson (photons; white is --peak of them) or impulse (--share of all samples become "
          "black or white). Default gaussian."},
         {"noise-sigma", "S",
          "Standard deviation of Gaussian noise, 0 to 1 (white is 1), which is added with every kind. "
          "Default 0."},
         {"peak", "P", "Photons of white, 1 to 1e9. Default 100."},
         {"share", "Q", "Share of wrong samples, 0 to 1. Default 0.1."},
         {"converter", "BITS", "The camera's converter: clips to 0..1 and rounds to so many bits, 1 to 16."},
         {"seed", "N", "Number of the noise's random stream, from 0. Default 0."},
         bitsOptionLine("Default: the most the format holds."),
         threadsOption(),
         quietOption()},
        true,
        {"boundary"}};
    return simulate;
}

bool hasValuesOutside(const Image& picture) {
    return std::ranges::any_of(picture.samples(), [](Real sample) { return sample < 0 || sample > 1; });
}

struct Job : KernelJob {
    NoiseModel noise;
    QString sharp;
};

NoiseModel readNoise(const Arguments& given, std::vector<Issue>& faults) {
    NoiseModel noise;
    noise.sigma = numberOption(given, "noise-sigma", 0, 1, faults).value_or(0);
    noise.seed = static_cast<std::uint64_t>(wholeOption(given, "seed", 0, INT64_MAX, faults).value_or(0));
    const QString kind = given.has("noise") ? given.value("noise") : "gaussian";
    if (kind != "gaussian" && kind != "poisson" && kind != "impulse")
        faults.push_back({"noise", "--noise is '" + kind.toStdString() +
                                       "'; allowed is one of gaussian, poisson, impulse."});
    if (given.has("peak") && kind != "poisson")
        faults.push_back({"peak", "--peak is for --noise poisson only."});
    if (given.has("share") && kind != "impulse")
        faults.push_back({"share", "--share is for --noise impulse only."});
    noise.bits = static_cast<int>(wholeOption(given, "converter", 1, 16, faults).value_or(0));
    if (kind == "poisson") noise.peak = numberOption(given, "peak", 1, 1e9, faults).value_or(100);
    if (kind == "impulse") noise.share = numberOption(given, "share", 0, 1, faults).value_or(0.1);
    return noise;
}

Job readJob(Arguments& given, std::vector<Issue>& faults) {
    Job job{readKernelJob(given, faults), readNoise(given, faults), given.value("save-sharp")};
    FilePlan plan;
    planFiles(job, plan);
    if (!job.sharp.isEmpty()) plan.writesPicture("--save-sharp", job.sharp, 0);
    plan.check(faults);
    if (job.bits == 0) job.bits = largestDepth(job.output);
    return job;
}

}  // namespace

int runSimulate(const QStringList& arguments) {
    std::vector<Issue> faults;
    Arguments given = parseArguments(syntax(), arguments, faults);
    if (given.has("help")) {
        print(helpText(syntax()));
        return kDone;
    }
    const Job job = readJob(given, faults);
    if (!faults.empty()) return refuse(faults);
    setThreadCount(job.threads > 0 ? job.threads : hardwareThreads());
    const Picture sharp = readPicture(job.input);
    Simulation made = simulate(*sharp.image, job.recipe, job.noise, sourceOf(job.kernel));
    const auto blurred = std::make_shared<const Image>(std::move(made.blurred));
    WriteOptions options;
    options.bits = job.bits;
    QStringList notes = writePicture(job.output, sharp.withImage(blurred), options);
    if (job.bits < 32 && hasValuesOutside(*blurred))
        notes << "Values below 0 and above 1 were clipped; a .tif file with 32 bits keeps them.";
    if (!job.sharp.isEmpty()) {
        WriteOptions most;
        most.bits = largestDepth(job.sharp);
        notes += writePicture(job.sharp,
                              sharp.withImage(std::make_shared<const Image>(std::move(made.sharp))), most);
    }
    if (!job.quiet) {
        for (const QString& note : notes) printError("stillpoint-cli: note: " + note);
        print(QString("Wrote '%1': %2 x %3, %4 bits.")
                  .arg(job.output)
                  .arg(blurred->width())
                  .arg(blurred->height())
                  .arg(job.bits));
    }
    return kDone;
}

}  // namespace stillpoint::cli
