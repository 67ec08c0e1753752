// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace cupel::pipeline {

/// A class or interface of Java, Groovy or Jenkins that code may name.
struct KnownType {
  enum class Kind { plain, interface, primitive, exception };
  std::string_view name;                       ///< in full
  std::vector<std::string_view> parents = {};  ///< what it extends, first, and implements
  Kind kind = Kind::plain;
};
std::span<const KnownType> known_types();
/// By its full name; null if unknown.
const KnownType* find_known_type(std::string_view name);

}  // namespace cupel::pipeline
