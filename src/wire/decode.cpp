// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>

#include "wire/layout.hpp"

namespace cupel::wire {
namespace {

constexpr std::size_t length_offset = header_size - 4;
constexpr std::size_t hello_size = 12;
/// Version, nonce and a boot id of at most 64 characters.
constexpr std::size_t welcome_limit = 12 + 4 + 64;

template <typename T>
T load(std::string_view bytes) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i)
    value =
        static_cast<T>(value | static_cast<T>(T{static_cast<unsigned char>(bytes[i])} << (8 * i)));
  return value;
}

/// Takes fields off a body. After a field that is not there, all that follow are empty.
class Reader {
 public:
  explicit Reader(std::string_view body) : left_(body) {}

  bool good() const { return good_ && left_.empty(); }

  template <typename... Fields>
  void operator()(Fields&... fields) {
    (get(fields), ...);
  }
  void rest(std::string& bytes) { bytes = std::exchange(left_, {}); }

 private:
  std::string_view take(std::size_t count) {
    if (count > left_.size()) {
      good_ = false;
      left_ = {};
      return {};
    }
    const auto taken = left_.substr(0, count);
    left_.remove_prefix(count);
    return taken;
  }

  template <std::integral T>
  void get(T& value) {
    const auto bytes = take(sizeof(T));
    if (bytes.size() == sizeof(T)) value = static_cast<T>(load<std::make_unsigned_t<T>>(bytes));
  }
  void get(bool& flag) {
    std::uint8_t bits = 0;
    get(bits);
    if (bits > 1) good_ = false;
    flag = bits == 1;
  }
  template <typename T>
  requires std::is_enum_v<T>
  void get(T& value) {
    std::uint8_t bits = 0;
    get(bits);
    if (bits > static_cast<std::uint8_t>(last_of(T{})))
      good_ = false;
    else
      value = static_cast<T>(bits);
  }
  void get(std::string& text) {
    std::uint32_t size = 0;
    get(size);
    text = take(size);
  }
  // An item takes at least four bytes, so that a lying count ends with the body.
  void get(std::vector<std::string>& items) {
    std::uint32_t count = 0;
    get(count);
    for (std::uint32_t i = 0; i < count && good_; ++i) get(items.emplace_back());
  }
  void get(std::map<std::string, std::string>& items) {
    std::uint32_t count = 0;
    get(count);
    for (std::uint32_t i = 0; i < count && good_; ++i) {
      std::string key;
      get(key);
      get(items[std::move(key)]);
    }
  }

  std::string_view left_;
  bool good_ = true;
};

template <std::size_t Index = 0>
bool read_message(std::size_t index, Reader& reader, Message& message) {
  if constexpr (Index < std::variant_size_v<Message>) {
    if (index != Index) return read_message<Index + 1>(index, reader, message);
    fields(reader, message.emplace<Index>());
    return reader.good();
  } else {
    return false;
  }
}

template <typename T>
std::string start_of() {
  std::string head(magic);
  head += static_cast<char>(Message(T{}).index() + 1);
  return head + std::string(3 + 4, '\0');  // reserved, and stream 0
}

}  // namespace

void Decoder::feed(std::string_view bytes) {
  // Moving only once half of it is used keeps the whole linear.
  if (used_ > 0 && used_ >= buffer_.size() - used_) {
    buffer_.erase(0, used_);
    used_ = 0;
  }
  buffer_ += bytes;
}

Result<std::optional<Frame>> Decoder::next() {
  const auto left = std::string_view(buffer_).substr(used_);
  const auto known = std::min(left.size(), magic.size());
  if (left.substr(0, known) != magic.substr(0, known))
    return fail(Fault::internal, "foreign bytes instead of a frame");
  if (left.size() < header_size) return std::optional<Frame>();
  const auto kind = static_cast<unsigned char>(left[4]);
  const auto length = load<std::uint32_t>(left.substr(length_offset));
  if (left.substr(5, 3) != std::string_view("\0\0\0", 3))
    return fail(Fault::internal, "a frame of kind {} has a damaged header", kind);
  if (kind == 0 || kind > std::variant_size_v<Message>)
    return fail(Fault::internal, "a frame of the unknown kind {}", kind);
  if (length > max_body)
    return fail(Fault::internal, "a frame of {} bytes, where {} are the most", length, max_body);
  if (left.size() < header_size + length) return std::optional<Frame>();

  Frame frame{load<std::uint32_t>(left.substr(8)), Message{}};
  Reader reader(left.substr(header_size, length));
  if (!read_message(kind - 1U, reader, frame.message))
    return fail(Fault::internal, "a frame of kind {} has a damaged body", kind);
  used_ += header_size + length;
  return std::optional<Frame>(std::move(frame));
}

bool Decoder::seek_hello() {
  auto pattern = start_of<Hello>();
  pattern += std::string{static_cast<char>(hello_size), '\0', '\0', '\0'};
  return seek(pattern);
}

bool Decoder::seek_welcome(std::uint64_t nonce) {
  const auto wanted = encode({0, Welcome{protocol_version, nonce, {}}});
  for (;;) {
    if (!seek(start_of<Welcome>())) return false;
    const auto left = std::string_view(buffer_).substr(used_);
    const auto nonce_at = header_size + 4;
    if (left.size() < nonce_at + 8) return false;
    const auto length = load<std::uint32_t>(left.substr(length_offset));
    if (length <= welcome_limit && left.substr(nonce_at, 8) == wanted.substr(nonce_at, 8))
      return true;
    ++used_;
  }
}

void Decoder::clear() {
  buffer_.clear();
  used_ = 0;
}

bool Decoder::seek(std::string_view pattern) {
  const auto at = buffer_.find(pattern, used_);
  if (at != std::string::npos) {
    used_ = at;
    return true;
  }
  // The end may hold the beginning of one.
  const auto tail = std::min(pattern.size() - 1, buffer_.size() - used_);
  used_ = buffer_.size() - tail;
  return false;
}

}  // namespace cupel::wire
