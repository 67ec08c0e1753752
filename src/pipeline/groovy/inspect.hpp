// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "pipeline/groovy/signal.hpp"

namespace cupel::pipeline {

/// As Groovy's inspect(): the text, with strings in quotes, also inside lists and maps.
Outcome<std::string> inspect(const Value& value);

}  // namespace cupel::pipeline
