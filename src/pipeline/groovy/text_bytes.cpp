// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"
#include "pipeline/groovy/bytes.hpp"

namespace cupel::pipeline {
namespace {

Outcome<Value> get_bytes(MethodCall& call) {
  const auto text = TRY(call.own_text());
  const auto charset = call.count() == 1 ? TRY(call.text(0)) : std::string("UTF-8");
  const auto bytes = TRY(encode_text(text, charset));
  TRY(call.evaluator.charge(bytes.size() * sizeof(Value)));
  return byte_array(bytes);
}

Outcome<Value> decode(MethodCall& call, Alphabet alphabet) {
  const auto text = TRY(call.own_text());
  const auto bytes = from_base64(text, alphabet);
  if (!bytes) return raise("java.lang.RuntimeException", "bad character in base64 value");
  TRY(call.evaluator.charge(bytes->size() * sizeof(Value)));
  return byte_array(*bytes);
}

Outcome<Value> decode_hex(MethodCall& call) {
  const auto text = TRY(call.own_text());
  std::string bytes;
  if (text.size() % 2 != 0)
    return raise("java.lang.NumberFormatException", "odd number of characters in hex string");
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto byte = BigInteger::parse(text.substr(i, 2), 16);
    if (!byte || byte->sign() < 0)
      return raise("java.lang.NumberFormatException", "For input string: \"{}\"",
                   text.substr(i, 2));
    bytes += static_cast<char>(static_cast<unsigned char>(byte->low()));
  }
  return byte_array(bytes);
}

Outcome<Value> digest_text(MethodCall& call, const std::string& algorithm) {
  return Value(TRY(digest(TRY(bytes_of(call.self)), algorithm)));
}

}  // namespace

void add_text_bytes(MethodTable& table) {
  table = {
      {"getBytes", {0, 1, get_bytes}},
      {"decodeBase64", {0, 0, [](MethodCall& c) { return decode(c, Alphabet::plain); }}},
      {"decodeBase64Url", {0, 0, [](MethodCall& c) { return decode(c, Alphabet::url); }}},
      {"decodeHex", {0, 0, decode_hex}},
      {"md5", {0, 0, [](MethodCall& c) { return digest_text(c, "MD5"); }}},
      {"sha256", {0, 0, [](MethodCall& c) { return digest_text(c, "SHA-256"); }}},
      {"digest",
       {1, 1, [](MethodCall& c) -> Outcome<Value> { return digest_text(c, TRY(c.text(0))); }}},
  };
}

/// Of byte[]; Groovy has them of other lists of numbers too.
void add_byte_methods(MethodTable& table) {
  table = {
      {"encodeBase64",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return c.text_value(base64(TRY(bytes_of(c.self))));
        }}},
      {"encodeBase64Url",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return c.text_value(base64(TRY(bytes_of(c.self)), Alphabet::url, Padding::without));
        }}},
      {"encodeHex",
       {0, 0,
        [](MethodCall& c) -> Outcome<Value> {
          return c.text_value(to_hex(TRY(bytes_of(c.self))));
        }}},
      {"md5", {0, 0, [](MethodCall& c) { return digest_text(c, "MD5"); }}},
      {"sha256", {0, 0, [](MethodCall& c) { return digest_text(c, "SHA-256"); }}},
      {"digest",
       {1, 1, [](MethodCall& c) -> Outcome<Value> { return digest_text(c, TRY(c.text(0))); }}},
  };
}

}  // namespace cupel::pipeline
