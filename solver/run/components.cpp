// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/run/components.h"

#include <algorithm>
#include <array>

#include "solver/fidelity/gaussian.h"
#include "solver/fidelity/impulse.h"
#include "solver/fidelity/poisson.h"
#include "solver/iterators/admm.h"
#include "solver/iterators/chambolle_pock.h"
#include "solver/iterators/douglas_rachford.h"
#include "solver/iterators/gradient_descent.h"
#include "solver/iterators/momentum.h"
#include "solver/iterators/proximal.h"
#include "solver/iterators/relaxed.h"
#include "solver/priors/denoiser.h"
#include "solver/priors/l1.h"
#include "solver/priors/none.h"
#include "solver/priors/ridge.h"
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

using IteratorMaker = std::function<std::unique_ptr<Iterator>(DataFidelity&, Prior&, const Recipe&)>;

template <class IteratorType, class Params>
IteratorMaker iterator() {
    return [](DataFidelity& fidelity, Prior& prior, const Recipe& recipe) {
        return std::make_unique<IteratorType>(fidelity, prior, readParams<Params>(recipe, ""));
    };
}

template <class Params>
IteratorMaker proximalSplitting(StepBy by) {
    return [by](DataFidelity& fidelity, Prior& prior, const Recipe& recipe) {
        const auto params = readParams<Params>(recipe, "");
        return std::make_unique<ProximalSplitting>(fidelity, prior, by, params.gFirst, params.step);
    };
}

IteratorNeeds pgdNeeds(const Recipe& recipe) {
    if (readParams<PgdParams>(recipe, "").gFirst) return {.fidelityProx = true, .priorGradient = true};
    return {.fidelityGradient = true, .priorProx = true};
}

std::unique_ptr<DataFidelity> leastSquares(BlurOperator& op, const Observation& observation,
                                           const Recipe& recipe) {
    if (observation.mask.data() == nullptr) return std::make_unique<L2Fidelity>(op, observation.y);
    return std::make_unique<MaskedL2Fidelity>(op, observation, readParams<L2Params>(recipe, "fidelity."));
}

template <class Law>
FidelityComponent separable(std::string name, std::string label, std::string help) {
    using Params = typename Law::Params;
    return {{std::move(name), std::move(label), std::move(help), &Params::table()},
            [](BlurOperator& op, const Observation& observation, const Recipe& recipe) {
                return std::make_unique<SeparableFidelity<Law>>(op, observation,
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
        FidelityComponent{
            {"l2", "Least squares", "Half the squared misfit, for Gaussian noise.", &L2Params::table()},
            leastSquares},
        separable<PoissonLaw>("poisson", "Poisson likelihood",
                              "For photon noise, which is stronger where the picture is brighter."),
        separable<ImpulseLaw>("l1", "Absolute misfit",
                              "For impulse noise and dead pixels: single wrong pixels count little.")};
    return components;
}

std::span<const PriorComponent> priorComponents() {
    static const std::array<PriorComponent, 7> components{
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
            "Sum of the absolute values of wavelet details: keeps edges and needs no inner iteration."),
        prior<RidgePrior, RidgeParams>(
            "ridge", "Learned ridge",
            "Profiles of trained filters' responses: learned, and yet with a value and bounds that prove "
            "convergence."),
        prior<DenoiserPrior, DenoiserParams>(
            "denoiser", "Learned denoiser",
            "A trained network that removes noise takes the prior's place: the best pictures.")};
    return components;
}

std::span<const IteratorComponent> iteratorComponents() {
    static const std::array<IteratorComponent, 7> components{
        IteratorComponent{{"pgd", "PGD",
                           "Proximal gradient descent: a gradient step on the data, then the prior's "
                           "proximal map.",
                           &PgdParams::table()},
                          true,
                          pgdNeeds,
                          proximalSplitting<PgdParams>(StepBy::gradient)},
        IteratorComponent{
            {"hqs", "HQS", "Half-quadratic splitting: the proximal map of the data, then the prior's.",
             &HqsParams::table()},
            false,
            always({.fidelityProx = true, .priorProx = true}),
            proximalSplitting<HqsParams>(StepBy::prox)},
        IteratorComponent{
            {"gd", "GD", "Gradient descent on data and prior together.", &GradientDescentParams::table()},
            true,
            always({.fidelityGradient = true, .priorGradient = true}),
            iterator<GradientDescent, GradientDescentParams>()},
        IteratorComponent{
            {"admm", "ADMM",
             "Alternating direction method of multipliers: the proximal maps of data and prior, "
             "tied together by a dual variable.",
             &AdmmParams::table()},
            false,
            always({.fidelityProx = true, .priorProx = true}),
            iterator<Admm, AdmmParams>()},
        IteratorComponent{
            {"drs", "DRS",
             "Douglas-Rachford splitting: the proximal maps of data and prior, with a reflection "
             "between them.",
             &DouglasRachfordParams::table()},
            false,
            always({.fidelityProx = true, .priorProx = true}),
            iterator<DouglasRachford, DouglasRachfordParams>()},
        IteratorComponent{{"chambolle-pock", "Chambolle-Pock",
                           "Primal-dual splitting, with the blur taken out of the fidelity: works with every "
                           "fidelity.",
                           &ChambollePockParams::table()},
                          false,
                          always({.priorProx = true}),
                          iterator<ChambollePock, ChambollePockParams>()},
        IteratorComponent{{"momentum", "PGD with momentum",
                           "Proximal gradient descent that carries a share of the last change along.",
                           &MomentumParams::table()},
                          false,
                          always({.fidelityGradient = true, .priorProx = true}),
                          iterator<Momentum, MomentumParams>()}};
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

std::unique_ptr<Iterator> makeIterator(DataFidelity& fidelity, Prior& prior, const Recipe& recipe) {
    const std::string name = recipe.find("iterator").value_or(ProblemParams{}.iterator);
    auto made = iteratorComponent(name).make(fidelity, prior, recipe);
    const double relaxation = readParams<RelaxationParams>(recipe, "").relaxation;
    return relaxation == 1 ? std::move(made) : std::make_unique<Relaxed>(std::move(made), relaxation);
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
                           "disk:radius=4, box:size=5, shake:length=20,seed=1 or airy:radius=2, or a file "
                           "with a text matrix or a picture.",
                   .applies = ParamApplies::restart})
            .choice("iterator", &P::iterator, names(iteratorComponents()),
                    {.label = "Iterator", .help = "The fixed-point map T.", .applies = ParamApplies::restart})
            .choice("prior", &P::prior, names(priorComponents()),
                    {.label = "Prior",
                     .help = "What a sharp picture is expected to look like.",
                     .applies = ParamApplies::restart})
            .choice("fidelity", &P::fidelity, names(fidelityComponents()),
                    {.label = "Fidelity",
                     .help = "How the misfit to the data is judged, which depends on the kind of noise.",
                     .applies = ParamApplies::restart})
            .choice(
                "boundary", &P::boundary, {"periodic", "unknown", "taper", "reflect"},
                {.label = "Boundary",
                 .help = "What lies beyond the picture's rim. unknown: nothing is known there and light "
                         "may come in from it, as in every photograph. periodic: the picture repeats, as in "
                         "data simulated that way. taper and reflect: its rim, or its mirror image, goes on: "
                         "fast and roughly right.",
                 .applies = ParamApplies::restart})
            .real(
                "clip-level", &P::clipLevel,
                {.label = "Clipped from",
                 .help = "Samples from this value on are taken as clipped highlights and ignored: the light "
                         "may have been anything above. 0: none; 0.99 suits most photographs with lamps or "
                         "reflections.",
                 .minimum = 0,
                 .maximum = 10,
                 .step = 0.01,
                 .applies = ParamApplies::restart})
            .real(
                "dead-level", &P::deadLevel,
                {.label = "Dead from",
                 .help = "Samples that stick out of all their neighbours by more than this are taken as dead "
                         "or hot pixels and ignored. 0: none.",
                 .minimum = 0,
                 .maximum = 10,
                 .step = 0.01,
                 .applies = ParamApplies::restart})
            .choice("start", &P::start, {"blurred", "adjoint", "zeros", "wiener", "picture"},
                    {.label = "Start",
                     .help = "First estimate: the blurred picture, the adjoint of the blur applied to it, "
                             "black, the Wiener estimate, or another picture that is given with the input.",
                     .applies = ParamApplies::restart});
    return table;
}

}  // namespace stillpoint
