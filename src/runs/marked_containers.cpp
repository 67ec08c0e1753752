// SPDX-License-Identifier: Apache-2.0
#include "runs/marked_containers.hpp"

#include "base/text.hpp"
#include "os/process.hpp"
#include "place/host.hpp"
#include "place/podman.hpp"

namespace cupel::runs {
namespace {

constexpr auto patience = std::chrono::seconds(30);

using Words = std::vector<std::string>;

/// Removes what `list` prints, an id a line.
Result<> remove_all(place::Place& host, Words list, std::string_view mark, Words remove,
                    const Stop& stop) {
  list.insert(list.end(), {"--filter", fmt::format("label=cupel.run={}", mark)});
  const auto ids = TRY(place::podman(host, list, stop));
  if (ids.empty()) return {};
  for (auto& id : split(ids, '\n')) remove.push_back(std::move(id));
  TRY(place::podman(host, remove, stop));
  return {};
}

}  // namespace

Result<> remove_marked_containers(std::string_view mark, const Stop& stop) {
  const auto environment = place::host_environment();
  if (mark.empty() || !os::find_program_in(environment.at("PATH"), "podman")) return {};
  place::HostPlace host(environment);
  const auto soon = stop.within(patience);
  TRY(remove_all(host, {"ps", "-a", "-q", "--no-trunc"}, mark, {"rm", "-f", "-i", "-v", "-t", "0"},
                 soon),
      "remove its containers");
  TRY(remove_all(host, {"images", "-q", "--no-trunc"}, mark, {"rmi", "-f"}, soon),
      "remove its images");
  return {};
}

}  // namespace cupel::runs
