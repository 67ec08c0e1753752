// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "pipeline/groovy/csv_format.hpp"

namespace cupel::pipeline::steps {

using CsvRecord = std::vector<std::string>;

/// All records, also the one that is a header, with any line ends. Foreign bytes: whatever they
/// are, this ends; invalid names the line where a quoted field is broken.
Result<std::vector<CsvRecord>> parse_csv(std::string_view text, const CsvFormat& format = {});

/// One record with its line's end; fields are quoted only where they must be. A format without
/// quotes must have an escape for what needs one.
Result<std::string> csv_line(const CsvRecord& record, const CsvFormat& format = {});

}  // namespace cupel::pipeline::steps
