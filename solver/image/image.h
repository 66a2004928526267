// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Eigen/Core>
#include <cassert>
#include <cstddef>
#include <span>

#include "solver/core/buffer.h"
#include "solver/core/real.h"
#include "solver/core/shape.h"

namespace stillpoint {

using PlaneMatrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Plane = Eigen::Map<PlaneMatrix>;
using ConstPlane = Eigen::Map<const PlaneMatrix>;

/// View of planar samples that somebody else owns (an Image, a part of a state vector). Copying copies the
/// view.
template <class T>
class BasicImageRef {
 public:
    BasicImageRef() = default;
    BasicImageRef(T* data, Shape shape) : data_(data), shape_(shape) {}
    BasicImageRef(std::span<T> samples, Shape shape) : data_(samples.data()), shape_(shape) {
        assert(samples.size() >= shape.size());
    }
    /// A writable view is a readable one.
    template <class U>
    requires std::is_same_v<const U, T> BasicImageRef(const BasicImageRef<U>& other)
        : data_(other.data()), shape_(other.shape()) {}

    const Shape& shape() const { return shape_; }
    int channels() const { return shape_.channels; }
    int height() const { return shape_.height; }
    int width() const { return shape_.width; }
    std::size_t size() const { return shape_.size(); }
    T* data() const { return data_; }
    T* row(int c, int y) const {
        return data_ + (static_cast<std::size_t>(c) * static_cast<std::size_t>(shape_.height) +
                        static_cast<std::size_t>(y)) *
                           static_cast<std::size_t>(shape_.width);
    }
    T& at(int c, int y, int x) const { return row(c, y)[x]; }
    std::span<T> samples() const { return {data_, size()}; }
    auto plane(int c) const {
        using Map = std::conditional_t<std::is_const_v<T>, ConstPlane, Plane>;
        return Map(row(c, 0), shape_.height, shape_.width);
    }

 private:
    T* data_ = nullptr;
    Shape shape_;
};

using ImageRef = BasicImageRef<Real>;
using ConstImageRef = BasicImageRef<const Real>;

/// Planar picture that owns its samples. Intensities are nominally in [0, 1]; values outside are kept.
/// Movable; copied only by clone().
class Image {
 public:
    Image() = default;
    explicit Image(Shape shape) : shape_(shape), samples_(shape.size()) {}
    Image(int channels, int height, int width) : Image(Shape{channels, height, width}) {}

    Image clone() const {
        Image copy;
        copy.shape_ = shape_;
        copy.samples_ = samples_.clone();
        return copy;
    }

    const Shape& shape() const { return shape_; }
    int channels() const { return shape_.channels; }
    int height() const { return shape_.height; }
    int width() const { return shape_.width; }
    std::size_t size() const { return samples_.size(); }
    bool empty() const { return samples_.empty(); }
    ImageRef ref() { return {samples_.data(), shape_}; }
    ConstImageRef ref() const { return {samples_.data(), shape_}; }
    operator ImageRef() { return ref(); }
    operator ConstImageRef() const { return ref(); }
    std::span<Real> samples() { return samples_.span(); }
    std::span<const Real> samples() const { return samples_.span(); }
    Real& at(int c, int y, int x) { return ref().at(c, y, x); }
    const Real& at(int c, int y, int x) const { return ref().at(c, y, x); }
    Plane plane(int c) { return ref().plane(c); }
    ConstPlane plane(int c) const { return ref().plane(c); }

 private:
    Shape shape_;
    Buffer samples_;
};

/// Copy of the samples; shapes must agree.
void copy(ConstImageRef from, ImageRef to);
/// The rectangle of the given size whose upper left pixel is (row, column); it must lie inside.
Image crop(ConstImageRef picture, int row, int column, int height, int width);

}  // namespace stillpoint
