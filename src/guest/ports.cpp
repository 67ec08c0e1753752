// SPDX-License-Identifier: Apache-2.0
#include "guest/ports.hpp"

#include <dirent.h>
#include <fcntl.h>

#include <algorithm>

#include "base/text.hpp"
#include "guest/small_file.hpp"

namespace cupel::guest {

std::vector<os::Fd> Ports::open_new() {
  constexpr auto known = "/sys/class/virtio-ports";
  std::vector<os::Fd> found;
  DIR* directory = ::opendir(known);
  if (directory == nullptr) return found;
  while (const auto* entry = ::readdir(directory)) {
    const std::string device = entry->d_name;
    if (device[0] == '.') continue;
    const auto text = read_small_file(fmt::format("{}/{}/name", known, device)).value_or("");
    const auto name = trim(text);
    for (std::size_t i = 0; i < opened_.size(); ++i) {
      if (opened_.at(i) || name != fmt::format("cupel.{}", i)) continue;
      auto port = os::open_file("/dev/" + device, O_RDWR | O_NONBLOCK);
      if (!port) continue;  // the name comes before the device: next time
      opened_.at(i) = true;
      found.push_back(std::move(*port));
    }
  }
  ::closedir(directory);
  return found;
}

bool Ports::complete() const {
  return std::all_of(opened_.begin(), opened_.end(), [](bool open) { return open; });
}

}  // namespace cupel::guest
