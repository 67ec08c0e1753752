// SPDX-License-Identifier: Apache-2.0
#include "cupel/home.hpp"

namespace cupel {

namespace fs = os::fs;

fleet::SettingsFiles Home::settings(std::optional<fs::path> named, fs::path project) const {
  return {std::move(named), {std::move(project), user_settings, "/etc/cupel/cupel.toml"}};
}

machine::Paths Home::machines() const {
  return {cache / "boxes", cache / "snapshots", state / "machines", cache / "downloads",
          cache / "acceleration.json"};
}

Result<Home> find_home(const Variable& variable) {
  const auto own = variable("HOME");
  const auto base = [&](const char* name, const char* otherwise) -> Result<fs::path> {
    const auto given = variable(name);
    if (given && fs::path(*given).is_absolute()) return fs::path(*given) / "cupel";
    if (!own)
      return fail(Fault::invalid, "neither HOME nor {} is set: set one, or CUPEL_HOME", name);
    return fs::path(*own) / otherwise / "cupel";
  };
  Home home;
  home.user_settings = base("XDG_CONFIG_HOME", ".config").value_or(fs::path()) / "cupel.toml";
  if (const auto whole = variable("CUPEL_HOME")) {
    const auto root = fs::absolute(*whole);
    home.cache = root / "cache";
    home.state = root / "state";
    return home;
  }
  home.cache = TRY(base("XDG_CACHE_HOME", ".cache"));
  home.state = TRY(base("XDG_STATE_HOME", ".local/state"));
  return home;
}

}  // namespace cupel
