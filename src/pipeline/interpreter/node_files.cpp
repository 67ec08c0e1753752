// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/node_files.hpp"

namespace cupel::pipeline {

Result<> push_tree(place::Place& place, const std::string& directory, const os::fs::path& root,
                   const Stop& stop) {
  std::string bytes;
  const auto collect = [&bytes](std::string_view more) -> Result<> {
    bytes += more;
    return {};
  };
  TRY(os::pack(root, {}, collect, stop));
  bool sent = false;
  const auto source = [&]() -> Result<std::string_view> {
    if (std::exchange(sent, true)) return std::string_view();
    return std::string_view(bytes);
  };
  return place.push(source, directory, stop);
}

Result<> push_text(place::Place& place, const std::string& directory, const std::string& name,
                   std::string_view text, unsigned mode, const Stop& stop) {
  const auto root = TRY(os::TempDir::make("push"));
  TRY(os::write_file(root.path() / name, text, mode));
  TRY(push_tree(place, directory, root.path(), stop), "write {}/{}", directory, name);
  return {};
}

}  // namespace cupel::pipeline
