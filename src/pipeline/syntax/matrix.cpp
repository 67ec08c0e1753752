// SPDX-License-Identifier: Apache-2.0
#include "pipeline/syntax/matrix.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cupel::pipeline::syntax {

std::vector<Cell> all_cells(const std::vector<Axis>& axes) {
  std::vector<Cell> list;
  if (axes.empty()) return list;
  list.emplace_back();
  for (const auto& axis : axes) {
    std::vector<Cell> longer;
    longer.reserve(list.size() * axis.values.size());
    for (const auto& cell : list)
      for (const auto& value : axis.values) {
        longer.push_back(cell);
        longer.back().emplace_back(axis.name.text, value.text);
      }
    list = std::move(longer);
  }
  return list;
}

const Exclude* exclude_of(const Cell& cell, const std::vector<Exclude>& excludes) {
  const auto matches = [&](const ExcludedAxis& axis) {
    const auto own =
        std::ranges::find(cell, std::string_view(axis.name.text), &Cell::value_type::first);
    if (own == cell.end()) return false;
    const bool listed =
        std::ranges::find(axis.values, own->second, &Name::text) != axis.values.end();
    return listed == (axis.of == ExcludedAxis::Of::values);
  };
  const auto found = std::ranges::find_if(excludes, [&](const Exclude& exclude) {
    return !exclude.axes.empty() && std::ranges::all_of(exclude.axes, matches);
  });
  return found != excludes.end() ? &*found : nullptr;
}

std::vector<Cell> cells(const std::vector<Axis>& axes, const std::vector<Exclude>& excludes) {
  auto list = all_cells(axes);
  std::erase_if(list, [&](const Cell& cell) { return exclude_of(cell, excludes) != nullptr; });
  return list;
}

std::string cell_name(const Cell& cell) {
  std::string name = "Matrix - ";
  for (const auto& [axis, value] : cell)
    name += fmt::format("{}{} = '{}'", name.size() > 9 ? ", " : "", axis, value);
  return name;
}

}  // namespace cupel::pipeline::syntax
