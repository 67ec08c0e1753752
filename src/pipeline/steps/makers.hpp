// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "pipeline/interpreter/step.hpp"

namespace cupel::pipeline::steps {

// One for each step of this folder.
std::unique_ptr<Step> make_ansi_color();
std::unique_ptr<Step> make_archive_artifacts();
std::unique_ptr<Step> make_bat();
std::unique_ptr<Step> make_build();
std::unique_ptr<Step> make_catch_error();
std::unique_ptr<Step> make_checkout();
std::unique_ptr<Step> make_clean_ws();
std::unique_ptr<Step> make_compare_versions();
std::unique_ptr<Step> make_container();
std::unique_ptr<Step> make_container_template();
std::unique_ptr<Step> make_docker_build();
std::unique_ptr<Step> make_docker_inside();
std::unique_ptr<Step> make_docker_login();
std::unique_ptr<Step> make_docker_logout();
std::unique_ptr<Step> make_docker_port();
std::unique_ptr<Step> make_docker_pull();
std::unique_ptr<Step> make_docker_push();
std::unique_ptr<Step> make_docker_run();
std::unique_ptr<Step> make_docker_stop();
std::unique_ptr<Step> make_docker_tag();
std::unique_ptr<Step> make_pod_template();
std::unique_ptr<Step> make_config_file_provider();
std::unique_ptr<Step> make_copy_artifacts();
std::unique_ptr<Step> make_delete_dir();
std::unique_ptr<Step> make_dir();
std::unique_ptr<Step> make_echo();
std::unique_ptr<Step> make_error();
std::unique_ptr<Step> make_file_exists();
std::unique_ptr<Step> make_find_files();
std::unique_ptr<Step> make_fingerprint();
std::unique_ptr<Step> make_general_step();
std::unique_ptr<Step> make_git();
std::unique_ptr<Step> make_input();
std::unique_ptr<Step> make_is_unix();
std::unique_ptr<Step> make_junit();
std::unique_ptr<Step> make_lock();
std::unique_ptr<Step> make_md5();
std::unique_ptr<Step> make_milestone();
std::unique_ptr<Step> make_machine();
std::unique_ptr<Step> make_node();
std::unique_ptr<Step> make_nodes_by_label();
std::unique_ptr<Step> make_on_machines();
std::unique_ptr<Step> make_parallel();
std::unique_ptr<Step> make_powershell();
std::unique_ptr<Step> make_prepend_to_file();
std::unique_ptr<Step> make_println();
std::unique_ptr<Step> make_properties();
std::unique_ptr<Step> make_publish_html();
std::unique_ptr<Step> make_pwd();
std::unique_ptr<Step> make_pwsh();
std::unique_ptr<Step> make_read_csv();
std::unique_ptr<Step> make_read_file();
std::unique_ptr<Step> make_read_json();
std::unique_ptr<Step> make_read_manifest();
std::unique_ptr<Step> make_read_maven_pom();
std::unique_ptr<Step> make_realtime_junit();
std::unique_ptr<Step> make_read_properties();
std::unique_ptr<Step> make_read_yaml();
std::unique_ptr<Step> make_record_issues();
std::unique_ptr<Step> make_resolve_scm();
std::unique_ptr<Step> make_evaluate();
std::unique_ptr<Step> make_library();
std::unique_ptr<Step> make_library_resource();
std::unique_ptr<Step> make_link();
std::unique_ptr<Step> make_load();
std::unique_ptr<Step> make_retry();
std::unique_ptr<Step> make_script();
std::unique_ptr<Step> make_sha1();
std::unique_ptr<Step> make_sha256();
std::unique_ptr<Step> make_shell();
std::unique_ptr<Step> make_sleep();
std::unique_ptr<Step> make_ssh_agent();
std::unique_ptr<Step> make_stage();
std::unique_ptr<Step> make_stash();
std::unique_ptr<Step> make_tar();
std::unique_ptr<Step> make_tee();
std::unique_ptr<Step> make_timeout();
std::unique_ptr<Step> make_timestamps();
std::unique_ptr<Step> make_tool();
std::unique_ptr<Step> make_topology();
std::unique_ptr<Step> make_touch();
std::unique_ptr<Step> make_unarchive();
std::unique_ptr<Step> make_unstable();
std::unique_ptr<Step> make_unstash();
std::unique_ptr<Step> make_untar();
std::unique_ptr<Step> make_unzip();
std::unique_ptr<Step> make_verify_md5();
std::unique_ptr<Step> make_verify_sha1();
std::unique_ptr<Step> make_verify_sha256();
std::unique_ptr<Step> make_wait_until();
std::unique_ptr<Step> make_warn_error();
std::unique_ptr<Step> make_with_credentials();
std::unique_ptr<Step> make_with_docker_container();
std::unique_ptr<Step> make_with_docker_registry();
std::unique_ptr<Step> make_with_env();
std::unique_ptr<Step> make_wrap();
std::unique_ptr<Step> make_write_csv();
std::unique_ptr<Step> make_write_file();
std::unique_ptr<Step> make_write_json();
std::unique_ptr<Step> make_write_yaml();
std::unique_ptr<Step> make_ws();
std::unique_ptr<Step> make_zip();

// Families that differ in words only.
void add_build_marks(std::vector<std::unique_ptr<Step>>& steps);
void add_notifiers(std::vector<std::unique_ptr<Step>>& steps);
void add_reports(std::vector<std::unique_ptr<Step>>& steps);
void add_tool_wrappers(std::vector<std::unique_ptr<Step>>& steps);
/// The step of the report with that class in Jenkins; null if it is none.
std::unique_ptr<Step> make_report(std::string_view class_name);

}  // namespace cupel::pipeline::steps
