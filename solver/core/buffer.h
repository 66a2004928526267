// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

#include "solver/core/real.h"

namespace stillpoint {

/// Block of numbers, 64-byte aligned, zero at birth. Movable; copied only by clone(), so that no copy of a
/// picture happens by accident. Memory comes from operator new, which the allocation law counts.
template <class T>
class BasicBuffer {
    static_assert(std::is_trivially_copyable_v<T>);

 public:
    BasicBuffer() = default;
    explicit BasicBuffer(std::size_t size) : size_(size) {
        if (size == 0) return;
        data_ = static_cast<T*>(::operator new(size * sizeof(T), kAlignment));
        std::fill_n(data_, size, T{});
    }
    BasicBuffer(BasicBuffer&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
    BasicBuffer& operator=(BasicBuffer&& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        return *this;
    }
    BasicBuffer(const BasicBuffer&) = delete;
    BasicBuffer& operator=(const BasicBuffer&) = delete;
    ~BasicBuffer() { ::operator delete(data_, kAlignment); }

    BasicBuffer clone() const {
        BasicBuffer copy(size_);
        std::copy_n(data_, size_, copy.data_);
        return copy;
    }

    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    T* data() { return data_; }
    const T* data() const { return data_; }
    T& operator[](std::size_t i) { return data_[i]; }
    const T& operator[](std::size_t i) const { return data_[i]; }
    T* begin() { return data_; }
    T* end() { return data_ + size_; }
    const T* begin() const { return data_; }
    const T* end() const { return data_ + size_; }
    std::span<T> span() { return {data_, size_}; }
    std::span<const T> span() const { return {data_, size_}; }

 private:
    static constexpr std::align_val_t kAlignment{64};
    T* data_ = nullptr;
    std::size_t size_ = 0;
};

using Buffer = BasicBuffer<Real>;
using ComplexBuffer = BasicBuffer<Complex>;

}  // namespace stillpoint
