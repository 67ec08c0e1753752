// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/number_text.hpp"

#include <charconv>

namespace cupel::pipeline {

Result<Value> whole_number(std::string_view digits, unsigned radix) {
  if (digits.starts_with('+')) digits.remove_prefix(1);
  std::int64_t number = 0;
  const auto* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, number, static_cast<int>(radix));
  if (error == std::errc{} && stop == end) return Value(number);
  return fail(Fault::invalid, "'{}' has more than 64 bits, which is not supported", digits);
}

Result<Value> decimal_number(std::string_view text) { return Value(TRY(Decimal::parse(text))); }

Result<Value> floating_number(std::string_view text) { return decimal_number(text); }

}  // namespace cupel::pipeline
