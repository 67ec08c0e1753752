// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pipeline/syntax/expression.hpp"

namespace cupel::pipeline {

/// The method that a class defines for an operator: plus, leftShift, ...
std::string operator_method(syntax::BinaryOperator op);
/// The other way round.
std::optional<syntax::BinaryOperator> operator_of_method(std::string_view method);

}  // namespace cupel::pipeline
