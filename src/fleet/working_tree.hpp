// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/stop.hpp"
#include "os/archive.hpp"
#include "os/files.hpp"

namespace cupel::fleet {

/// What of a project runs: its files as they are on disk, with uncommitted changes, but without
/// what git ignores. Of submodules the files too. Outside of git: everything.
struct WorkingTree {
  os::fs::path root;
  /// Relative to the root; empty means all that is there.
  std::vector<std::string> paths;
  /// GIT_URL, GIT_COMMIT, GIT_BRANCH, BRANCH_NAME as far as there are such.
  std::map<std::string, std::string> environment;
  /// One line for people about what was left out; mostly empty.
  std::string remark;
};

/// `directory` may be a part of a repository: then only what is below it counts. The repository
/// itself (.git) comes along if it lies in `directory` and is no larger than `largest_repository`.
/// `leave_out`: directories below, absolute, that are no part of the project (artifacts).
inline constexpr Bytes largest_repository = mib(16);
Result<WorkingTree> read_working_tree(const os::fs::path& directory,
                                      const std::vector<os::fs::path>& leave_out, const Stop& stop);

}  // namespace cupel::fleet
