// SPDX-License-Identifier: Apache-2.0
#include "fleet/settings.hpp"

#include <algorithm>

namespace cupel::fleet {

Settings merge(Settings nearer, const Settings& farther) {
  for (const auto& node : farther.nodes) {
    const auto same = [&](const NodeSettings& one) { return one.name == node.name; };
    if (std::none_of(nearer.nodes.begin(), nearer.nodes.end(), same)) nearer.nodes.push_back(node);
  }
  for (const auto& library : farther.libraries) {
    const auto same = [&](const auto& one) { return one.name == library.name; };
    if (std::none_of(nearer.libraries.begin(), nearer.libraries.end(), same))
      nearer.libraries.push_back(library);
  }
  nearer.limits = merge(nearer.limits, farther.limits);
  nearer.project_limits = merge(nearer.project_limits, farther.project_limits);
  for (const auto& job : farther.jobs) {
    const auto same = [&](const JobSettings& one) { return one.name == job.name; };
    if (std::none_of(nearer.jobs.begin(), nearer.jobs.end(), same)) nearer.jobs.push_back(job);
  }
  if (!nearer.keep_runs) nearer.keep_runs = farther.keep_runs;
  if (!nearer.snapshots) nearer.snapshots = farther.snapshots;
  if (!nearer.waiting) nearer.waiting = farther.waiting;
  if (!nearer.waiting_for) nearer.waiting_for = farther.waiting_for;
  if (!nearer.waiting_memory) nearer.waiting_memory = farther.waiting_memory;
  if (!nearer.recording) nearer.recording = farther.recording;
  if (!nearer.orphan_hours) nearer.orphan_hours = farther.orphan_hours;
  for (const auto& [kind, tools] : farther.operation.tools)
    nearer.operation.tools[kind].insert(tools.begin(), tools.end());
  const auto fill = [](auto& near, const auto& far) { near.insert(far.begin(), far.end()); };
  fill(nearer.operation.config_files, farther.operation.config_files);
  fill(nearer.operation.steps, farther.operation.steps);
  fill(nearer.lock_labels, farther.lock_labels);
  fill(nearer.notify.webhooks, farther.notify.webhooks);
  if (nearer.notify.mail_program.empty()) {
    nearer.notify.mail_program = farther.notify.mail_program;
    nearer.notify.mail_from = farther.notify.mail_from;
  }
  return nearer;
}

Result<Settings> load_settings(const SettingsFiles& files) {
  Settings merged;
  const auto add = [&](const os::fs::path& path) -> Result<> {
    const auto text = TRY(os::read_file(path));
    const auto origin = !files.usual.empty() && path == files.usual.front()
                            ? SettingsOrigin::project
                            : SettingsOrigin::own;
    auto settings = TRY(read_settings(text, path.string(), origin));
    // Directories of libraries and jobs are beside the file that names them.
    for (auto& library : settings.libraries)
      if (!library.path.empty())
        library.path = (os::fs::absolute(path).parent_path() / library.path).lexically_normal();
    for (auto& job : settings.jobs)
      job.directory = (os::fs::absolute(path).parent_path() / job.directory).lexically_normal();
    merged = merge(std::move(merged), settings);
    return {};
  };
  if (files.named) TRY(add(*files.named), "--config");
  for (const auto& path : files.usual) {
    std::error_code ignored;
    if (os::fs::exists(path, ignored)) TRY(add(path));
  }
  return merged;
}

os::fs::path nearest_settings(const os::fs::path& directory, const os::fs::path& project) {
  std::error_code ignored;
  std::optional<os::fs::path> found, up_to_project;
  for (auto at = directory;; at = at.parent_path()) {
    if (!found && os::fs::exists(at / "cupel.toml", ignored)) found = at / "cupel.toml";
    if (os::fs::exists(at / ".git", ignored)) return found.value_or(project / "cupel.toml");
    if (at == project) up_to_project = found;
    if (at == at.parent_path()) break;
  }
  // What lies above a project that is in no repository is not the project's.
  return up_to_project.value_or(project / "cupel.toml");
}

}  // namespace cupel::fleet
