// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/run_files.hpp"

#include <fcntl.h>

namespace cupel::pipeline {

Result<> RunFiles::append_artifact(const std::string& name, std::string_view bytes) {
  const auto path = artifacts() / name;
  TRY(os::make_directories(path.parent_path()));
  // One write to a file that is opened to append: branches do not mix within it.
  const auto file = TRY(os::open_file(path.string(), O_WRONLY | O_CREAT | O_APPEND));
  TRY(os::write_all(file, bytes, Stop()));
  add_artifacts({name});
  return {};
}

}  // namespace cupel::pipeline
