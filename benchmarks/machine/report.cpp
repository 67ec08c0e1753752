// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

namespace cupel::benchmark {

namespace {

const Row* find(const std::vector<Row>& rows, std::string_view id) {
  for (const auto& row : rows)
    if (row.id == id && !row.samples.empty()) return &row;
  return nullptr;
}

json::Value rows_to_json(const std::vector<Row>& rows) {
  json::Array list;
  for (const auto& row : rows) {
    json::Array samples(row.samples.begin(), row.samples.end());
    list.emplace_back(json::Object{{"id", row.id},
                                   {"text", std::string(trim(row.text))},
                                   {"unit", name(row.unit)},
                                   {"p50", median(row)},
                                   {"p95", p95(row)},
                                   {"samples", std::move(samples)}});
  }
  return list;
}

json::Value peer_to_json(const PeerResult& peer) {
  json::Object versions;
  for (const auto& [package, version] : peer.versions) versions.emplace_back(package, version);
  return json::Object{
      {"name", "vagrant"}, {"versions", versions}, {"rows", rows_to_json(peer.rows)}};
}

}  // namespace

std::string to_table(const BoxResult& result) {
  auto text = fmt::format("\n{:56} {:>4} {:>13} {:>13}\n",
                          fmt::format("{} ({})", result.box, result.shape), "n", "p50", "p95");
  for (const auto& row : result.rows)
    text += fmt::format("{:56} {:>4} {:>10.1f} {} {:>10.1f} {}\n", row.text, row.samples.size(),
                        median(row), name(row.unit), p95(row), name(row.unit));
  return text;
}

std::string to_ratios(const std::vector<Row>& rows, const PeerResult& peer) {
  std::string text = fmt::format("\n{:56} {:>10} {:>12} {:>8}  {}\n", "cupel / vagrant, medians",
                                 "cupel", "vagrant", "ratio", "done there by");
  for (const auto& pair : pairings()) {
    const auto* ours = find(rows, pair.ours);
    const auto* theirs = find(peer.rows, pair.theirs);
    if (ours == nullptr || theirs == nullptr) continue;
    text += fmt::format("{:56} {:>7.1f} {} {:>9.1f} {} {:>7.1f}x  {}\n", trim(ours->text),
                        median(*ours), name(ours->unit), median(*theirs), name(theirs->unit),
                        median(*theirs) / median(*ours), pair.text);
  }
  for (const auto& [package, version] : peer.versions)
    text += fmt::format("{} {}\n", package, version);
  return text;
}

json::Value to_json(const Host& host, const std::vector<BoxResult>& results) {
  json::Array boxes;
  for (const auto& result : results) {
    json::Object box{
        {"name", result.box}, {"shape", result.shape}, {"rows", rows_to_json(result.rows)}};
    if (result.peer) box.emplace_back("peer", peer_to_json(*result.peer));
    boxes.emplace_back(std::move(box));
  }
  return json::Object{{"host", json::Object{{"processor", host.processor},
                                            {"cpus", static_cast<std::int64_t>(host.cpus)},
                                            {"memory", host.memory.count},
                                            {"kernel", host.kernel},
                                            {"qemu", host.qemu},
                                            {"load", host.load}}},
                      {"boxes", std::move(boxes)}};
}

}  // namespace cupel::benchmark
