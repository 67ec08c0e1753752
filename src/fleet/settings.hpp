// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "fleet/limit_settings.hpp"
#include "os/files.hpp"
#include "pipeline/interpreter/libraries.hpp"
#include "pipeline/interpreter/operation.hpp"
#include "place/provision.hpp"

namespace cupel::fleet {

inline constexpr std::string_view default_box = "cupel/debian-12";
inline constexpr std::string_view tiny_box = "cupel/tiny";
/// What a machine's kernel may be told to panic on.
inline constexpr std::array<std::string_view, 3> panic_causes = {"oops", "soft-lockup",
                                                                 "hung-task"};

/// What a run keeps of its machines. none: nothing. failed: what is seen of each from outside, and
/// what the system in it wrote down where something failed. all: both of each.
enum class Recording { none, failed, all };

/// What a [[node]] table of cupel.toml says.
struct NodeSettings {
  std::string name;
  std::vector<std::string> labels;  ///< the name is a label too
  enum class Kind { machine, host } kind = Kind::machine;
  // Of kind machine:
  std::string box = std::string(default_box);
  unsigned cpus = 2;
  std::optional<std::string> cpu;  ///< QEMU's -cpu under TCG; KVM has the host's
  Bytes memory = gib(1);
  std::optional<Bytes> disk;  ///< the box's own size if not given
  std::vector<place::ProvisionStep> provision = {};
  std::vector<std::string> panic_on = {};  ///< of panic_causes, each once
  /// Whether its memory becomes an artifact when its kernel panics.
  enum class Vmcore { no, yes } vmcore = Vmcore::no;
  std::map<std::string, std::string> environment;
  friend bool operator==(const NodeSettings&, const NodeSettings&) = default;
};

/// [notify]: how notifiers send. Nothing is sent but what is named here.
struct NotifySettings {
  std::string mail_program;  ///< takes a mail on its input, as sendmail -t
  std::string mail_from;
  std::map<std::string, std::string> webhooks;  ///< by the step's name: the URL to post to
  friend bool operator==(const NotifySettings&, const NotifySettings&) = default;
};

/// A [[job]]: a pipeline that others may run by the step build.
struct JobSettings {
  std::string name;
  os::fs::path directory;  ///< absolute: of its project
  std::string file = "Jenkinsfile";
  friend bool operator==(const JobSettings&, const JobSettings&) = default;
};

/// cupel.toml, docs/cli.md describes it. Files are merged: a node of a nearer file replaces one of
/// the same name.
struct Settings {
  std::vector<NodeSettings> nodes;      ///< nearest first
  std::optional<unsigned> keep_runs;    ///< [runs] keep
  std::optional<Bytes> snapshots = {};  ///< [snapshots] size: how much of the disk they may take
  /// [machines]: QEMUs that are started ahead of need.
  std::optional<unsigned> waiting = {};
  std::optional<std::chrono::seconds> waiting_for = {};
  std::optional<Bytes> waiting_memory = {};
  std::optional<Recording> recording = {};  ///< [machines] record
  pipeline::Operation operation = {};       ///< [tools], [config_files], [steps]
  std::map<std::string, std::vector<std::string>> lock_labels =
      {};  ///< [locks]: label to resources
  NotifySettings notify = {};
  std::vector<pipeline::LibrarySettings> libraries = {};  ///< [[library]], nearest first
  LimitSettings limits = {};                              ///< [limits]
  LimitSettings project_limits = {};  ///< those of the project's own file, which may only lower
  /// [runs] orphan_hours: how long a machine waits for its run to be resumed.
  std::optional<unsigned> orphan_hours = {};
  std::vector<JobSettings> jobs = {};  ///< [[job]], nearest first
  friend bool operator==(const Settings&, const Settings&) = default;
};

/// Reads one file's text. Errors: "cupel.toml:3:7: unknown key 'cpux' in [[node]]: did you mean
/// ...".
/// project: of a repository, which may not say what runs or is read on this host.
enum class SettingsOrigin { own, project };
Result<Settings> read_settings(std::string_view text, const std::string& file,
                               SettingsOrigin origin = SettingsOrigin::own);
/// The nearer settings on top of the farther.
Settings merge(Settings nearer, const Settings& farther);

/// Where settings are looked for, nearest first. Only `named` (--config) must be there.
struct SettingsFiles {
  std::optional<os::fs::path> named;
  std::vector<os::fs::path> usual;  ///< the first is the project's own
};
Result<Settings> load_settings(const SettingsFiles& files);

/// The cupel.toml that is nearest to a pipeline in `directory`: there or upwards, as far as its git
/// repository goes, or the project where there is none. project/cupel.toml if there is no such
/// file. Both are canonical.
os::fs::path nearest_settings(const os::fs::path& directory, const os::fs::path& project);

}  // namespace cupel::fleet
