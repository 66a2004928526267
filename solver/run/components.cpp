// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/components.h"

#include <algorithm>
#include <array>

#include "solver/iterators/gradient_descent.h"
#include "solver/iterators/proximal.h"
#include "solver/priors/l1.h"
#include "solver/priors/none.h"
#include "solver/priors/tikhonov.h"
#include "solver/priors/tv.h"
#include "solver/priors/wavelet.h"

namespace stillpoint {
namespace {

template <class PriorType, class Params>
PriorComponent prior(std::string name, std::string label, std::string help) {
    return {{std::move(name), std::move(label), std::move(help), &Params::table()},
            [](Shape shape, const Recipe& recipe) {
                return std::make_unique<PriorType>(shape, readParams<Params>(recipe, "prior."));
            }};
}

template <class Params>
auto makeSplitting(ProximalSplitting::DataStep dataStep) {
    return [dataStep](L2Fidelity& fidelity, Prior& prior, const Recipe& recipe) {
        return std::make_unique<ProximalSplitting>(fidelity, prior, dataStep,
                                                   readParams<Params>(recipe, "").step);
    };
}

template <class Component>
const Component& named(std::span<const Component> components, std::string_view name,
                       const std::string& what) {
    std::string names;
    for (const auto& component : components) {
        if (component.info.name == name) return component;
        names += (names.empty() ? "" : ", ") + component.info.name;
    }
    throw Error(what, what + " is '" + std::string(name) + "'; allowed is one of " + names + ".");
}

}  // namespace

std::span<const PriorComponent> priorComponents() {
    static const std::array<PriorComponent, 5> components{
        prior<NonePrior, NoneParams>("none", "None", "No prior: plain least squares, which amplifies noise."),
        prior<TikhonovPrior, TikhonovParams>(
            "tikhonov", "Tikhonov",
            "Half the squared norm of the picture: linear and fast, but no edge is kept."),
        prior<L1Prior, L1Params>(
            "l1", "L1", "Sum of absolute values: for pictures that are mostly black, such as stars."),
        prior<TvPrior, TvParams>("tv", "Total variation",
                                 "Sum of the gradient's length: keeps edges, removes noise."),
        prior<WaveletPrior, WaveletParams>(
            "wavelet", "Wavelets",
            "Sum of the absolute values of wavelet details: keeps edges and needs no inner iteration.")};
    return components;
}

std::span<const IteratorComponent> iteratorComponents() {
    using enum ProximalSplitting::DataStep;
    static const std::array<IteratorComponent, 3> components{
        IteratorComponent{{"pgd", "PGD",
                           "Proximal gradient descent: a gradient step on the data, then the prior's "
                           "proximal map.",
                           &PgdParams::table()},
                          false,
                          true,
                          makeSplitting<PgdParams>(gradient)},
        IteratorComponent{
            {"hqs", "HQS", "Half-quadratic splitting: the proximal map of the data, then the prior's.",
             &HqsParams::table()},
            false,
            true,
            makeSplitting<HqsParams>(prox)},
        IteratorComponent{
            {"gd", "GD", "Gradient descent on data and prior together.", &GradientDescentParams::table()},
            true,
            false,
            [](L2Fidelity& fidelity, Prior& prior, const Recipe& recipe) {
                return std::make_unique<GradientDescent>(fidelity, prior,
                                                         readParams<GradientDescentParams>(recipe, ""));
            }}};
    return components;
}

const PriorComponent& priorComponent(std::string_view name) {
    return named(priorComponents(), name, "prior");
}

const IteratorComponent& iteratorComponent(std::string_view name) {
    return named(iteratorComponents(), name, "iterator");
}

const ParamTable& ProblemParams::table() {
    using P = ProblemParams;
    const auto names = [](const auto& components) {
        std::vector<std::string> list;
        for (const auto& component : components) list.push_back(component.info.name);
        return list;
    };
    static const ParamTable table =
        ParamTableOf<P>()
            .text("kernel", &P::kernel,
                  {.label = "Kernel",
                   .help = "The blur: a family with parameters, such as gaussian:sigma=1.6, "
                           "motion:length=15,angle=30, "
                           "disk:radius=4 or box:size=5, or a file with a text matrix or a picture.",
                   .applies = ParamApplies::restart})
            .choice("boundary", &P::boundary, {"periodic"},
                    {.label = "Boundary",
                     .help = "What lies beyond the picture's rim. periodic: the picture repeats.",
                     .applies = ParamApplies::restart})
            .choice("fidelity", &P::fidelity, {"l2"},
                    {.label = "Fidelity",
                     .help = "The misfit to the data. l2: half the squared norm, for Gaussian noise.",
                     .applies = ParamApplies::restart})
            .choice("iterator", &P::iterator, names(iteratorComponents()),
                    {.label = "Iterator", .help = "The fixed-point map T.", .applies = ParamApplies::restart})
            .choice("prior", &P::prior, names(priorComponents()),
                    {.label = "Prior",
                     .help = "What a sharp picture is expected to look like.",
                     .applies = ParamApplies::restart})
            .choice(
                "start", &P::start, {"blurred", "adjoint", "zeros"},
                {.label = "Start",
                 .help =
                     "First estimate: the blurred picture, the adjoint of the blur applied to it, or black.",
                 .applies = ParamApplies::restart});
    return table;
}

}  // namespace stillpoint
