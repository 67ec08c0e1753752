// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace cupel::pipeline::steps {

using CsvRecord = std::vector<std::string>;

/// RFC 4180, with any line ends; empty lines are no records. Foreign bytes: whatever they are, this
/// ends; invalid names the line where a quoted field is broken.
Result<std::vector<CsvRecord>> parse_csv(std::string_view text);

/// One record with its line's end; fields are quoted only where they must be.
std::string csv_line(const CsvRecord& record);

}  // namespace cupel::pipeline::steps
