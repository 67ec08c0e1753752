// SPDX-License-Identifier: Apache-2.0
#include "cupel/snapshot_commands.hpp"

#include <unistd.h>

#include "cli/text_output.hpp"
#include "cupel/age.hpp"
#include "machine/snapshots.hpp"

namespace cupel {
namespace {

using machine::StoredSnapshot;

std::string_view layer_of(const StoredSnapshot& one) {
  return one.manifest.layer.empty() ? std::string_view("the box itself")
                                    : std::string_view(one.manifest.layer);
}

std::string line_of(const StoredSnapshot& one) {
  constexpr std::size_t shown = 12;
  return fmt::format("{:<12} {:<16} {:>9}  {:<7} {:<18} {}\n", one.name.substr(0, shown),
                     one.manifest.box, to_text(one.size),
                     one.pinned == StoredSnapshot::Pin::yes ? "pinned" : "",
                     age_of(one.last_used) + " ago", layer_of(one));
}

std::string description_of(const StoredSnapshot& one, const machine::Paths& paths) {
  std::string text = fmt::format("{}\n  box        {}\n  shape      {}\n  layer      {}\n",
                                 one.name, one.manifest.box, one.manifest.shape, layer_of(one));
  if (!one.manifest.below.hex.empty())
    text += fmt::format("  below      {}\n", one.manifest.below.brief());
  text += fmt::format("  size       {}\n  last used  {} ago\n  pinned     {}\n  directory  {}\n",
                      to_text(one.size), age_of(one.last_used),
                      one.pinned == StoredSnapshot::Pin::yes ? "yes" : "no",
                      (paths.snapshots / one.name).string());
  for (const auto& file : one.manifest.files)
    text += fmt::format("  {:<10} {} {:>9}\n", file.name, file.digest.brief(),
                        to_text(os::disk_usage(paths.snapshots / one.name / file.name)));
  return text;
}

class Commands {
 public:
  explicit Commands(const Surroundings& surroundings)
      : paths_(surroundings.home.machines()),
        store_(paths_),
        stop_(surroundings.stop),
        output_(STDOUT_FILENO, surroundings.stop) {}

  Result<int> run(const cli::SnapshotCommand& command) {
    using Action = cli::SnapshotCommand::Action;
    if (command.action == Action::list) return list();
    if (command.action == Action::prune) return prune(command.most);
    // A wrong name is told before anything is done.
    std::vector<StoredSnapshot> all;
    for (const auto& name : command.names) all.push_back(TRY(store_.find(name, stop_)));
    for (const auto& one : all) TRY(act(command.action, one), "snapshot {}", one.name);
    return exit_success;
  }

 private:
  Result<int> list() {
    const auto all = TRY(store_.list(stop_));
    if (all.empty()) output_.write("no snapshots yet: the first run of a machine makes one\n");
    Bytes sum;
    for (const auto& one : all) {
      output_.write(line_of(one));
      sum.count += one.size.count;
    }
    if (all.size() > 1) output_.write(fmt::format("{} snapshots, {}\n", all.size(), to_text(sum)));
    return exit_success;
  }

  Result<int> prune(Bytes most) {
    const auto removed = TRY(store_.prune(most, stop_));
    Bytes sum;
    for (const auto& one : removed) {
      output_.write(line_of(one));
      sum.count += one.size.count;
    }
    output_.write(fmt::format("{} removed, {}\n", removed.size(), to_text(sum)));
    return exit_success;
  }

  Result<> act(cli::SnapshotCommand::Action action, const StoredSnapshot& one) {
    using Action = cli::SnapshotCommand::Action;
    if (action == Action::show) {
      output_.write(description_of(one, paths_));
    } else if (action == Action::remove) {
      TRY(store_.remove(one, stop_));
      output_.write(fmt::format("snapshot {} is removed\n", one.name));
    } else {
      const bool pin = action == Action::pin;
      TRY(store_.pin(one, pin ? StoredSnapshot::Pin::yes : StoredSnapshot::Pin::no));
      output_.write(fmt::format("snapshot {} is {}\n", one.name, pin ? "pinned" : "not pinned"));
    }
    return {};
  }

  machine::Paths paths_;
  machine::Snapshots store_;
  Stop stop_;
  cli::TextOutput output_;
};

}  // namespace

int snapshots(const cli::SnapshotCommand& command, const Surroundings& surroundings) {
  return status_of(Commands(surroundings).run(command));
}

}  // namespace cupel
