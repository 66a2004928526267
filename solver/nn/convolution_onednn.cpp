// SPDX-License-Identifier: GPL-3.0-or-later
#include <cassert>
#include <dnnl.hpp>
#include <unordered_map>
#include <vector>

#include "solver/nn/convolution.h"

// A layer is a handful of oneDNN primitives, made when first asked for. The transposed map is a forward
// convolution with mirrored filters, so that it has the same post-operations (adding to the output) and the
// same fast kernels as the layer itself.
namespace stillpoint {
namespace {

using dnnl::memory;
using Tag = memory::format_tag;

const dnnl::engine& cpu() {
    static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    return engine;
}

bool hasWideVectors() {
    static const bool wide = (static_cast<unsigned>(dnnl::get_effective_cpu_isa()) &
                              static_cast<unsigned>(dnnl::cpu_isa::avx512_core)) ==
                             static_cast<unsigned>(dnnl::cpu_isa::avx512_core);
    return wide;
}

memory::desc featuresOf(const FeatureShape& shape) {
    // The padding channels are named, or a layer of 13 channels would fall to a reference kernel.
    return {{1, static_cast<memory::dim>(shape.paddedChannels()), shape.height, shape.width},
            memory::data_type::f32,
            hasWideVectors() ? Tag::nChw16c : Tag::nChw8c};
}

// oneDNN takes non-const handles for what it only reads.
float* handle(ConstRealSpan data) {
    return const_cast<float*>(data.data());
}

memory at(const memory::desc& desc, ConstRealSpan data) {
    return {desc, cpu(), handle(data)};
}

}  // namespace

std::size_t featureBlock() {
    return hasWideVectors() ? 16 : 8;
}

struct Convolution::Engine {
    struct Primitive {
        ConvolutionForm form;
        dnnl::convolution_forward::primitive_desc desc;
        dnnl::convolution_forward call;
        memory filters;
        std::unordered_map<int, memory> arguments;
    };
    struct Gradient {
        dnnl::convolution_backward_weights::primitive_desc desc;
        dnnl::convolution_backward_weights call;
        memory filters;  // in the primitive's layout
        memory plain, bias;
        std::unordered_map<int, memory> arguments;
    };

    Engine(const Convolution& layer, ConvolutionScratch& scratch)
        : size(layer.size_),
          source(featuresOf(layer.input())),
          result(featuresOf(layer.output())),
          plain({result.dims()[1], source.dims()[1], size, size}, memory::data_type::f32, Tag::oihw),
          stream(cpu()),
          bias(layer.output().paddedChannels()),
          noBias(bias.size()),
          filters(static_cast<std::size_t>(result.dims()[1] * source.dims()[1]) *
                  static_cast<std::size_t>(size * size)),
          scratch_(scratch) {}

    dnnl::convolution_forward::primitive_desc describe(ConvolutionForm form,
                                                       dnnl::algorithm algorithm) const {
        dnnl::primitive_attr attributes;
        attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
        dnnl::post_ops after;
        if (form.add) after.append_sum(1.0F);
        if (form.relu) after.append_eltwise(1.0F, dnnl::algorithm::eltwise_relu, 0.0F, 0.0F);
        attributes.set_post_ops(after);
        const memory::desc anyFilters(plain.dims(), memory::data_type::f32, Tag::any);
        const memory::desc biases({result.dims()[1]}, memory::data_type::f32, Tag::a);
        const memory::dim border = size / 2;
        return {{dnnl::prop_kind::forward_training,
                 algorithm,
                 source,
                 anyFilters,
                 biases,
                 result,
                 {1, 1},
                 {border, border},
                 {border, border}},
                attributes,
                cpu()};
    }
    // Winograd halves the time of wide 3x3 layers; it exists for AVX-512 only, and not for every form.
    dnnl::convolution_forward::primitive_desc fastest(ConvolutionForm form) const {
        if (hasWideVectors() && size == 3 && source.dims()[1] >= 64 && result.dims()[1] >= 64) {
            try {
                return describe(form, dnnl::algorithm::convolution_winograd);
            } catch (const dnnl::error& error) {
                if (error.status != dnnl_unimplemented) throw;
            }
        }
        return describe(form, dnnl::algorithm::convolution_direct);
    }
    void reserve(std::size_t bytes) {
        if (scratch_.size() < bytes) scratch_ = ConvolutionScratch(bytes);
    }
    void reorderFilters(Primitive& primitive) {
        memory from = at(plain, filters.span());
        dnnl::reorder(from, primitive.filters).execute(stream, from, primitive.filters);
        stream.wait();
    }
    Primitive& primitiveOf(ConvolutionForm form) {
        for (Primitive& one : primitives)
            if (one.form.add == form.add && one.form.relu == form.relu) return one;
        const auto desc = fastest(form);
        primitives.push_back({form, desc, dnnl::convolution_forward(desc), {desc.weights_desc(), cpu()}, {}});
        Primitive& made = primitives.back();
        reserve(desc.scratchpad_desc().get_size());
        const memory biases(desc.bias_desc(), cpu(), nullptr);
        made.arguments = {{DNNL_ARG_SRC, memory(source, cpu(), nullptr)},
                          {DNNL_ARG_WEIGHTS, made.filters},
                          {DNNL_ARG_BIAS, biases},
                          {DNNL_ARG_DST, memory(result, cpu(), nullptr)},
                          {DNNL_ARG_SCRATCHPAD, memory(desc.scratchpad_desc(), cpu(), nullptr)}};
        reorderFilters(made);
        return made;
    }
    Gradient& gradientCall() {
        if (gradient) return *gradient;
        const auto hint = describe({}, dnnl::algorithm::convolution_direct);
        dnnl::primitive_attr attributes;
        attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
        const memory::desc anyFilters(plain.dims(), memory::data_type::f32, Tag::any);
        const memory::desc biases({result.dims()[1]}, memory::data_type::f32, Tag::a);
        const memory::dim border = size / 2;
        const dnnl::convolution_backward_weights::primitive_desc desc({dnnl::algorithm::convolution_direct,
                                                                       source,
                                                                       anyFilters,
                                                                       biases,
                                                                       result,
                                                                       {1, 1},
                                                                       {border, border},
                                                                       {border, border}},
                                                                      attributes, cpu(), hint);
        reserve(desc.scratchpad_desc().get_size());
        gradient = std::make_unique<Gradient>(Gradient{desc,
                                                       dnnl::convolution_backward_weights(desc),
                                                       {desc.diff_weights_desc(), cpu()},
                                                       {plain, cpu()},
                                                       {biases, cpu()},
                                                       {}});
        gradient->arguments = {{DNNL_ARG_SRC, memory(source, cpu(), nullptr)},
                               {DNNL_ARG_DIFF_DST, memory(result, cpu(), nullptr)},
                               {DNNL_ARG_DIFF_WEIGHTS, gradient->filters},
                               {DNNL_ARG_DIFF_BIAS, gradient->bias},
                               {DNNL_ARG_SCRATCHPAD, memory(desc.scratchpad_desc(), cpu(), nullptr)}};
        return *gradient;
    }
    // `wide` has the padding channels, `narrow` only the real ones.
    std::size_t wideIndex(std::size_t out, std::size_t in) const {
        const auto taps = static_cast<std::size_t>(size * size);
        return (out * static_cast<std::size_t>(source.dims()[1]) + in) * taps;
    }

    int size;
    memory::desc source, result, plain;
    dnnl::stream stream;
    Buffer bias, noBias, filters;  // with the padding channels
    std::vector<Primitive> primitives;
    std::unique_ptr<Gradient> gradient;
    ConvolutionScratch& scratch_;
};

Convolution::Convolution(int in, int out, int size, int height, int width, ConvolutionScratch& scratch)
    : in_(in), out_(out), size_(size), height_(height), width_(width) {
    assert(size % 2 == 1);
    engine_ = std::make_unique<Engine>(*this, scratch);
}

Convolution::~Convolution() = default;
Convolution::Convolution(Convolution&&) noexcept = default;

void Convolution::setWeights(ConstRealSpan filters, ConstRealSpan bias) {
    const auto taps = static_cast<std::size_t>(size_ * size_);
    const auto in = static_cast<std::size_t>(in_);
    for (std::size_t o = 0; o < static_cast<std::size_t>(out_); ++o)
        for (std::size_t i = 0; i < in; ++i)
            std::copy_n(filters.data() + (o * in + i) * taps, taps,
                        &engine_->filters[engine_->wideIndex(o, i)]);
    std::copy(bias.begin(), bias.end(), engine_->bias.begin());
    for (auto& primitive : engine_->primitives) engine_->reorderFilters(primitive);
}

void Convolution::setTransposedWeights(ConstRealSpan filters) {
    // The layer transposed is out x in; this object's out is the layer's in.
    const auto taps = static_cast<std::size_t>(size_ * size_);
    const auto layerIn = static_cast<std::size_t>(out_);
    for (std::size_t o = 0; o < static_cast<std::size_t>(in_); ++o)
        for (std::size_t i = 0; i < layerIn; ++i)
            std::reverse_copy(filters.data() + (o * layerIn + i) * taps,
                              filters.data() + (o * layerIn + i + 1) * taps,
                              &engine_->filters[engine_->wideIndex(i, o)]);
    for (auto& primitive : engine_->primitives) engine_->reorderFilters(primitive);
}

void Convolution::apply(ConstRealSpan in, RealSpan out, ConvolutionForm form) {
    assert(in.size() == input().size() && out.size() == output().size() && in.data() != out.data());
    Engine& engine = *engine_;
    Engine::Primitive& primitive = engine.primitiveOf(form);
    primitive.arguments.at(DNNL_ARG_SRC).set_data_handle(handle(in));
    primitive.arguments.at(DNNL_ARG_DST).set_data_handle(out.data());
    primitive.arguments.at(DNNL_ARG_BIAS)
        .set_data_handle(form.bias ? engine.bias.data() : engine.noBias.data());
    primitive.arguments.at(DNNL_ARG_SCRATCHPAD).set_data_handle(engine.scratch_.data());
    primitive.call.execute(engine.stream, primitive.arguments);
    engine.stream.wait();
}

void Convolution::addWeightGradients(ConstRealSpan in, ConstRealSpan c, RealSpan filters, RealSpan bias) {
    Engine& engine = *engine_;
    Engine::Gradient& gradient = engine.gradientCall();
    gradient.arguments.at(DNNL_ARG_SRC).set_data_handle(handle(in));
    gradient.arguments.at(DNNL_ARG_DIFF_DST).set_data_handle(handle(c));
    gradient.arguments.at(DNNL_ARG_SCRATCHPAD).set_data_handle(engine.scratch_.data());
    gradient.call.execute(engine.stream, gradient.arguments);
    dnnl::reorder(gradient.filters, gradient.plain).execute(engine.stream, gradient.filters, gradient.plain);
    engine.stream.wait();
    const auto* wide = static_cast<const float*>(gradient.plain.get_data_handle());
    const auto* wideBias = static_cast<const float*>(gradient.bias.get_data_handle());
    const auto taps = static_cast<std::size_t>(size_ * size_);
    std::size_t next = 0;
    for (std::size_t o = 0; o < static_cast<std::size_t>(out_); ++o) {
        if (!bias.empty()) bias[o] += wideBias[o];
        for (std::size_t i = 0; i < static_cast<std::size_t>(in_); ++i)
            for (std::size_t t = 0; t < taps; ++t) filters[next++] += wide[engine.wideIndex(o, i) + t];
    }
}

}  // namespace stillpoint
