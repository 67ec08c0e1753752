// SPDX-License-Identifier: Apache-2.0
#include "pipeline/groovy/time_text.hpp"

namespace cupel::pipeline {

Outcome<std::string> format_date_field(const Value& value, char field) {
  return refuse("the format %t{} of a {} is not supported; use Date.format()", field,
                value.type_name());
}

}  // namespace cupel::pipeline
