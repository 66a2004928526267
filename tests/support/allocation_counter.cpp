// SPDX-License-Identifier: GPL-3.0-or-later
// Replaces the C allocator's entry points by counting ones that forward to glibc's. operator new, aligned or
// not, comes through here too, and so does Eigen. Needs glibc and no sanitizer, which would bring its own
// allocator.
#include <atomic>
#include <cerrno>
#include <cstddef>

#include "tests/support/laws.h"

namespace {
std::atomic<bool> counting{false};
std::atomic<long> allocations{0};
std::atomic<std::size_t> largestSize{0};
void note(std::size_t size) {
    if (!counting.load(std::memory_order_relaxed)) return;
    allocations.fetch_add(1, std::memory_order_relaxed);
    if (size > largestSize.load(std::memory_order_relaxed))
        largestSize.store(size, std::memory_order_relaxed);
}
}  // namespace

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

void* malloc(std::size_t size) {
    note(size);
    return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
    note(count * size);
    return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) {
    note(size);
    return __libc_realloc(old, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    note(size);
    return __libc_memalign(alignment, size);
}
int posix_memalign(void** out, std::size_t alignment, std::size_t size) {
    note(size);
    *out = __libc_memalign(alignment, size);
    return *out ? 0 : ENOMEM;
}
}

namespace stillpoint {

AllocationCounter::AllocationCounter() {
    allocations = 0;
    largestSize = 0;
    counting = true;
}
AllocationCounter::~AllocationCounter() {
    counting = false;
}
long AllocationCounter::count() {
    return allocations;
}
std::size_t AllocationCounter::largest() {
    return largestSize;
}

}  // namespace stillpoint
