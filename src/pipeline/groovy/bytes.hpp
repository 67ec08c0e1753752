// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pipeline/groovy/methods.hpp"

namespace cupel::pipeline {

/// A byte[] of these bytes, and back. Throws if an element is no number.
Value byte_array(std::string_view bytes);
Outcome<std::string> bytes_of(const Value& value);

enum class Alphabet { plain, url };
enum class Padding { with, without };
std::string base64(std::string_view bytes, Alphabet alphabet = Alphabet::plain,
                   Padding padding = Padding::with);
/// White space is passed over; nothing if there is anything else that does not belong.
std::optional<std::string> from_base64(std::string_view text, Alphabet alphabet = Alphabet::plain);

/// In lower-case hexadecimal; the algorithm as Java names it: "MD5", "SHA-256". Throws
/// NoSuchAlgorithmException.
Outcome<std::string> digest(std::string_view bytes, const std::string& algorithm);

/// Bytes of a text in a charset as Java names it, and back. Throws UnsupportedEncodingException.
Outcome<std::string> encode_text(std::string_view text, const std::string& charset);
Outcome<std::string> decode_text(std::string_view bytes, const std::string& charset);

}  // namespace cupel::pipeline
