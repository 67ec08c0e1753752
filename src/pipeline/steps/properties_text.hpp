// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace cupel::pipeline::steps {

/// Names and values in the order of their first lines; a later line replaces an earlier value.
using Properties = std::vector<std::pair<std::string, std::string>>;

/// A text in Java's form of .properties; fails as parse_properties does.
Result<Properties> properties_of(std::string_view text);

void set_property(Properties& properties, const std::string& name, std::string value);

/// ${name} replaced by that property's value, again and again; an unknown name stays as it is.
/// Fails where names name each other in a circle, or the text becomes too long.
Result<Properties> interpolated(const Properties& properties);

}  // namespace cupel::pipeline::steps
