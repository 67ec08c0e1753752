// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/stop.hpp"

namespace cupel::machine {

/// Where the build of a box is.
struct BoxProgress {
  int step = 0;  ///< from 1; 0 while nothing is built yet
  int of = 0;
  std::string text;               ///< "fetching packages"
  std::optional<double> percent;  ///< of this step, where that is known
  Duration elapsed{};             ///< since the build began
  friend bool operator==(const BoxProgress&, const BoxProgress&) = default;
};

/// Called for each change, and each second without one. On the thread that builds.
using BoxProgressSink = std::function<void(const BoxProgress&)>;

/// Reads what a build prints. Pure; foreign lines are passed over.
class BoxProgressReader {
 public:
  /// A line of the script's stdout: "step 2/5: TEXT", "expect 624". True if something changed.
  bool read_script(std::string_view line);
  /// A line of apt's status: "dlstatus:1:26.2:TEXT".
  bool read_status(std::string_view line);
  /// A line of stderr: dpkg says there what it unpacks and sets up.
  bool read_words(std::string_view line);

  const BoxProgress& now() const { return now_; }

 private:
  bool advance(double percent);

  BoxProgress now_;
  std::int64_t expected_ = 0;
  std::int64_t seen_ = 0;
};

}  // namespace cupel::machine
