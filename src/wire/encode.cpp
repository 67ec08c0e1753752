// SPDX-License-Identifier: Apache-2.0
#include "base/check.hpp"
#include "wire/layout.hpp"

namespace cupel::wire {
namespace {

/// Appends fields to a frame.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  template <typename... Fields>
  void operator()(const Fields&... fields) {
    (put(fields), ...);
  }
  void rest(const std::string& bytes) { out_ += bytes; }

  template <std::integral T>
  void put(T value) {
    auto bits = static_cast<std::make_unsigned_t<T>>(value);
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      out_ += static_cast<char>(bits & 0xff);
      if constexpr (sizeof(T) > 1) bits = static_cast<decltype(bits)>(bits >> 8U);
    }
  }
  void put(bool flag) { put(static_cast<std::uint8_t>(flag)); }
  template <typename T>
  requires std::is_enum_v<T>
  void put(T value) { put(static_cast<std::uint8_t>(value)); }
  void put(const std::string& text) {
    put(static_cast<std::uint32_t>(text.size()));
    out_ += text;
  }
  template <typename A, typename B>
  void put(const std::pair<A, B>& pair) {
    put(pair.first);
    put(pair.second);
  }
  template <typename T>
  requires requires(const T& t) { t.begin()->size(); } || requires(const T& t) {
    t.begin()->first;
  }
  void put(const T& items) {
    put(static_cast<std::uint32_t>(items.size()));
    for (const auto& item : items) put(item);
  }

 private:
  std::string& out_;
};

std::string body_of(const Frame& frame) {
  std::string body;
  Writer writer(body);
  std::visit([&](const auto& message) { fields(writer, message); }, frame.message);
  return body;
}

/// What carries the bulk, without a copy on the way.
const std::string* payload_of(const Message& message) {
  if (const auto* input = std::get_if<Input>(&message)) return &input->bytes;
  if (const auto* output = std::get_if<Output>(&message)) return &output->bytes;
  return nullptr;
}

}  // namespace

std::string encode(const Frame& frame) {
  std::string out;
  const auto* payload = payload_of(frame.message);
  out.reserve(header_size + 64 + (payload != nullptr ? payload->size() : 0));
  out += magic;
  Writer writer(out);
  writer(static_cast<std::uint8_t>(frame.message.index() + 1), std::uint8_t{0}, std::uint16_t{0},
         frame.stream, std::uint32_t{0});
  std::visit([&](const auto& message) { fields(writer, message); }, frame.message);
  const auto length = out.size() - header_size;
  CHECK(length <= max_body, "a frame of {} bytes", length);
  for (std::size_t i = 0; i < 4; ++i)
    out[header_size - 4 + i] = static_cast<char>((length >> (8 * i)) & 0xff);
  return out;
}

// No flag, no enumeration, no length and no magic is all ones, so a frame that ends in these is
// none that anybody acts upon; or it is Input, of a process that the next Hello ends.
std::string interruption() { return std::string(header_size + max_body, '\xff'); }

std::size_t body_size(const Frame& frame) {
  if (const auto* payload = payload_of(frame.message)) return payload->size() + 1;
  return body_of(frame).size();
}

}  // namespace cupel::wire
