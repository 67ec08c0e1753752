// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "fleet/settings.hpp"
#include "machine/paths.hpp"
#include "os/files.hpp"

namespace cupel {

/// Asks the environment for a variable; nothing if it is unset or empty.
using Variable = std::function<std::optional<std::string>(const std::string& name)>;

/// Where cupel keeps things. CUPEL_HOME overrides all: $CUPEL_HOME/cache and $CUPEL_HOME/state.
/// Otherwise $XDG_CACHE_HOME/cupel (~/.cache/cupel) for what can be made again, and
/// $XDG_STATE_HOME/cupel (~/.local/state/cupel) for the rest.
struct Home {
  os::fs::path cache;
  os::fs::path state;
  os::fs::path user_settings;  ///< $XDG_CONFIG_HOME/cupel/cupel.toml

  os::fs::path credentials() const { return user_settings.parent_path() / "credentials.toml"; }
  os::fs::path locks() const { return state / "locks"; }
  os::fs::path milestones() const { return state / "milestones"; }

  os::fs::path runs() const { return state / "runs"; }
  /// Boxes, snapshots and downloads in the cache; living machines in the state.
  machine::Paths machines() const;
  /// The project's cupel.toml, the user's, the host's.
  fleet::SettingsFiles settings(std::optional<os::fs::path> named, os::fs::path project) const;
};
Result<Home> find_home(const Variable& variable);

}  // namespace cupel
