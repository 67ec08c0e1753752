// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/bytes.hpp"

#include <openssl/evp.h>

#include <array>
#include <memory>

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
  static constexpr std::array known = {"MD5", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512"};
  const bool is_known = std::find(known.begin(), known.end(), name) != known.end();
  const auto* method = is_known ? EVP_get_digestbyname(name.c_str()) : nullptr;
  if (!method)
    return raise("java.security.NoSuchAlgorithmException", "{} MessageDigest not available",
                 algorithm);
  std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), sum.data(), &size, method, nullptr) != 1)
    return raise("java.security.NoSuchAlgorithmException", "{} MessageDigest not available",
                 algorithm);
  return to_hex(std::string_view(reinterpret_cast<const char*>(sum.data()), size));
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
