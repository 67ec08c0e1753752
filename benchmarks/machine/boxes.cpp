// SPDX-License-Identifier: Apache-2.0
#include "boxes.hpp"

#include <cstdlib>

#include "cupel/home.hpp"
#include "machine/box_store.hpp"
#include "os/files.hpp"

namespace cupel::benchmark {

namespace fs = std::filesystem;

namespace {

/// Of what tells whether a file is another one now; its bytes are not read.
Result<> feed_stamp(Hasher& hasher, const fs::path& path) {
  const auto stamp = TRY(os::stamp(path));
  hasher.feed_part(fmt::format("{} {} {}", stamp.size, stamp.inode, stamp.changed_ns));
  return {};
}

Result<machine::Box> open_directory(const BoxChoice& choice) {
  const auto directory = fs::absolute(choice.directory);
  machine::Box box;
  box.name = choice.name;
  box.kernel = directory / "vmlinux";
  box.initramfs = directory / "initramfs";
  if (fs::exists(directory / "disk.raw")) box.disk = directory / "disk.raw";
  if (const auto ready = os::read_file(directory / "ready")) box.ready = {"/bin/sh", "-c", *ready};
  Hasher hasher;
  TRY(feed_stamp(hasher, box.kernel));
  TRY(feed_stamp(hasher, box.initramfs));
  if (box.disk) TRY(feed_stamp(hasher, *box.disk));
  box.digest = hasher.finish();
  return box;
}

std::optional<std::string> variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): nobody sets any
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

Result<machine::Box> own_box(const std::string& name, const machine::Progress& news,
                             const Stop& stop) {
  machine::BoxStore store(TRY(find_home(variable)).machines());
  int step = 0;
  const auto report = [&](const machine::BoxProgress& now) {
    if (now.step == step) return;
    step = now.step;
    news(fmt::format("building {}, step {} of {}: {}", name, now.step, now.of, now.text));
  };
  return store.ensure(name, report, stop);
}

}  // namespace

BoxChoice parse_choice(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos) return {text, {}};
  return {text.substr(0, equals), text.substr(equals + 1)};
}

Result<machine::Box> open_box(const BoxChoice& choice, const machine::Progress& news,
                              const Stop& stop) {
  if (choice.directory.empty()) return own_box(choice.name, news, stop);
  return open_directory(choice);
}

}  // namespace cupel::benchmark
