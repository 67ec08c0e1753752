// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/place_files.hpp"

#include <fcntl.h>

#include <algorithm>

#include "place/recorded_files.hpp"
#include "place/transfer.hpp"

namespace cupel::pipeline::steps {

Result<> make_directory(place::Place& place, const std::string& directory, const Stop& stop) {
  place::Command command;
  command.argv = {"mkdir", "-p", "--", directory};
  const auto output = TRY(place::run_captured(place, command, stop), "make {}", directory);
  if (output.exit.status != 0) return fail(Fault::invalid, "make {}: {}", directory, output.err);
  return {};
}

Result<os::PackSummary> pull_to_file(place::Place& place, const std::string& directory,
                                     const os::PackOptions& options, const os::fs::path& to,
                                     const Stop& stop) {
  const auto file = TRY(os::open_file(to.string(), O_WRONLY | O_CREAT | O_TRUNC));
  const auto write = [&](std::string_view bytes) { return os::write_all(file, bytes, stop); };
  auto summary = place.pull(directory, options, write, stop);
  if (!summary && summary.error().fault() == Fault::not_found) return os::PackSummary{};
  return summary;
}

namespace {

bool is_below_recordings(std::string_view name) {
  constexpr auto directory = place::recordings_directory;
  return name.starts_with(directory) && name.substr(directory.size()).starts_with('/');
}

/// machines/NODE-ID/use.csv and what lies beside it.
bool is_recording(std::string_view name) {
  const auto& files = place::recorded_files;
  if (!is_below_recordings(name)) return false;
  name.remove_prefix(place::recordings_directory.size() + 1);
  const auto slash = name.find('/');
  const auto dash = name.substr(0, slash).rfind('-');
  if (slash == name.npos || dash == name.npos) return false;
  const auto id = name.substr(dash + 1, slash - dash - 1);
  return id.size() == 6 && id.find_first_not_of("0123456789abcdef") == id.npos &&
         std::find(files.begin(), files.end(), name.substr(slash + 1)) != files.end();
}

}  // namespace

Result<std::vector<std::string>> artifacts_below(const os::fs::path& root,
                                                 std::string_view patterns) {
  os::Selection selection;
  selection.includes = os::parse_patterns(patterns);
  const auto wanted = split(patterns, ',');
  const bool recordings = std::any_of(wanted.begin(), wanted.end(), [](const auto& pattern) {
    return is_below_recordings(trim(pattern));
  });
  std::vector<std::string> names;
  std::error_code error;
  if (!os::fs::exists(root, error)) return names;
  for (os::fs::recursive_directory_iterator entry(root, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->is_directory() && !entry->is_symlink()) continue;
    auto name = entry->path().lexically_relative(root).string();
    if (!recordings && is_recording(name)) continue;
    if (os::selects(selection, name)) names.push_back(std::move(name));
  }
  if (error) return fail(Fault::unavailable, "list {}: {}", root.string(), error.message());
  std::sort(names.begin(), names.end());
  return names;
}

os::Selection selection_of(std::string_view includes, std::string_view excludes,
                           os::Selection::Defaults defaults) {
  os::Selection selection;
  selection.includes = os::parse_patterns(includes);
  selection.excludes = os::parse_patterns(excludes);
  selection.defaults = defaults;
  return selection;
}

Result<std::vector<std::string>> fetch(place::Place& place, const std::string& directory,
                                       const os::Selection& selection, const os::fs::path& to,
                                       const Stop& stop) {
  const auto aside = TRY(os::TempDir::make("fetch"));
  const auto archive = aside.path() / "files.tar";
  os::PackOptions options;
  options.selection = selection;
  options.take = os::PackOptions::Take::files;
  std::vector<std::string> names;
  const auto summary = TRY(pull_to_file(place, directory, options, archive, stop));
  if (summary.files == 0) return names;
  const auto root = aside.path() / "files";
  TRY(os::unpack(TRY(place::read_in_pieces(archive, stop)), root, {}, stop));
  std::error_code error;
  for (os::fs::recursive_directory_iterator entry(root, error), end; !error && entry != end;
       entry.increment(error))
    if (!entry->is_directory() || entry->is_symlink())
      names.push_back(entry->path().lexically_relative(root).string());
  if (error) return fail(Fault::internal, "list {}: {}", root.string(), error.message());
  std::sort(names.begin(), names.end());
  for (const auto& name : names) {
    TRY(os::make_directories((to / name).parent_path()));
    os::fs::remove(to / name, error);
    os::fs::rename(root / name, to / name, error);
    if (!error) continue;
    // Another file system.
    error.clear();
    os::fs::copy(root / name, to / name, os::fs::copy_options::copy_symlinks, error);
    if (error) return fail(Fault::unavailable, "store {}: {}", name, error.message());
  }
  return names;
}

}  // namespace cupel::pipeline::steps
