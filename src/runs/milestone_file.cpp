// SPDX-License-Identifier: Apache-2.0
#include "runs/milestone_file.hpp"

#include "base/digest.hpp"
#include "base/json.hpp"

namespace cupel::runs {

MilestoneFile::MilestoneFile(const os::fs::path& directory, const std::string& job, unsigned number)
    : file_(directory / (digest_of(job).hex + ".json")), number_(number) {}

Result<std::optional<unsigned>> MilestoneFile::pass(std::int64_t ordinal) {
  std::optional<unsigned> newer;
  TRY(os::make_directories(file_.parent_path()));
  const auto lock =
      TRY(os::FileLock::take(file_.string() + ".lock", Stop().within(std::chrono::seconds(60))));
  json::Object known;
  if (auto text = os::read_file(file_, 1U << 20))
    if (const auto value = json::parse(*text); value && value->as_object())
      known = *value->as_object();  // a damaged file knows nothing
  const auto name = std::to_string(ordinal);
  for (auto& [key, value] : known) {
    if (key != name || !value.as_integer()) continue;
    if (*value.as_integer() > std::int64_t{number_}) {
      newer = static_cast<unsigned>(*value.as_integer());
      return newer;
    }
    value = json::Value(std::int64_t{number_});
    TRY(os::write_file(file_, json::write(known)));
    return newer;
  }
  known.emplace_back(name, json::Value(std::int64_t{number_}));
  TRY(os::write_file(file_, json::write(known)));
  return newer;
}

}  // namespace cupel::runs
