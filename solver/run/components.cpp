// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/components.h"

#include <algorithm>
#include <array>

#include "solver/fidelity/impulse.h"
#include "solver/fidelity/l2.h"
#include "solver/fidelity/poisson.h"
#include "solver/iterators/gradient_descent.h"
#include "solver/iterators/proximal.h"
#include "solver/priors/l1.h"
#include "solver/priors/none.h"
#include "solver/priors/tikhonov.h"
#include "solver/priors/tv.h"

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
    return [dataStep](DataFidelity& fidelity, Prior& prior, const Recipe& recipe) {
        return std::make_unique<ProximalSplitting>(fidelity, prior, dataStep,
                                                   readParams<Params>(recipe, "").step);
    };
}

template <class FidelityType, class Params>
FidelityComponent fidelity(std::string name, std::string label, std::string help) {
    return {{std::move(name), std::move(label), std::move(help), &Params::table()},
            [](BlurOperator& op, ConstImageRef y, const Recipe&) {
                return std::make_unique<FidelityType>(op, y);
            }};
}

template <class Law>
FidelityComponent separable(std::string name, std::string label, std::string help) {
    using Params = typename Law::Params;
    return {{std::move(name), std::move(label), std::move(help), &Params::table()},
            [](BlurOperator& op, ConstImageRef y, const Recipe& recipe) {
                return std::make_unique<SeparableFidelity<Law>>(op, y,
                                                                readParams<Params>(recipe, "fidelity."));
            }};
}

auto always(IteratorNeeds needs) {
    return [needs](const Recipe&) { return needs; };
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

std::span<const FidelityComponent> fidelityComponents() {
    static const std::array<FidelityComponent, 3> components{
        fidelity<L2Fidelity, L2Params>("l2", "Least squares", "Half the squared misfit, for Gaussian noise."),
        separable<PoissonLaw>("poisson", "Poisson likelihood",
                              "For photon noise, which is stronger where the picture is brighter."),
        separable<ImpulseLaw>("l1", "Absolute misfit",
                              "For impulse noise and dead pixels: single wrong pixels count little.")};
    return components;
}

std::span<const PriorComponent> priorComponents() {
    static const std::array<PriorComponent, 4> components{
        prior<NonePrior, NoneParams>("none", "None", "No prior: plain least squares, which amplifies noise."),
        prior<TikhonovPrior, TikhonovParams>(
            "tikhonov", "Tikhonov",
            "Half the squared norm of the picture: linear and fast, but no edge is kept."),
        prior<L1Prior, L1Params>(
            "l1", "L1", "Sum of absolute values: for pictures that are mostly black, such as stars."),
        prior<TvPrior, TvParams>("tv", "Total variation",
                                 "Sum of the gradient's length: keeps edges, removes noise.")};
    return components;
}

std::span<const IteratorComponent> iteratorComponents() {
    using enum ProximalSplitting::DataStep;
    static const std::array<IteratorComponent, 3> components{
        IteratorComponent{{"pgd", "PGD",
                           "Proximal gradient descent: a gradient step on the data, then the prior's "
                           "proximal map.",
                           &PgdParams::table()},
                          always({.fidelityGradient = true, .priorProx = true}),
                          makeSplitting<PgdParams>(gradient)},
        IteratorComponent{
            {"hqs", "HQS", "Half-quadratic splitting: the proximal map of the data, then the prior's.",
             &HqsParams::table()},
            always({.fidelityProx = true, .priorProx = true}),
            makeSplitting<HqsParams>(prox)},
        IteratorComponent{
            {"gd", "GD", "Gradient descent on data and prior together.", &GradientDescentParams::table()},
            always({.fidelityGradient = true, .priorGradient = true}),
            [](DataFidelity& fidelity, Prior& prior, const Recipe& recipe) {
                return std::make_unique<GradientDescent>(fidelity, prior,
                                                         readParams<GradientDescentParams>(recipe, ""));
            }}};
    return components;
}

const FidelityComponent& fidelityComponent(std::string_view name) {
    return named(fidelityComponents(), name, "fidelity");
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
            .choice("fidelity", &P::fidelity, names(fidelityComponents()),
                    {.label = "Fidelity",
                     .help = "How the misfit to the data is judged, which depends on the kind of noise.",
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
