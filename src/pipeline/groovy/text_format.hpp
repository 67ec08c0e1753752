// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pipeline/groovy/signal.hpp"

namespace cupel::pipeline {

/// As java.util.Formatter (String.format, printf, sprintf), in the root locale.
Outcome<std::string> format_java(std::string_view format, const std::vector<Value>& arguments);

}  // namespace cupel::pipeline
