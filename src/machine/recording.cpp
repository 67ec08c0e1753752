// SPDX-License-Identifier: Apache-2.0
#include "machine/recording.hpp"

#include <cerrno>
#include <cstdio>

#include "os/files.hpp"
#include "place/recorded_files.hpp"

namespace cupel::machine {

namespace fs = std::filesystem;

namespace {

Result<> hand_over_file(const fs::path& from, const fs::path& to, HandOver how) {
  if (how == HandOver::moved && std::rename(from.c_str(), to.c_str()) == 0) return {};
  std::error_code error;
  fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
  if (error) return fail_errno(error.value(), "write {}", to.string());
  return {};
}

}  // namespace

Result<> hand_over(const fs::path& machine, const fs::path& to, HandOver how) {
  std::error_code ignored;
  if (!fs::exists(machine / place::use_file, ignored)) return {};
  if (!fs::is_directory(to.parent_path().parent_path(), ignored)) return {};
  TRY(os::make_directories(to));
  for (const auto name : place::recorded_files)
    if (fs::exists(machine / name, ignored))
      TRY(hand_over_file(machine / name, to / name, how), "keep the machine's {}", name);
  return {};
}

std::optional<Recording> find_recording(const fs::path& directory) {
  std::error_code ignored;
  Recording found;
  for (const auto name : place::recorded_files)
    if (fs::exists(directory / name, ignored)) found.files.emplace_back(name);
  if (found.files.empty()) return std::nullopt;
  if (const auto text = os::read_file(directory / place::use_file))
    found.use = total(parse_use(*text));
  return found;
}

}  // namespace cupel::machine
