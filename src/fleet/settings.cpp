// SPDX-License-Identifier: Apache-2.0
#include "fleet/settings.hpp"

#include <algorithm>

namespace cupel::fleet {

Settings merge(Settings nearer, const Settings& farther) {
  for (const auto& node : farther.nodes) {
    const auto same = [&](const NodeSettings& one) { return one.name == node.name; };
    if (std::none_of(nearer.nodes.begin(), nearer.nodes.end(), same)) nearer.nodes.push_back(node);
  }
  if (!nearer.keep_runs) nearer.keep_runs = farther.keep_runs;
  return nearer;
}

Result<Settings> load_settings(const SettingsFiles& files) {
  Settings merged;
  const auto add = [&merged](const os::fs::path& path) -> Result<> {
    const auto text = TRY(os::read_file(path));
    merged = merge(std::move(merged), TRY(read_settings(text, path.string())));
    return {};
  };
  if (files.named) TRY(add(*files.named), "--config");
  for (const auto& path : files.usual) {
    std::error_code ignored;
    if (os::fs::exists(path, ignored)) TRY(add(path));
  }
  return merged;
}

}  // namespace cupel::fleet
