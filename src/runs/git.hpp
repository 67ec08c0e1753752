// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "os/process.hpp"

namespace cupel::runs {

/// Runs git on this host: without hooks, prompts and what is left in GIT_* variables, so that it
/// ends by itself. Its own failure is in `exit`; Fault::unavailable if git is missing.
Result<os::Captured> run_git(const std::vector<std::string>& arguments, const Stop& stop,
                             const std::vector<std::string>& environment = {});

/// The line of git's complaints that says why: without "fatal: ", and without passwords.
std::string complaint_of(const os::Captured& answer);

/// A remote without the user and the password that its URL may hold; for messages.
std::string without_secrets(const std::string& remote);

/// Whether git may be given this as a remote: no option, no program to run (ext::).
Result<> check_remote(const std::string& remote);
/// Whether it may be given this as the name of a branch, tag or commit.
Result<> check_ref(const std::string& ref);

}  // namespace cupel::runs
