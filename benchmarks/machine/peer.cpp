// SPDX-License-Identifier: Apache-2.0
#include "peer.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "os/process.hpp"

namespace cupel::benchmark {

namespace fs = std::filesystem;

namespace {

std::optional<double> number(const json::Value& value) {
  if (const auto* whole = value.as_integer()) return static_cast<double>(*whole);
  if (const auto* real = value.as_double()) return *real;
  return std::nullopt;
}

Result<Row> row_of(const std::string& id, const json::Value& value) {
  constexpr double ms_in_second = 1000;
  Row row{id, id, Unit::milliseconds, {}};
  const auto* samples = value.as_array();
  if (samples == nullptr) return fail(Fault::internal, "the peer's {} is no list", id);
  for (const auto& sample : *samples) {
    const auto seconds = number(sample);
    if (!seconds) return fail(Fault::internal, "the peer's {} holds no numbers", id);
    row.samples.push_back(*seconds * ms_in_second);
  }
  return row;
}

Result<const json::Object*> member(const json::Value& document, std::string_view key) {
  const auto* value = document.find(key);
  if (value == nullptr || value->as_object() == nullptr)
    return fail(Fault::internal, "the peer's result has no {}", key);
  return value->as_object();
}

std::vector<std::string> vagrant_command(const machine::Recipe& recipe, const fs::path& tree,
                                         const fs::path& scratch, Install install) {
  const auto& shape = recipe.shape;
  std::vector<std::string> argv = {
      CUPEL_PEERS "/vagrant", recipe.box.kernel.parent_path().string(), "--tree", tree.string(),
      "--scratch", scratch.string(), "--memory", std::to_string(shape.memory.count >> 20), "--cpus",
      std::to_string(shape.cpus),
      // libvirt knows models, not lists of features.
      "--cpu", shape.cpu.substr(0, shape.cpu.find(',')), "--command-line",
      machine::kernel_command_line(shape, recipe.box)};
  if (install == Install::missing) argv.emplace_back("--install");
  return argv;
}

}  // namespace

const std::vector<Pairing>& pairings() {
  static const std::vector<Pairing> list = {
      {"clone_waiting", "up_to_first_command", "vagrant up + ssh -c true"},
      {"clone", "up_to_first_command", "vagrant up + ssh -c true"},
      {"clone", "restore_to_first_command", "vagrant snapshot restore + ssh -c true"},
      {"cold_ready", "up", "vagrant up"},
      {"freeze", "snapshot_save", "vagrant snapshot save"},
      {"exec", "ssh_true", "vagrant ssh -c true"},
      {"push", "push_rsync", "rsync over its ssh"},
      {"destroy", "destroy", "vagrant destroy -f"},
      {"memory_alone", "memory_private", "its QEMU, private"},
      {"anonymous_alone", "memory_anonymous", "its QEMU, anonymous"}};
  return list;
}

Result<PeerResult> parse_peer(std::string_view text) {
  const auto document = TRY(json::parse(text), "read the peer's result");
  PeerResult result;
  for (const auto& [package, version] : *TRY(member(document, "versions")))
    if (const auto* known = version.as_string()) result.versions[package] = *known;
  for (const auto& [id, samples] : *TRY(member(document, "seconds")))
    result.rows.push_back(TRY(row_of(id, samples)));
  for (const auto& [kind, value] : *TRY(member(document, "memory_mb")))
    if (const auto amount = number(value))
      result.rows.push_back({"memory_" + kind, kind, Unit::megabytes, {*amount}});
  return result;
}

Result<PeerResult> run_vagrant(const machine::Recipe& recipe, const fs::path& tree,
                               const fs::path& scratch, Install install, const Stop& stop) {
  const auto output = scratch / "vagrant.json";
  os::Spawn spawn;
  spawn.argv = vagrant_command(recipe, tree, scratch, install);
  spawn.out = TRY(os::open_file(output.string(), O_WRONLY | O_CREAT | O_TRUNC, 0600));
  spawn.err = TRY(os::duplicate(STDERR_FILENO));
  auto process = TRY(os::Process::spawn(std::move(spawn)), "run the peer");
  const auto exit = TRY(process.wait(stop));
  if (exit.status != 0) return fail(Fault::unavailable, "the peer ended with {}", exit.status);
  return parse_peer(TRY(os::read_file(output)));
}

}  // namespace cupel::benchmark
