// SPDX-License-Identifier: Apache-2.0
#include "machine/debian_packages.hpp"

#include <unistd.h>

#include <algorithm>

#include "base/text.hpp"
#include "machine/box_recipe.hpp"
#include "os/process.hpp"

namespace cupel::machine {

namespace fs = std::filesystem;

namespace {

/// What APT or the script gives as the reason.
std::string reason(std::string_view words) {
  std::string last = "it said nothing";
  for (const auto& line : split(words, '\n')) {
    if (line.starts_with("E: ")) return printable(line.substr(3));
    if (line.starts_with("error: ")) return printable(line.substr(7));
    if (!trim(line).empty()) last = printable(line);
  }
  return last;
}

/// None that APT would take for an option.
bool is_package(const std::string& name) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("+-.:~=").find(c) != std::string_view::npos;
  };
  return !name.empty() && name.front() != '-' && name.back() != '-' &&
         std::all_of(name.begin(), name.end(), fits);
}

std::vector<std::string> environment() {
  std::vector<std::string> result;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry)
    if (!std::string_view(*entry).starts_with("CUPEL_")) result.emplace_back(*entry);
  return result;
}

Result<std::vector<fs::path>> fetch(const fs::path& downloads,
                                    const std::vector<std::string>& names,
                                    std::string_view dpkg_status, const Stop& stop) {
  for (const auto& name : names)
    if (!is_package(name)) return fail(Fault::invalid, "{:?} is no package's name", name);
  const auto aside = TRY(os::TempDir::make("packages"));
  TRY(unpack_recipe({embedded_box_files(), {}}, aside.path() / "boxes"));
  TRY(os::write_file(aside.path() / "status", dpkg_status));
  os::Spawn spawn;
  spawn.argv = {"sh", (aside.path() / "boxes/packages/fetch").string(),
                (aside.path() / "status").string(), downloads.string()};
  spawn.argv.insert(spawn.argv.end(), names.begin(), names.end());
  spawn.environment = environment();
  const auto ran = TRY(os::capture(std::move(spawn), "", stop));
  if (ran.exit.status == 5) return fail(Fault::invalid, "{}", reason(ran.err));
  if (ran.exit.status == 4)
    return fail(Fault::unavailable, "the Debian mirror cannot be reached: {}", reason(ran.err));
  if (ran.exit.status != 0 || ran.exit.signal != 0)
    return fail(Fault::unavailable, "{}", reason(ran.err));
  std::vector<fs::path> files;
  for (auto& line : split(ran.out, '\n'))
    if (!line.empty()) files.emplace_back(std::move(line));
  return files;
}

}  // namespace

place::FetchPackages fetch_debian_packages(fs::path downloads) {
  return [downloads = std::move(downloads)](const std::vector<std::string>& names,
                                            std::string_view dpkg_status, const Stop& stop) {
    return fetch(downloads, names, dpkg_status, stop);
  };
}

}  // namespace cupel::machine
