// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "pipeline/interpreter/step.hpp"

namespace cupel::pipeline::steps {

// One for each file of this folder that is a step.
std::unique_ptr<Step> make_archive_artifacts();
std::unique_ptr<Step> make_catch_error();
std::unique_ptr<Step> make_warn_error();
std::unique_ptr<Step> make_checkout();
std::unique_ptr<Step> make_delete_dir();
std::unique_ptr<Step> make_dir();
std::unique_ptr<Step> make_pwd();
std::unique_ptr<Step> make_node();
std::unique_ptr<Step> make_parallel();
std::unique_ptr<Step> make_script();
std::unique_ptr<Step> make_stage();
std::unique_ptr<Step> make_ws();
std::unique_ptr<Step> make_echo();
std::unique_ptr<Step> make_println();
std::unique_ptr<Step> make_error();
std::unique_ptr<Step> make_unstable();
std::unique_ptr<Step> make_file_exists();
std::unique_ptr<Step> make_read_file();
std::unique_ptr<Step> make_write_file();
std::unique_ptr<Step> make_git();
std::unique_ptr<Step> make_is_unix();
std::unique_ptr<Step> make_junit();
std::unique_ptr<Step> make_resolve_scm();
std::unique_ptr<Step> make_retry();
std::unique_ptr<Step> make_shell();
std::unique_ptr<Step> make_sleep();
std::unique_ptr<Step> make_stash();
std::unique_ptr<Step> make_unstash();
std::unique_ptr<Step> make_timeout();
std::unique_ptr<Step> make_with_env();

}  // namespace cupel::pipeline::steps
