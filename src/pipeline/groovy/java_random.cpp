// SPDX-License-Identifier: Apache-2.0
#include <cctype>
#include <cmath>

#include "base/digest.hpp"
#include "pipeline/groovy/bytes.hpp"
#include "pipeline/groovy/java_classes.hpp"
#include "pipeline/groovy/object.hpp"
#include "pipeline/groovy/random.hpp"
#include "pipeline/groovy/text_methods.hpp"

namespace cupel::pipeline {
namespace {

/// java.util.Random's generator: the same numbers for the same seed.
class RandomObject final : public Object {
 public:
  explicit RandomObject(std::int64_t seed)
      : state_((static_cast<std::uint64_t>(seed) ^ multiplier) & mask) {}
  std::string type_name() const override { return "java.util.Random"; }
  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override {
    const auto* bound = arguments.empty() ? nullptr : arguments.back().as_integer();
    if (name == "nextInt" && arguments.empty()) return Value(std::int64_t{next(32)});
    if (name == "nextInt" && arguments.size() == 1 && bound) return below(*bound);
    if (name == "nextInt" && arguments.size() == 2 && bound && arguments[0].as_integer()) {
      const auto from = *arguments[0].as_integer();
      return Value(from + *TRY(below(*bound - from)).as_integer());
    }
    if (name == "nextLong" && arguments.empty()) return Value::long_of(next_long());
    if (name == "nextBoolean" && arguments.empty()) return Value(next(1) != 0);
    if (name == "nextDouble" && arguments.empty()) {
      const auto high = static_cast<std::int64_t>(next(26)) << 27;
      return Value(static_cast<double>(high + next(27)) * 0x1.0p-53);
    }
    if (name == "nextFloat" && arguments.empty())
      return Value::float_of(static_cast<double>(next(24)) / static_cast<double>(1 << 24));
    return Object::call(name, arguments, context);
  }

 private:
  static constexpr std::uint64_t multiplier = 0x5DEECE66DU;
  static constexpr std::uint64_t mask = (std::uint64_t{1} << 48U) - 1;

  std::int32_t next(unsigned bits) {
    state_ = (state_ * multiplier + 0xBU) & mask;
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(state_ >> (48U - bits)));
  }
  std::int64_t next_long() {
    const auto high = static_cast<std::uint64_t>(static_cast<std::int64_t>(next(32))) << 32U;
    return static_cast<std::int64_t>(high + static_cast<std::uint64_t>(std::int64_t{next(32)}));
  }
  Outcome<Value> below(std::int64_t bound) {
    if (bound <= 0 || bound > 0x7FFFFFFF)
      return raise("java.lang.IllegalArgumentException", "bound must be positive");
    if ((bound & -bound) == bound) return Value((bound * std::int64_t{next(31)}) >> 31);
    for (;;) {
      const std::int64_t bits = next(31);
      const auto value = bits % bound;
      if (bits - value + (bound - 1) <= 0x7FFFFFFF) return Value(value);
    }
  }

  std::uint64_t state_;
};

Outcome<Value> new_random(StaticCall& call) {
  const auto seed = call.count() == 1 ? TRY(call.integer(0))
                                      : TRY(random_seed(call.evaluator, call.context, "random"));
  return Value(std::shared_ptr<Object>(std::make_shared<RandomObject>(seed)));
}

/// A java.util.UUID; its text says all.
class UuidObject final : public Object {
 public:
  explicit UuidObject(std::string text) : text_(std::move(text)) {}
  std::string type_name() const override { return "java.util.UUID"; }
  std::string text() const override { return text_; }
  Outcome<std::string> to_string() override { return text_; }
  std::optional<Value> plain() const override { return Value(text_); }
  Outcome<bool> equals(const Value& other) override {
    const auto* uuid = dynamic_cast<const UuidObject*>(other.object_here());
    return uuid && uuid->text_ == text_;
  }
  Outcome<std::int32_t> hash() override { return hash_of(Value(text_)); }
  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override {
    if (name == "toString" && arguments.empty()) return Value(text_);
    if (name == "version" && arguments.empty()) return Value(static_cast<int>(text_[14] - '0'));
    return Object::call(name, arguments, context);
  }

 private:
  std::string text_;
};

/// From 32 hexadecimal digits, with the version and variant bits set.
Value uuid_value(std::string hex, char version) {
  hex[12] = version;
  static constexpr std::string_view variants = "89ab";
  const auto digit = static_cast<std::size_t>(hex[16] <= '9' ? hex[16] - '0' : hex[16] - 'a' + 10);
  hex[16] = variants[digit & 3U];
  for (const std::size_t at : {8U, 13U, 18U, 23U}) hex.insert(at, 1, '-');
  return Value(std::shared_ptr<Object>(std::make_shared<UuidObject>(std::move(hex))));
}

Outcome<Value> random_uuid(StaticCall& call) {
  const auto seen = TRY(call.evaluator.observe(
      call.context, "uuid", []() -> Outcome<Value> { return Value(to_hex(random_bytes(16))); }));
  return uuid_value(*seen.as_text(), '4');
}

Outcome<Value> uuid_from_text(StaticCall& call) {
  const auto text = lower_case(TRY(call.text(0)));
  bool right = text.size() == 36;
  for (std::size_t i = 0; right && i < text.size(); ++i)
    right = i == 8 || i == 13 || i == 18 || i == 23
                ? text[i] == '-'
                : std::isxdigit(static_cast<unsigned char>(text[i])) != 0;
  if (!right) return raise("java.lang.IllegalArgumentException", "Invalid UUID string: {}", text);
  return Value(std::shared_ptr<Object>(std::make_shared<UuidObject>(text)));
}

Outcome<Value> uuid_of_bytes(StaticCall& call) {
  return uuid_value(TRY(digest(TRY(bytes_of(call.arguments[0])), "MD5")), '3');
}

}  // namespace

std::span<const JavaClass> random_classes() {
  static const std::vector<JavaClass> classes = {
      {.name = "java.util.Random", .construct = {0, 1, new_random}},
      {.name = "java.security.SecureRandom", .construct = {0, 0, new_random}},
      {.name = "java.util.UUID",
       .methods = {{"randomUUID", {0, 0, random_uuid}},
                   {"fromString", {1, 1, uuid_from_text}},
                   {"nameUUIDFromBytes", {1, 1, uuid_of_bytes}}}},
  };
  return classes;
}

}  // namespace cupel::pipeline
