// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pipeline/syntax/ast.hpp"

namespace cupel::pipeline::syntax {

/// One more than the highest of the node's children: what the node's own height has to be.
std::uint32_t height_of(const Expression::Node& node);
std::uint32_t height_of(const Statement::Node& node);

}  // namespace cupel::pipeline::syntax
