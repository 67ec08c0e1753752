// SPDX-License-Identifier: Apache-2.0
#include "machine/guest_archive.hpp"

#include <fmt/format.h>

namespace cupel::machine {

namespace {

constexpr std::size_t alignment = 4;

void pad(std::string& archive) { archive.append(padding_after(archive.size()), '\0'); }

// Documentation/driver-api/early-userspace/buffer-format.rst of Linux.
void add_entry(std::string& archive, std::string_view name, unsigned mode,
               std::string_view content) {
  const unsigned inode = mode == 0 ? 0 : 1, links = 1;
  archive += fmt::format("070701{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}", inode, mode, 0, 0,
                         links, 0, content.size());
  archive += fmt::format("{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}", 0, 0, 0, 0, name.size() + 1, 0);
  archive += name;
  archive += '\0';
  pad(archive);
  archive += content;
  pad(archive);
}

}  // namespace

std::size_t padding_after(std::size_t size) { return (alignment - size % alignment) % alignment; }

std::string guest_archive(std::string_view program) {
  constexpr unsigned regular_executable = 0100755;
  std::string archive;
  add_entry(archive, "cupel-guest", regular_executable, program);
  add_entry(archive, "TRAILER!!!", 0, {});
  return archive;
}

}  // namespace cupel::machine
