// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "os/files.hpp"
#include "pipeline/interpreter/execute.hpp"

namespace cupel::pipeline::golden {

/// How a golden is run, other than by itself.
struct Circumstances {
  Journal* journal = nullptr;
  Observer* observer = nullptr;  ///< hears of the run instead of the recorder
  /// Where nodes and files are, which then outlive the process; empty: they go with the run.
  os::fs::path root = {};
};

/// What happened, and how it ended.
std::string run(const os::fs::path& file, const Circumstances& circumstances);

/// All of them, sorted.
std::vector<os::fs::path> files();
/// For a test's name.
std::string name_of(const os::fs::path& file);

}  // namespace cupel::pipeline::golden
