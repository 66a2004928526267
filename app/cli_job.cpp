// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_job.h"

#include "app/cli_recipe.h"

namespace stillpoint::cli {

Option kernelOption(const QString& needed) {
    return {"kernel", "SPEC|FILE",
            "The blur: gaussian:sigma=1.6, motion:length=15,angle=30, disk:radius=4, box:size=5, "
            "shake:length=20,seed=1, airy:radius=2, or a "
            "file with a text matrix or a picture. " +
                needed};
}

Option bitsOptionLine(const QString& byDefault) {
    return {"bits", "N", "Bits per channel: 8, 16 or 32 (TIFF, floating point). " + byDefault};
}

Option threadsOption() {
    return {"threads", "N", "Number of threads. Default: all of the machine."};
}

Option quietOption() {
    return {"quiet", "", "Only failures are told."};
}

KernelJob readKernelJob(Arguments& given, std::vector<Issue>& faults, bool outputNeeded) {
    KernelJob job;
    if (given.has("kernel")) given.parameters.insert("kernel", given.value("kernel"));
    job.input = given.positional;
    job.output = given.value("output");
    job.quiet = given.has("quiet");
    job.bits = bitsOption(given, faults);
    job.threads = static_cast<int>(wholeOption(given, "threads", 1, 256, faults).value_or(0));
    if (outputNeeded) requireOption(given, "output", "--output is missing: -o FILE.", faults);
    job.recipe = mergedRecipe(given, faults);
    checkRecipe(job.recipe, job.kernel, faults);
    requireKernel(job.recipe, given, faults);
    return job;
}

void planFiles(const KernelJob& job, FilePlan& plan) {
    plan.reads("INPUT", job.input);
    if (job.kernel && parseKernelSpec(job.kernel->spec).family.empty())
        plan.reads("--kernel", QString::fromStdString(job.kernel->spec));
    plan.writesPicture("--output", job.output, job.bits);
}

}  // namespace stillpoint::cli
