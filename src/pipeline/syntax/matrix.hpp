// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/syntax/ast.hpp"

namespace cupel::pipeline::syntax {

/// axis { name 'A'; values 'x', 'y' }
struct Axis {
  Name name;
  std::vector<Name> values;
  Span span;
};

/// An axis of an exclude: it matches if the cell's value is one of the values, or, with notValues,
/// none of them.
struct ExcludedAxis {
  enum class Of { values, not_values };
  Name name;
  Of of = Of::values;
  std::vector<Name> values;
  Span span;
};

/// Takes out the cells that match all of its axes.
struct Exclude {
  std::vector<ExcludedAxis> axes;
  Span span;
};

/// The value of each axis, in the axes' order.
using Cell = std::vector<std::pair<std::string_view, std::string_view>>;

/// The cells that run, the last axis turning fastest. Views of the axes given.
std::vector<Cell> cells(const std::vector<Axis>& axes, const std::vector<Exclude>& excludes);
/// The same before excludes are taken out.
std::vector<Cell> all_cells(const std::vector<Axis>& axes);
/// The exclude that takes the cell out, or null.
const Exclude* exclude_of(const Cell& cell, const std::vector<Exclude>& excludes);

/// "Matrix - A = 'x', B = 'y'": the name of the cell's stage.
std::string cell_name(const Cell& cell);

/// More cells than this are refused.
constexpr std::size_t max_cells = 10000;

}  // namespace cupel::pipeline::syntax
