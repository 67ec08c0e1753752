// SPDX-License-Identifier: Apache-2.0
#include "machine/record.hpp"

#include <fcntl.h>

#include <cerrno>
#include <cstdio>

#include "base/json.hpp"
#include "base/text.hpp"
#include "os/files.hpp"
#include "os/process.hpp"

namespace cupel::machine {

namespace {

std::int64_t seconds(WallTime time) { return time.time_since_epoch().count(); }
WallTime wall_time(std::int64_t seconds) { return WallTime(std::chrono::seconds(seconds)); }

std::string this_boot() {
  const auto text = os::read_file("/proc/sys/kernel/random/boot_id");
  return text ? std::string(trim(*text)) : std::string();
}

/// It has ended, but whoever should have taken note of that has not, and may never.
bool is_zombie(int pid) {
  const auto stat = os::read_file(fmt::format("/proc/{}/stat", pid));
  const auto name_end = stat ? stat->rfind(')') : std::string::npos;
  return name_end != std::string::npos && stat->compare(name_end, 3, ") Z") == 0;
}

json::Object write_process(const ProcessIdentity& process) {
  return {{"pid", process.pid}, {"started", process.started}, {"boot", process.boot}};
}

Result<ProcessIdentity> parse_process(const json::Value& value) {
  const auto pid = TRY(value.integer("pid"));
  const auto started = TRY(value.integer("started"));
  if (pid <= 1 || pid > 1 << 30 || started < 0)
    return fail(Fault::invalid, "no process is {}", pid);
  return ProcessIdentity{static_cast<int>(pid), static_cast<std::uint64_t>(started),
                         TRY(value.text("boot"))};
}

Result<Resumable> parse_resumable(const json::Value& value) {
  Resumable resumable{TRY(value.text("journal")), TRY(value.text("boot")), {}, {}};
  const auto limit = TRY(value.integer("limit"));
  if (limit < 0) return fail(Fault::invalid, "no limit is {} s", limit);
  resumable.limit = std::chrono::seconds(limit);
  if (value.find("orphaned") != nullptr)
    resumable.orphaned = wall_time(TRY(value.integer("orphaned")));
  return resumable;
}

Result<Waiting> parse_waiting(const json::Value& value) {
  const auto fd = TRY(value.integer("state"));
  if (fd < 0 || fd > 1 << 20) return fail(Fault::invalid, "no descriptor is {}", fd);
  return Waiting{TRY(value.text("snapshot")), static_cast<int>(fd),
                 wall_time(TRY(value.integer("until")))};
}

json::Object write_failed(const place::FailedCommand& failed) {
  json::Object environment;
  for (const auto& [name, value] : failed.environment) environment.emplace_back(name, value);
  return {{"script", failed.script},
          {"path", failed.path},
          {"directory", failed.directory},
          {"environment", std::move(environment)}};
}

Result<place::FailedCommand> parse_failed(const json::Value& value) {
  place::FailedCommand failed{
      TRY(value.text("script")), TRY(value.text("path")), TRY(value.text("directory")), {}};
  const auto* environment = value.find("environment");
  const auto* variables = environment ? environment->as_object() : nullptr;
  if (!variables) return fail(Fault::invalid, "no environment");
  for (const auto& [name, text] : *variables) {
    if (!text.as_string()) return fail(Fault::invalid, "a variable is no text");
    failed.environment.emplace(name, *text.as_string());
  }
  return failed;
}

Result<Restart> parse_restart(const json::Value& value) {
  Restart restart;
  const auto* ready = value.find("ready");
  const auto* words = ready ? ready->as_array() : nullptr;
  const auto* disk = value.find("disk");
  const auto* on_disk = disk ? disk->as_bool() : nullptr;
  if (!words || !on_disk) return fail(Fault::invalid, "it has no 'ready' or no 'disk'");
  for (const auto& word : *words) {
    if (!word.as_string()) return fail(Fault::invalid, "a word of 'ready' is no text");
    restart.ready.push_back(*word.as_string());
  }
  restart.files = *on_disk ? Restart::Files::on_disk : Restart::Files::in_memory;
  restart.layers = static_cast<std::size_t>(TRY(value.integer("layers")));
  return restart;
}

}  // namespace

WallTime wall_now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::optional<ProcessIdentity> identify(int pid) {
  const auto started = os::start_time(pid);
  if (!started) return std::nullopt;
  return ProcessIdentity{pid, *started, this_boot()};
}

bool lives(const ProcessIdentity& process) {
  return identify(process.pid) == process && !is_zombie(process.pid);
}

std::string write_record(const MachineRecord& record) {
  json::Object object{{"id", record.id},
                      {"run", record.run},
                      {"box", record.box},
                      {"purpose", record.purpose},
                      {"created", seconds(record.created)},
                      {"owner", write_process(record.owner)}};
  if (record.qemu) object.emplace_back("qemu", write_process(*record.qemu));
  if (record.keep) {
    json::Object keep;
    if (record.keep->until) keep.emplace_back("until", seconds(*record.keep->until));
    if (record.keep->failed) keep.emplace_back("failed", write_failed(*record.keep->failed));
    object.emplace_back("keep", std::move(keep));
  }
  if (record.resumable) {
    const auto& wanted = *record.resumable;
    json::Object resumable{{"journal", wanted.journal},
                           {"boot", wanted.boot_id},
                           {"limit", std::int64_t{wanted.limit.count()}}};
    if (wanted.orphaned) resumable.emplace_back("orphaned", seconds(*wanted.orphaned));
    object.emplace_back("resumable", std::move(resumable));
  }
  if (record.waiting)
    object.emplace_back("waiting", json::Object{{"snapshot", record.waiting->snapshot},
                                                {"state", record.waiting->state_fd},
                                                {"until", seconds(record.waiting->until)}});
  json::Array ready;
  for (const auto& word : record.restart.ready) ready.emplace_back(word);
  object.emplace_back("restart",
                      json::Object{{"ready", std::move(ready)},
                                   {"disk", record.restart.files == Restart::Files::on_disk},
                                   {"layers", static_cast<std::int64_t>(record.restart.layers)}});
  if (!record.vmcores.empty()) object.emplace_back("vmcores", record.vmcores);
  if (!record.recording.empty()) object.emplace_back("recording", record.recording);
  return json::write(std::move(object)) + "\n";
}

Result<MachineRecord> parse_record(std::string_view text) {
  const auto document = TRY(json::parse(text));
  MachineRecord record;
  record.id = TRY(document.text("id"));
  record.run = TRY(document.text("run"));
  record.box = TRY(document.text("box"));
  record.purpose = TRY(document.text("purpose"));
  record.created = wall_time(TRY(document.integer("created")));
  if (const auto* owner = document.find("owner"))
    record.owner = TRY(parse_process(*owner), "owner");
  if (const auto* qemu = document.find("qemu")) record.qemu = TRY(parse_process(*qemu), "qemu");
  if (const auto* keep = document.find("keep")) {
    record.keep.emplace();
    if (keep->find("until") != nullptr) record.keep->until = wall_time(TRY(keep->integer("until")));
    if (const auto* failed = keep->find("failed"))
      record.keep->failed = TRY(parse_failed(*failed), "failed");
  }
  if (const auto* resumable = document.find("resumable"))
    record.resumable = TRY(parse_resumable(*resumable), "resumable");
  if (const auto* waiting = document.find("waiting"))
    record.waiting = TRY(parse_waiting(*waiting), "waiting");
  if (const auto* restart = document.find("restart"))
    record.restart = TRY(parse_restart(*restart), "restart");
  if (document.find("vmcores") != nullptr) record.vmcores = TRY(document.text("vmcores"));
  if (document.find("recording") != nullptr) record.recording = TRY(document.text("recording"));
  return record;
}

Result<MachineRecord> load_record(const std::filesystem::path& directory) {
  const auto text = TRY(os::read_file(directory / "record.json", 1U << 20));
  return TRY(parse_record(text), "read {}", (directory / "record.json").string());
}

Result<> save_record(const std::filesystem::path& directory, const MachineRecord& record) {
  const auto path = directory / "record.json";
  const auto aside = directory / "record.json.new";
  {
    const auto fd = TRY(os::open_file(aside, O_WRONLY | O_CREAT | O_TRUNC, 0600));
    TRY(os::write_all(fd, write_record(record), Stop{}), "write {}", aside.string());
  }
  if (::rename(aside.c_str(), path.c_str()) != 0)
    return fail_errno(errno, "write {}", path.string());
  return {};
}

}  // namespace cupel::machine
