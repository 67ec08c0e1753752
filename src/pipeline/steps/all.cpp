// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/all.hpp"

#include "pipeline/steps/makers.hpp"

namespace cupel::pipeline::steps {

StepTable all() {
  std::vector<std::unique_ptr<Step>> steps;
  for (const auto make : {make_archive_artifacts,
                          make_catch_error,
                          make_checkout,
                          make_delete_dir,
                          make_dir,
                          make_echo,
                          make_error,
                          make_file_exists,
                          make_git,
                          make_is_unix,
                          make_junit,
                          make_node,
                          make_parallel,
                          make_println,
                          make_pwd,
                          make_read_file,
                          make_resolve_scm,
                          make_retry,
                          make_script,
                          make_shell,
                          make_sleep,
                          make_stage,
                          make_stash,
                          make_timeout,
                          make_unstable,
                          make_unstash,
                          make_warn_error,
                          make_with_env,
                          make_write_file,
                          make_ws})
    steps.push_back(make());
  return StepTable(std::move(steps));
}

}  // namespace cupel::pipeline::steps
