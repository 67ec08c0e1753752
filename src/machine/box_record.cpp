// SPDX-License-Identifier: Apache-2.0
#include "machine/box_record.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/json.hpp"

namespace cupel::machine {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view record_name = "box.json";
constexpr std::size_t largest_record = 1U << 20;

json::Object body_of(const BoxRecord& record) {
  return {{"name", record.name},
          {"key", record.key.hex},
          {"packages", record.packages.hex},
          {"built", std::int64_t{record.built.time_since_epoch().count()}},
          {"took_ms", std::int64_t{record.took.count()}},
          {"files", write_files(record.files)}};
}

}  // namespace

Digest BoxRecord::content() const {
  Hasher hasher;
  for (const auto& file : files) hasher.feed_part(file.name).feed_part(file.digest.hex);
  return hasher.finish();
}

const SealedFile* BoxRecord::find(std::string_view file) const {
  const auto found =
      std::find_if(files.begin(), files.end(), [&](const auto& one) { return one.name == file; });
  return found == files.end() ? nullptr : &*found;
}

std::string write_record(const BoxRecord& record) {
  auto body = body_of(record);
  const auto self = digest_of(json::write(body));
  body.emplace_back("self", self.hex);
  return json::write(std::move(body)) + "\n";
}

Result<BoxRecord> parse_box_record(std::string_view text) {
  const auto document = TRY(json::parse(text));
  BoxRecord record;
  record.name = TRY(document.text("name"));
  record.key.hex = TRY(document.text("key"));
  record.packages.hex = TRY(document.text("packages"));
  record.built = std::chrono::sys_seconds(std::chrono::seconds(TRY(document.integer("built"))));
  record.took = std::chrono::milliseconds(TRY(document.integer("took_ms")));
  record.files = TRY(parse_files(document));
  if (TRY(document.text("self")) != digest_of(json::write(body_of(record))).hex)
    return fail(Fault::invalid, "the record was edited");
  return record;
}

Result<BoxRecord> seal_box(const fs::path& directory, BoxRecord record, const Stop& stop) {
  record.files.clear();
  for (const auto* name : {"vmlinux", "initramfs", "disk.raw"}) {
    const auto path = directory / name;
    if (record.files.size() == 2 && ::access(path.c_str(), F_OK) != 0) continue;
    TRY(sync_to_disk(path));
    // Nobody has a reason to write to it any more.
    if (::chmod(path.c_str(), 0444) != 0) return fail_errno(errno, "protect {}", path.string());
    record.files.push_back({name, TRY(os::digest_file(path, stop)), TRY(os::stamp(path))});
  }
  record.packages = digest_of(TRY(os::read_file(directory / "packages.list")));
  TRY(os::write_file(directory / record_name, write_record(record)));
  TRY(sync_to_disk(directory));
  return record;
}

Result<BoxRecord> read_record(const fs::path& directory) {
  return parse_box_record(TRY(os::read_file(directory / record_name, largest_record)));
}

Result<> verify_box(const fs::path& directory, BoxRecord record, const Stop& stop) {
  bool touched = false;
  for (auto& file : record.files) {
    const auto path = directory / file.name;
    const auto stamp = TRY(os::stamp(path));
    if (stamp == file.stamp) continue;
    if (stamp.size != file.stamp.size)
      return fail(Fault::invalid, "{} has {} bytes instead of {}", path.string(), stamp.size,
                  file.stamp.size);
    if (TRY(os::digest_file(path, stop)) != file.digest)
      return fail(Fault::invalid, "{} was changed", path.string());
    file.stamp = stamp;
    touched = true;
  }
  if (touched) TRY(os::write_file(directory / record_name, write_record(record)));
  return {};
}

}  // namespace cupel::machine
