// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

namespace cupel::place {

/// A script that failed in a place, and what whoever looks into it afterwards starts from.
struct FailedCommand {
  std::string script;
  std::string path;       ///< the file that it was run from, absolute
  std::string directory;  ///< it ran there
  /// Of its environment what was given to it, without secrets.
  std::map<std::string, std::string> environment;
  friend bool operator==(const FailedCommand&, const FailedCommand&) = default;
};

}  // namespace cupel::place
