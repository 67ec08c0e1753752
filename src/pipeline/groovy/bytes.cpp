// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/bytes.hpp"

#include <nettle/nettle-meta.h>

#include <array>
#include <memory>

#include "base/check.hpp"
#include "base/digest.hpp"
#include "pipeline/groovy/numbers.hpp"
#include "pipeline/groovy/text_methods.hpp"
#include "pipeline/groovy/utf8.hpp"

namespace cupel::pipeline {
namespace {

constexpr std::string_view plain_letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string_view letters_of(Alphabet alphabet) {
  return alphabet == Alphabet::plain ? plain_letters : url_letters;
}

bool is_single_byte(const std::string& charset) {
  return charset == "ISO-8859-1" || charset == "LATIN1" || charset == "US-ASCII" ||
         charset == "ASCII";
}

}  // namespace

Value byte_array(std::string_view bytes) {
  std::vector<Value> items;
  items.reserve(bytes.size());
  for (const char c : bytes) items.emplace_back(Whole{static_cast<signed char>(c), Width::byte_});
  return Value::array(std::move(items), "byte");
}

Outcome<std::string> bytes_of(const Value& value) {
  if (value.is_text()) return text_of(value);
  std::string bytes;
  for (const auto& item : TRY(elements_of(value))) {
    const auto* number = item.as_integer();
    if (!number)
      return raise("java.lang.IllegalArgumentException", "bytes are needed, not a {}",
                   item.type_name());
    bytes += static_cast<char>(static_cast<unsigned char>(*number & 0xFF));
  }
  return bytes;
}

std::string base64(std::string_view bytes, Alphabet alphabet, Padding padding) {
  const auto letters = letters_of(alphabet);
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    const auto have = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t j = 0; j < 3; ++j)
      group = group << 8U | (j < have ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j) {
      if (j <= have)
        text += letters[(group >> (18 - 6 * j)) & 63U];
      else if (padding == Padding::with)
        text += '=';
    }
  }
  return text;
}

std::optional<std::string> from_base64(std::string_view text, Alphabet alphabet) {
  const auto letters = letters_of(alphabet);
  std::string bytes;
  std::uint32_t group = 0;
  std::size_t have = 0;
  for (const char c : text) {
    if (c == '=' || c == '\n' || c == '\r' || c == ' ' || c == '\t') continue;
    const auto value = letters.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    group = group << 6U | static_cast<std::uint32_t>(value);
    if (++have % 4 == 0)
      for (const auto shift : {16U, 8U, 0U}) bytes += static_cast<char>((group >> shift) & 0xFFU);
    if (have % 4 == 0) group = 0;
  }
  if (have % 4 == 1) return std::nullopt;
  if (have % 4 == 2) bytes += static_cast<char>((group >> 4U) & 0xFFU);
  if (have % 4 == 3) {
    bytes += static_cast<char>((group >> 10U) & 0xFFU);
    bytes += static_cast<char>((group >> 2U) & 0xFFU);
  }
  return bytes;
}

Outcome<std::string> digest(std::string_view bytes, const std::string& algorithm) {
  auto name = upper_case(algorithm);
  if (name == "SHA") name = "SHA1";
  std::erase(name, '-');
  static const std::array<std::pair<std::string_view, const nettle_hash*>, 6> known = {
      {{"MD5", &nettle_md5},
       {"SHA1", &nettle_sha1},
       {"SHA224", &nettle_sha224},
       {"SHA256", &nettle_sha256},
       {"SHA384", &nettle_sha384},
       {"SHA512", &nettle_sha512}}};
  const auto* method =
      std::find_if(known.begin(), known.end(), [&](const auto& one) { return one.first == name; });
  if (method == known.end())
    return raise("java.security.NoSuchAlgorithmException", "{} MessageDigest not available",
                 algorithm);
  const auto& hash = *method->second;
  // The largest context is SHA-512's.
  alignas(std::max_align_t) std::array<std::byte, 512> state{};
  CHECK(hash.context_size <= state.size(), "{} needs {} bytes", name, hash.context_size);
  std::string sum(hash.digest_size, '\0');
  hash.init(state.data());
  hash.update(state.data(), bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
  hash.digest(state.data(), sum.size(), reinterpret_cast<std::uint8_t*>(sum.data()));
  return to_hex(sum);
}

Outcome<std::string> encode_text(std::string_view text, const std::string& charset) {
  const auto name = upper_case(charset);
  if (name == "UTF-8" || name == "UTF8") return std::string(text);
  if (!is_single_byte(name)) return raise("java.io.UnsupportedEncodingException", "{}", charset);
  const char32_t last = name.ends_with("ASCII") ? 0x7F : 0xFF;
  std::string bytes;
  for (const auto c : code_points(text))
    bytes += c <= last ? static_cast<char>(static_cast<unsigned char>(c)) : '?';
  return bytes;
}

Outcome<std::string> decode_text(std::string_view bytes, const std::string& charset) {
  const auto name = upper_case(charset);
  if (name == "UTF-8" || name == "UTF8") return valid_utf8(bytes);
  if (!is_single_byte(name)) return raise("java.io.UnsupportedEncodingException", "{}", charset);
  std::string text;
  for (const char c : bytes) append_utf8(static_cast<unsigned char>(c), text);
  return text;
}

}  // namespace cupel::pipeline
