// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/user_class.hpp"

#include <algorithm>

#include "pipeline/groovy/java_class.hpp"

namespace cupel::pipeline {
namespace {

bool same_parameters(const UserMethod& a, const UserMethod& b) {
  const auto& x = a.code->parameters;
  const auto& y = b.code->parameters;
  return std::ranges::equal(x, y, [](const auto& one, const auto& other) {
    return simple_name(one.type.name) == simple_name(other.type.name) &&
           one.type.dimensions == other.type.dimensions;
  });
}

}  // namespace

void UserClass::collect(std::string_view method, std::vector<UserMethod>& found) const {
  if (const auto own = methods.find(method); own != methods.end())
    for (const auto& one : own->second) {
      const bool overridden = std::ranges::any_of(
          found, [&](const UserMethod& known) { return same_parameters(known, one); });
      if (one.code->body && !overridden) found.push_back(one);
    }
  // The trait named last wins.
  for (auto part = interfaces.rbegin(); part != interfaces.rend(); ++part)
    (*part)->collect(method, found);
  if (base) base->collect(method, found);
}

const std::vector<UserMethod>& UserClass::find_methods(std::string_view method) const {
  const auto known = found_.find(std::string(method));
  if (known != found_.end()) return known->second;
  auto& found = found_[std::string(method)];
  collect(method, found);
  return found;
}

const UserField* UserClass::find_field(std::string_view field) const {
  for (const auto& own : fields)
    if (own.declarator->name.text == field) return &own;
  for (const auto* part : interfaces)
    if (const auto* found = part->find_field(field)) return found;
  return base ? base->find_field(field) : nullptr;
}

Value* UserClass::find_static(std::string_view field) {
  if (const auto own = statics.find(field); own != statics.end()) return &own->second;
  for (auto* part : interfaces)
    if (auto* found = part->find_static(field)) return found;
  if (base)
    if (auto* found = base->find_static(field)) return found;
  return outer ? outer->find_static(field) : nullptr;
}

std::vector<UserField> UserClass::instance_fields() const {
  auto all = base ? base->instance_fields() : std::vector<UserField>();
  for (const auto* part : interfaces)
    for (auto& one : part->instance_fields()) all.push_back(one);
  for (const auto& one : fields)
    if (!one.is_static) all.push_back(one);
  return all;
}

bool UserClass::is_a(std::string_view type) const {
  if (name == type) return true;
  if (base ? base->is_a(type) : is_subclass(native_base, type)) return true;
  return std::ranges::any_of(interfaces, [&](const auto* part) { return part->is_a(type); }) ||
         std::ranges::any_of(native_interfaces,
                             [&](const auto& part) { return is_subclass(part, type); });
}

bool UserClass::is_exception() const { return is_subclass(native_base, "java.lang.Throwable"); }

}  // namespace cupel::pipeline
