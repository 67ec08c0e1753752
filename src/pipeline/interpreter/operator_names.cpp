// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/operator_names.hpp"

#include <array>

namespace cupel::pipeline {
namespace {

using Op = syntax::BinaryOperator;
struct Named {
  Op op;
  std::string_view method;
};
constexpr auto names = std::to_array<Named>({{Op::add, "plus"},
                                             {Op::subtract, "minus"},
                                             {Op::multiply, "multiply"},
                                             {Op::divide, "div"},
                                             {Op::remainder, "mod"},
                                             {Op::power, "power"},
                                             {Op::shift_left, "leftShift"},
                                             {Op::shift_right, "rightShift"},
                                             {Op::shift_right_unsigned, "rightShiftUnsigned"},
                                             {Op::bit_and, "and"},
                                             {Op::bit_or, "or"},
                                             {Op::bit_xor, "xor"},
                                             {Op::compare, "compareTo"},
                                             {Op::equal, "equals"}});

}  // namespace

std::string operator_method(Op op) {
  for (const auto& known : names)
    if (known.op == op) return std::string(known.method);
  return std::string(syntax::symbol(op));
}

std::optional<Op> operator_of_method(std::string_view method) {
  for (const auto& known : names)
    if (known.method == method) return known.op;
  return std::nullopt;
}

}  // namespace cupel::pipeline
