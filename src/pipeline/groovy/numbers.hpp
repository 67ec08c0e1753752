// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "pipeline/groovy/signal.hpp"
#include "pipeline/syntax/expression.hpp"

namespace cupel::pipeline {

// Groovy's arithmetic. Its kind is that of the "largest" operand: Double (if either is a Double or
// Float), BigDecimal, BigInteger, Long, Integer. Integer and Long wrap. Whole numbers divide as
// BigDecimal. All operands are numbers.

/// + - * / % ** & | ^ << >> >>>
Outcome<Value> calculate(syntax::BinaryOperator op, const Value& a, const Value& b);
/// a.intdiv(b)
Outcome<Value> whole_quotient(const Value& a, const Value& b);
Outcome<Value> negated(const Value& number);
Outcome<Value> complement(const Value& number);

int numbers_compare(const Value& a, const Value& b);
bool numbers_equal(const Value& a, const Value& b);
bool is_zero(const Value& number);
std::string number_text(const Value& number);

double floating_of(const Value& number);
/// Fails for NaN and infinities, as the next.
Outcome<Decimal> decimal_of(const Value& number);
Outcome<BigInteger> big_integer_of(const Value& number);
/// As longValue(), intValue(): cut off, wrapped.
std::int64_t long_of(const Value& number);
std::int32_t int_of(const Value& number);
/// Cuts a number down to the width, as (byte), (short), (int), (long) do.
Value narrowed(const Value& number, Width width);

}  // namespace cupel::pipeline
