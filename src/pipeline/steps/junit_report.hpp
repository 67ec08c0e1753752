// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "model/run_record.hpp"

namespace cupel::pipeline::steps {

/// The test cases of one JUnit XML report. The bytes are foreign: whatever they are, this ends,
/// uses memory in proportion to their length, and fails (Fault::invalid) saying where they are
/// wrong.
Result<std::vector<model::TestRecord>> parse_junit_report(std::string_view bytes);

}  // namespace cupel::pipeline::steps
