// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "pipeline/groovy/value.hpp"

namespace cupel::pipeline {

/// Digits with an optional sign, as the smallest of Integer, Long and BigInteger.
Result<Value> whole_number(std::string_view digits, unsigned radix = 10);
/// "1.50", "2e3": a BigDecimal.
Result<Value> decimal_number(std::string_view text);
/// The same as a Double; "Infinity", "-Infinity" and "NaN" too.
Result<Value> floating_number(std::string_view text);

}  // namespace cupel::pipeline
