// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pipeline/groovy/value.hpp"

namespace cupel::pipeline {

/// org.apache.commons.csv.CSVFormat: how comma-separated values are written.
struct CsvFormat {
  char delimiter = ',';
  std::optional<char> quote = '"';
  std::optional<char> escape, comment;
  std::string record_separator = "\r\n";
  std::optional<std::string> null_text;
  bool ignore_empty_lines = true;
  bool ignore_surrounding_spaces = false;
  bool trim = false;
  /// Records are read by the names of their fields too.
  bool has_header = false;
  std::vector<std::string> header;  ///< empty, with has_header: the first record
  bool skip_header_record = false;
  bool ignore_header_case = false;
};

/// CSVFormat.DEFAULT and what its methods make of it come to a step as this; the default of null.
/// Fails where the value is no format.
Result<CsvFormat> csv_format_of(const Value& value);

}  // namespace cupel::pipeline
