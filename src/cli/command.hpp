// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/text.hpp"

namespace cupel::cli {

/// What a person typed, as values. Defaults are here; nothing is looked up yet.

struct RunCommand {
  std::filesystem::path directory = ".";
  std::string jenkinsfile = "Jenkinsfile";  ///< relative to the directory
  std::vector<std::pair<std::string, std::string>> parameters;
  enum class On { labelled, host } on = On::labelled;
  enum class Keep { never, failed, always } keep = Keep::never;
  std::optional<std::chrono::seconds> keep_for;  ///< how long a kept machine stays
  /// failed: a shell in the machine where the run failed, as soon as it has ended.
  enum class Shell { no, failed } shell = Shell::no;
  std::optional<std::filesystem::path> artifacts;
  std::vector<std::pair<std::string, std::string>> libraries;  ///< name, and PATH or PATH@REF
  enum class Console { automatic, pretty, plain, jenkins } console = Console::automatic;
  enum class Timestamps { no, yes } timestamps = Timestamps::no;
  std::optional<std::filesystem::path> config;
  std::string from_stage, only_stage;  ///< empty: the whole pipeline
  std::string branch, tag;             ///< for BRANCH_NAME and TAG_NAME; empty: as the checkout is
  /// ID, TARGET, ...: what stands behind CHANGE_ in the variables; empty: no change request.
  std::vector<std::pair<std::string, std::string>> change_request;
  std::vector<std::string> answers;  ///< ID=VALUE, as typed
  std::optional<std::filesystem::path> credentials;
  std::optional<std::filesystem::path> journal;
  std::vector<std::pair<std::string, std::string>> limits;  ///< name and value, as typed
};
enum class Format { text, json };
struct LintCommand {
  std::filesystem::path directory = ".";
  std::vector<std::string> files;  ///< relative to the directory; empty: Jenkinsfile
  enum class From { files, standard_input } from = From::files;
  std::string stdin_name = "Jenkinsfile";  ///< what messages call what is read from there
  enum class Check { everything, syntax } check = Check::everything;
  Format format = Format::text;
  std::optional<std::filesystem::path> config;
};
struct PlanCommand {
  std::filesystem::path directory = ".";
  std::string jenkinsfile = "Jenkinsfile";
  std::vector<std::pair<std::string, std::string>> parameters;
  std::optional<std::string> branch, tag, change_request;
  Format format = Format::text;
  std::optional<std::filesystem::path> config;
};
struct ConvertCommand {
  std::string file = "Jenkinsfile";
  enum class To { json, groovy } to = To::json;
  std::optional<std::filesystem::path> config;
};
struct StepsCommand {
  std::string name;  ///< empty: all
  Format format = Format::text;
  std::optional<std::filesystem::path> config;
};
struct LspCommand {
  std::optional<std::filesystem::path> config;
};
struct MachineListCommand {};
struct MachineExecCommand {
  std::string id;
  std::vector<std::string> argv;
};
struct MachineSshCommand {
  std::string id;
};
/// A shell where a run failed: in its kept machine.
struct SshCommand {
  std::string run;
};
/// Waits until a kept machine's time is up, and ends it then. Not for people.
struct MachineExpireCommand {
  std::string id;
};
struct MachinePauseCommand {
  enum class Action { pause, resume } action = Action::pause;
  std::vector<std::string> names;  ///< beginnings of machines' ids, or numbers of runs
};
struct MachineConsoleCommand {
  std::string id;
};
struct MachineRemoveCommand {
  std::vector<std::string> ids;  ///< empty: all
};
struct BoxBuildCommand {
  std::string name;
  enum class Fresh { no, yes } fresh = Fresh::no;  ///< with the mirror's newest packages
};
struct BoxListCommand {};
struct BoxRemoveCommand {
  std::string name;
};
struct SnapshotCommand {
  enum class Action { list, show, remove, prune, pin, unpin } action = Action::list;
  std::vector<std::string> names;  ///< the beginnings of names; of all but list and prune
  Bytes most;                      ///< prune: what may stay
};
struct SnapshotExportCommand {
  std::string name;  ///< the beginning of it
  std::string file;  ///< -: standard output
};
struct SnapshotImportCommand {
  std::string file;  ///< -: standard input
  /// replace: its box takes the place of this host's own of that name.
  enum class OwnBox { stays, replaced } own_box = OwnBox::stays;
};
struct DoctorCommand {};
struct VersionCommand {};

using Command =
    std::variant<RunCommand, LintCommand, PlanCommand, ConvertCommand, StepsCommand, LspCommand,
                 MachineListCommand, MachineExecCommand, MachineSshCommand, MachineConsoleCommand,
                 MachineRemoveCommand, MachinePauseCommand, MachineExpireCommand, SshCommand,
                 BoxBuildCommand, BoxListCommand, BoxRemoveCommand, SnapshotCommand,
                 SnapshotExportCommand, SnapshotImportCommand, DoctorCommand, VersionCommand>;

/// Nothing to do but to say something: help, or what is wrong with the words.
struct Answer {
  std::string text;
  int status = 0;  ///< 0: to stdout. 2: to stderr
};

/// Never exits, never prints.
std::variant<Command, Answer> parse_command(const std::vector<std::string>& words);

}  // namespace cupel::cli
