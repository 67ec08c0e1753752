// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

namespace cupel::pipeline {

/// "0.25 sec", "1.2 sec", "15 sec", "2 min 5 sec": as Jenkins writes a duration.
std::string time_span(std::chrono::milliseconds duration);

}  // namespace cupel::pipeline
