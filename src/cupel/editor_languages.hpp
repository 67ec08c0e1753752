// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cupel/knowledge.hpp"
#include "editor/server.hpp"

namespace cupel {

/// Which settings hold for the documents of an editor. They are read anew when one of their files
/// changes. With settings that are wrong, documents are checked as if there were none.
class EditorLanguages {
 public:
  /// `named`: --config. Borrows the surroundings.
  EditorLanguages(std::optional<os::fs::path> named, const Surroundings& surroundings)
      : named_(std::move(named)), surroundings_(surroundings) {}

  editor::Server::Language of(const std::string& uri);

 private:
  /// The files and directories it was made from, as they were.
  using Stamps = std::vector<std::pair<os::fs::path, std::optional<os::fs::file_time_type>>>;
  struct Known {
    std::optional<Knowledge> knowledge;
    Stamps stamps;
    std::string trouble;
  };
  static Stamps look(const Stamps& at);
  Known learn(const os::fs::path& file) const;

  std::optional<os::fs::path> named_;
  const Surroundings& surroundings_;
  std::map<os::fs::path, Known> known_;  // by the document's directory
};

/// The path of a file: URI, "Jenkinsfile" for any other.
os::fs::path path_of_uri(const std::string& uri);

}  // namespace cupel
