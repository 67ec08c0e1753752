// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/stop.hpp"
#include "machine/box.hpp"
#include "machine/snapshots.hpp"

namespace cupel::benchmark {

/// Which box to measure: "cupel/tiny" is the user's own, "cupel/tiny=DIRECTORY" lies there as files
/// vmlinux, initramfs and perhaps disk.raw and ready (a shell script, see Box::ready).
struct BoxChoice {
  std::string name;
  std::filesystem::path directory;  ///< empty for the user's own
  friend bool operator==(const BoxChoice&, const BoxChoice&) = default;
};
BoxChoice parse_choice(const std::string& text);

/// The user's own box is built if there is none yet: minutes, with a line of `news` for each step.
Result<machine::Box> open_box(const BoxChoice& choice, const machine::Progress& news,
                              const Stop& stop);

}  // namespace cupel::benchmark
