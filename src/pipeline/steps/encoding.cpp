// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/encoding.hpp"

#include <array>
#include <cerrno>

#include "base/text.hpp"

namespace cupel::pipeline::steps {
namespace {

constexpr std::string_view letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

Result<Transcoder> Transcoder::make(const std::string& from, const std::string& to) {
  auto* state = ::iconv_open(to.c_str(), from.c_str());
  // iconv's own sign of failure is a pointer of minus one.
  if (reinterpret_cast<std::intptr_t>(state) == -1)
    return fail(Fault::invalid, "the encoding '{}' is not known", is_utf8(from) ? to : from);
  std::string replacement = "?";
  if (is_utf8(to)) replacement = "\xEF\xBF\xBD";
  return Transcoder(state, std::move(replacement));
}

std::string Transcoder::feed(std::string_view bytes) {
  rest_ += bytes;
  std::string text;
  convert(text);
  return text;
}

std::string Transcoder::finish() {
  std::string text;
  convert(text);
  if (!std::exchange(rest_, {}).empty()) text += replacement_;
  std::array<char, 64> buffer{};
  auto* out = buffer.data();
  auto room = buffer.size();
  ::iconv(state_.get(), nullptr, nullptr, &out, &room);
  text.append(buffer.data(), buffer.size() - room);
  return text;
}

void Transcoder::convert(std::string& text) {
  std::array<char, 16384> buffer{};
  auto* in = rest_.data();
  auto left = rest_.size();
  while (left > 0) {
    auto* out = buffer.data();
    auto room = buffer.size();
    const auto done = ::iconv(state_.get(), &in, &left, &out, &room);
    const int reason = done == static_cast<std::size_t>(-1) ? errno : 0;
    text.append(buffer.data(), buffer.size() - room);
    if (reason == EINVAL) break;  // the rest comes later
    if (reason != EILSEQ) continue;
    text += replacement_;
    // A character that the target lacks is skipped whole; a wrong byte alone.
    const std::string_view wrong(in, left);
    auto skip = replacement_ == "?" ? std::max<std::size_t>(utf8_length(wrong), 1) : 1;
    skip = std::min(skip, left);
    in += skip;
    left -= skip;
  }
  rest_.erase(0, rest_.size() - left);
}

bool is_utf8(std::string_view encoding) {
  const auto name = lower(encoding);
  return name == "utf-8" || name == "utf8" || name.empty();
}

Result<std::string> decoded(std::string bytes, const std::string& encoding) {
  if (is_utf8(encoding)) return bytes;
  if (lower(encoding) == "base64") return to_base64(bytes);
  auto transcoder = TRY(Transcoder::make(encoding, "UTF-8"));
  auto text = transcoder.feed(bytes);
  text += transcoder.finish();
  return text;
}

Result<std::string> encoded(std::string text, const std::string& encoding) {
  if (is_utf8(encoding)) return text;
  if (lower(encoding) == "base64") return from_base64(text);
  // As Java: UTF-16 without more is big-endian with a mark.
  const bool marked = lower(encoding) == "utf-16" || lower(encoding) == "utf16";
  auto transcoder = TRY(Transcoder::make("UTF-8", marked ? "UTF-16BE" : encoding));
  auto bytes = transcoder.feed(text);
  bytes += transcoder.finish();
  return marked ? "\xFE\xFF" + bytes : bytes;
}

std::string to_base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto at = [&](std::size_t k) -> unsigned {
      return i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U;
    };
    const unsigned group = (at(0) << 16U) | (at(1) << 8U) | at(2);
    text += letters[(group >> 18U) & 63U];
    text += letters[(group >> 12U) & 63U];
    text += i + 1 < bytes.size() ? letters[(group >> 6U) & 63U] : '=';
    text += i + 2 < bytes.size() ? letters[group & 63U] : '=';
  }
  return text;
}

Result<std::string> from_base64(std::string_view text) {
  std::string bytes;
  unsigned group = 0;
  unsigned bits = 0;
  std::size_t padding = 0;
  for (const char c : text) {
    if (c == '\n' || c == '\r' || c == ' ' || c == '\t') continue;
    if (c == '=') {
      ++padding;
      continue;
    }
    const auto value = letters.find(c);
    if (value == std::string_view::npos || padding > 0)
      return fail(Fault::invalid, "no valid base64: the character '{}'",
                  printable(std::string_view(&c, 1)));
    group = (group << 6U) | static_cast<unsigned>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>((group >> bits) & 0xFFU);
  }
  if (bits == 6 || padding > 2) return fail(Fault::invalid, "no valid base64: its end is missing");
  return bytes;
}

}  // namespace cupel::pipeline::steps
