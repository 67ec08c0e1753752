// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pipeline/interpreter/step.hpp"

namespace cupel::pipeline::steps {

/// A checkout by git, as the steps `git` and `checkout` with a GitSCM describe it.
struct GitOrder {
  std::string url;
  std::string remote = "origin";
  std::string refspec;      ///< empty: all branches
  std::string credentials;  ///< an id; empty: none
  std::vector<std::string> branches;
  std::string directory;  ///< below the current one; empty: it itself
  std::optional<std::string> local_branch;
  std::optional<std::int64_t> depth;
  std::optional<std::int64_t> timeout_minutes;
  enum class Tags { no, yes } tags = Tags::yes;
  enum class Wipe { no, yes } wipe = Wipe::no;
  enum class Clean { no, before, after } clean = Clean::no;
  enum class Submodules { no, yes, recursive } submodules = Submodules::no;
  std::vector<std::string> sparse_paths;
  enum class Lfs { no, yes } lfs = Lfs::no;
};

/// From the map of a GitSCM: branches, userRemoteConfigs, extensions. What is not understood is an
/// error that names it.
Result<GitOrder> git_order_of(const Map& scm);

/// Text of a map's entry; empty if it has none.
std::string text_of(const Map& map, std::string_view name);

}  // namespace cupel::pipeline::steps
