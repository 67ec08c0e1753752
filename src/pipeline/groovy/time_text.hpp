// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "pipeline/groovy/signal.hpp"

namespace cupel::pipeline {

/// One field of a Date as %tY, %tm and so on of java.util.Formatter print it.
Outcome<std::string> format_date_field(const Value& value, char field);

}  // namespace cupel::pipeline
