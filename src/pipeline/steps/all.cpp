// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/all.hpp"

#include "pipeline/steps/makers.hpp"

namespace cupel::pipeline::steps {

StepTable all() {
  std::vector<std::unique_ptr<Step>> steps;
  for (const auto make : {make_ansi_color,
                          make_archive_artifacts,
                          make_bat,
                          make_catch_error,
                          make_checkout,
                          make_clean_ws,
                          make_compare_versions,
                          make_delete_dir,
                          make_dir,
                          make_echo,
                          make_error,
                          make_file_exists,
                          make_find_files,
                          make_fingerprint,
                          make_git,
                          make_is_unix,
                          make_junit,
                          make_md5,
                          make_node,
                          make_parallel,
                          make_powershell,
                          make_prepend_to_file,
                          make_println,
                          make_pwd,
                          make_pwsh,
                          make_read_csv,
                          make_read_file,
                          make_read_json,
                          make_read_manifest,
                          make_read_properties,
                          make_read_yaml,
                          make_resolve_scm,
                          make_retry,
                          make_script,
                          make_sha1,
                          make_sha256,
                          make_shell,
                          make_sleep,
                          make_stage,
                          make_stash,
                          make_tar,
                          make_tee,
                          make_timeout,
                          make_timestamps,
                          make_touch,
                          make_unarchive,
                          make_unstable,
                          make_unstash,
                          make_untar,
                          make_unzip,
                          make_verify_md5,
                          make_verify_sha1,
                          make_verify_sha256,
                          make_wait_until,
                          make_warn_error,
                          make_with_env,
                          make_wrap,
                          make_write_csv,
                          make_write_file,
                          make_write_json,
                          make_write_yaml,
                          make_ws,
                          make_zip})
    steps.push_back(make());
  return StepTable(std::move(steps));
}

}  // namespace cupel::pipeline::steps
