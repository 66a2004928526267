// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/nn/weights_file.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "solver/core/checksum.h"
#include "solver/core/error.h"

namespace stillpoint {
namespace {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "files are little-endian");
constexpr std::size_t kLongestHeader = 100'000'000;  // the format's own limit

[[noreturn]] void refuse(const std::string& name, const std::string& fault) {
    throw Error("model", "The weights '" + name + "' cannot be used: " + fault + ".");
}

template <class T>
T numberAt(std::span<const std::byte> bytes, std::size_t offset) {
    T value;
    std::memcpy(&value, bytes.data() + offset, sizeof(T));
    return value;
}

float halfToFloat(std::uint16_t half) {
    const int exponent = half >> 10 & 31;
    const int mantissa = half & 1023;
    const float size = exponent == 0    ? std::ldexp(static_cast<float>(mantissa), -24)
                       : exponent == 31 ? std::numeric_limits<float>::infinity()
                                        : std::ldexp(static_cast<float>(mantissa + 1024), exponent - 25);
    return (half & 0x8000) != 0 ? -size : size;
}

struct NumberType {
    const char* name;
    std::size_t bytes;
    double (*read)(std::span<const std::byte>, std::size_t);
};

const NumberType* numberType(const std::string& name) {
    static const NumberType types[] = {
        {"F32", 4, [](auto bytes, auto at) { return static_cast<double>(numberAt<float>(bytes, at)); }},
        {"F64", 8, [](auto bytes, auto at) { return numberAt<double>(bytes, at); }},
        {"F16", 2,
         [](auto bytes, auto at) {
             return static_cast<double>(halfToFloat(numberAt<std::uint16_t>(bytes, at)));
         }},
        {"BF16", 2, [](auto bytes, auto at) {
             const std::uint32_t wide = static_cast<std::uint32_t>(numberAt<std::uint16_t>(bytes, at)) << 16;
             return static_cast<double>(std::bit_cast<float>(wide));
         }}};
    for (const NumberType& type : types)
        if (name == type.name) return &type;
    return nullptr;
}

json headerOf(std::span<const std::byte> bytes, const std::string& name) {
    if (bytes.size() < 8) refuse(name, "it is too short for a safetensors file");
    const auto length = numberAt<std::uint64_t>(bytes, 0);
    if (length > kLongestHeader || length > bytes.size() - 8)
        refuse(name, "it is not a safetensors file, or it is cut off in its header");
    const auto* text = reinterpret_cast<const char*>(bytes.data() + 8);
    json header = json::parse(text, text + length, nullptr, false);
    if (!header.is_object()) refuse(name, "its header is not JSON, so it is not a safetensors file");
    return header;
}

std::vector<int> shapeOf(const json& entry, const std::string& name, const std::string& slice) {
    std::vector<int> shape;
    if (!entry.contains("shape") || !entry["shape"].is_array()) refuse(name, "'" + slice + "' has no shape");
    for (const json& extent : entry["shape"]) {
        if (!extent.is_number_unsigned() || extent.get<std::uint64_t>() > 1'000'000)
            refuse(name, "the shape of '" + slice + "' is not made of sensible numbers");
        shape.push_back(extent.get<int>());
    }
    return shape;
}

struct Entry {
    std::string name;
    std::vector<int> shape;
    const NumberType* type = nullptr;
    std::size_t begin = 0;
};

Entry entryOf(const std::string& slice, const json& entry, std::size_t dataSize, const std::string& name) {
    Entry read{slice, {}, nullptr, 0};
    if (!entry.is_object()) refuse(name, "the entry '" + slice + "' of its header is damaged");
    read.shape = shapeOf(entry, name, slice);
    const json type = entry.value("dtype", json());
    read.type = type.is_string() ? numberType(type.get<std::string>()) : nullptr;
    if (read.type == nullptr)
        refuse(name, "'" + slice + "' has numbers of the type " + type.dump() +
                         "; known are \"F32\", \"F64\", \"F16\" and \"BF16\"");
    const json offsets = entry.value("data_offsets", json());
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
        !offsets[1].is_number_unsigned())
        refuse(name, "'" + slice + "' has no offsets");
    const auto begin = offsets[0].get<std::uint64_t>(), end = offsets[1].get<std::uint64_t>();
    double count = 1;
    for (const int extent : read.shape) count *= extent;
    if (begin > end || end > dataSize)
        refuse(name, "it is cut off: '" + slice + "' ends " + std::to_string(end) +
                         " bytes into the numbers, of " + std::to_string(dataSize));
    if (count * static_cast<double>(read.type->bytes) != static_cast<double>(end - begin))
        refuse(name, "the size of '" + slice + "' does not fit its shape");
    read.begin = begin;
    return read;
}

std::string checksumOf(std::span<const std::byte> data) {
    Checksum sum;
    sum.add(data);
    return sum.text();
}

void fillSlice(Weights& weights, const Entry& entry, std::span<const std::byte> data,
               const std::string& name) {
    const RealSpan to = weights.values(weights.add(entry.name, entry.shape));
    for (std::size_t k = 0; k < to.size(); ++k) {
        const double value = entry.type->read(data, entry.begin + k * entry.type->bytes);
        if (!std::isfinite(value)) refuse(name, "'" + entry.name + "' holds a number that is not finite");
        to[k] = static_cast<Real>(value);
    }
}

}  // namespace

WeightsFile readWeights(std::span<const std::byte> bytes, const std::string& name) {
    const json header = headerOf(bytes, name);
    const auto data = bytes.subspan(8 + numberAt<std::uint64_t>(bytes, 0));
    WeightsFile file;
    std::vector<Entry> entries;
    for (const auto& [slice, entry] : header.items()) {
        if (slice != "__metadata__") {
            entries.push_back(entryOf(slice, entry, data.size(), name));
        } else if (entry.is_object()) {
            for (const auto& [key, text] : entry.items())
                if (text.is_string()) file.texts[key] = text.get<std::string>();
        }
    }
    if (const auto sum = file.texts.find("checksum");
        sum != file.texts.end() && sum->second != checksumOf(data))
        refuse(name, "its numbers do not match its checksum, so it is damaged");
    // The header's order is alphabetical; the numbers' own order is the one that the file was made in.
    std::stable_sort(entries.begin(), entries.end(),
                     [](const Entry& a, const Entry& b) { return a.begin < b.begin; });
    for (const Entry& entry : entries) fillSlice(file.weights, entry, data, name);
    return file;
}

WeightsFile readWeights(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary | std::ios::ate);
    if (!in) refuse(path.string(), "there is no such file, or it may not be read");
    std::vector<std::byte> bytes(static_cast<std::size_t>(std::max<std::streamoff>(in.tellg(), 0)));
    in.seekg(0);
    in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!in) refuse(path.string(), "reading it failed");
    return readWeights(bytes, path.string());
}

void writeWeights(const std::filesystem::path& path, const WeightsFile& file) {
    std::vector<float> numbers(file.weights.values().begin(), file.weights.values().end());
    const auto data = std::as_bytes(std::span(numbers));
    json header = json::object();
    header["__metadata__"] = file.texts;
    header["__metadata__"]["checksum"] = checksumOf(data);
    for (const Weights::Slice& slice : file.weights.slices())
        header[slice.name] = {{"dtype", "F32"},
                              {"shape", slice.shape},
                              {"data_offsets", {4 * slice.offset, 4 * (slice.offset + slice.size)}}};
    std::string text = header.dump();
    text.append((8 - text.size() % 8) % 8, ' ');
    const std::uint64_t length = text.size();

    std::filesystem::path beside = path;
    beside += ".new";
    {
        std::ofstream out(beside, std::ios::binary | std::ios::trunc);
        out.write(reinterpret_cast<const char*>(&length), sizeof length);
        out.write(text.data(), static_cast<std::streamsize>(text.size()));
        out.write(reinterpret_cast<const char*>(data.data()), static_cast<std::streamsize>(data.size()));
        out.flush();
        if (!out) throw Error("output", "The weights could not be written to '" + beside.string() + "'.");
    }
    std::error_code failure;
    std::filesystem::rename(beside, path, failure);
    if (failure)
        throw Error("output", "The weights could not be written to '" + path.string() +
                                  "': " + failure.message() + ".");
}

}  // namespace stillpoint
