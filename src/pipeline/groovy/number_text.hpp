// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "pipeline/groovy/signal.hpp"
#include "pipeline/groovy/value.hpp"

namespace cupel::pipeline {

/// Digits with an optional sign, as the smallest of Integer, Long and BigInteger.
Result<Value> whole_number(std::string_view digits, unsigned radix = 10);
/// "1.50", "2e3": a BigDecimal.
Result<Value> decimal_number(std::string_view text);
/// The same as a Double; "Infinity", "-Infinity" and "NaN" too.
Result<Value> floating_number(std::string_view text);

/// As Double.parseDouble; nothing if it is no number.
std::optional<double> parse_floating(std::string_view text);
/// As Integer.parseInt, Long.parseLong and so on; throws NumberFormatException.
Outcome<Value> parse_whole(std::string_view text, unsigned radix, Width width);

/// BigDecimal.ROUND_UP and so on, or the name of a RoundingMode.
Outcome<Rounding> rounding_of(const Value& value);

}  // namespace cupel::pipeline
