// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/all.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/mapped_step.hpp"
#include "pipeline/steps/reboot.hpp"

namespace cupel::pipeline::steps {

namespace {

std::vector<std::unique_ptr<Step>> own_steps() {
  std::vector<std::unique_ptr<Step>> steps;
  for (const auto make : {make_ansi_color,
                          make_archive_artifacts,
                          make_bat,
                          make_build,
                          make_catch_error,
                          make_checkout,
                          make_clean_ws,
                          make_compare_versions,
                          make_container,
                          make_container_template,
                          make_docker_build,
                          make_docker_inside,
                          make_docker_login,
                          make_docker_logout,
                          make_docker_port,
                          make_docker_pull,
                          make_docker_push,
                          make_docker_run,
                          make_docker_stop,
                          make_docker_tag,
                          make_pod_template,
                          make_config_file_provider,
                          make_copy_artifacts,
                          make_delete_dir,
                          make_dir,
                          make_echo,
                          make_error,
                          make_file_exists,
                          make_find_files,
                          make_fingerprint,
                          make_general_step,
                          make_git,
                          make_input,
                          make_is_unix,
                          make_junit,
                          make_lock,
                          make_md5,
                          make_milestone,
                          make_evaluate,
                          make_library,
                          make_library_resource,
                          make_link,
                          make_load,
                          make_machine,
                          make_node,
                          make_nodes_by_label,
                          make_on_machines,
                          make_parallel,
                          make_powershell,
                          make_prepend_to_file,
                          make_println,
                          make_properties,
                          make_publish_html,
                          make_pwd,
                          make_pwsh,
                          make_read_csv,
                          make_read_file,
                          make_read_json,
                          make_read_manifest,
                          make_read_maven_pom,
                          make_read_properties,
                          make_read_yaml,
                          make_realtime_junit,
                          make_reboot,
                          make_record_issues,
                          make_resolve_scm,
                          make_retry,
                          make_script,
                          make_sha1,
                          make_sha256,
                          make_shell,
                          make_sleep,
                          make_ssh_agent,
                          make_stage,
                          make_stash,
                          make_tar,
                          make_tee,
                          make_timeout,
                          make_timestamps,
                          make_tool,
                          make_topology,
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
                          make_with_credentials,
                          make_with_docker_container,
                          make_with_docker_registry,
                          make_with_env,
                          make_wrap,
                          make_write_csv,
                          make_write_file,
                          make_write_json,
                          make_write_yaml,
                          make_ws,
                          make_zip})
    steps.push_back(make());
  add_build_marks(steps);
  add_notifiers(steps);
  add_reports(steps);
  add_tool_wrappers(steps);
  return steps;
}

bool can_be_called(const std::string& name) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !name.empty() && letter(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

}  // namespace

StepTable all() { return StepTable(own_steps()); }

Result<StepTable> with_mapped(const std::map<std::string, MappedStep>& mapped) {
  auto steps = own_steps();
  for (const auto& [name, how] : mapped) {
    if (!can_be_called(name))
      return fail(Fault::invalid, "[steps] of cupel.toml: '{}' is no name of a step",
                  printable(name));
    const auto same = [&](const auto& step) { return step->signature().name == name; };
    if (std::any_of(steps.begin(), steps.end(), same))
      return fail(Fault::invalid, "[steps] of cupel.toml: cupel has the step '{}' itself", name);
    steps.push_back(make_mapped_step(name, how));
  }
  return StepTable(std::move(steps));
}

}  // namespace cupel::pipeline::steps
