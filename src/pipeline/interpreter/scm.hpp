// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "base/stop.hpp"
#include "place/place.hpp"

namespace cupel::pipeline {

/// Where a project's own source is, as the `scm` variable shows it. Empty: unknown.
struct ScmFacts {
  std::string url;
  std::string branch;
  std::string commit;
};

/// The source of the project whose pipeline runs: what `checkout scm` and the implicit checkout of
/// declarative agents put into a workspace. Any thread.
class Scm {
 public:
  virtual ~Scm() = default;
  /// Puts the files into `directory` of a place; what lies there stays unless it is overwritten.
  /// Gives GIT_COMMIT, GIT_BRANCH, ... as far as they are known.
  virtual Result<std::map<std::string, std::string>> check_out(place::Place& place,
                                                               const std::string& directory,
                                                               const Stop& stop) = 0;
  /// May block until they are known.
  virtual Result<ScmFacts> facts(const Stop& stop) = 0;
};

}  // namespace cupel::pipeline
