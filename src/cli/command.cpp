// SPDX-License-Identifier: Apache-2.0
#include "cli/command.hpp"

#include <CLI/CLI.hpp>
#include <map>

#include "base/text.hpp"
#include "cli/command_reading.hpp"

namespace cupel::cli {
namespace {

/// Where the words are put as they are read, before it is known which command they belong to.
struct Draft {
  RunCommand run;
  std::vector<std::string> parameters, libraries, limits;
  std::string on, keep = "never", console = "auto", change_request;
  bool timestamps = false, all = false;
  ReadingDraft reading;
  MachineExecCommand exec;
  MachineSshCommand ssh;
  SshCommand enter;
  MachineExpireCommand expire;
  std::string keep_for;
  bool shell_on_failure = false;
  MachineConsoleCommand serial;
  MachineRemoveCommand remove;
  MachinePauseCommand pause;
  BoxBuildCommand build;
  BoxRemoveCommand box_remove;
  SnapshotCommand snapshot;
  SnapshotExportCommand snapshot_export;
  SnapshotImportCommand snapshot_import;
  std::string most;
};

constexpr const char* top_footer =
    "Examples:\n"
    "  cupel run                        run ./Jenkinsfile in fresh machines\n"
    "  cupel run -p FAIL=1 --keep failed\n"
    "  cupel lint && cupel plan         what is wrong with it, and what it would do\n"
    "  cupel doctor                     what this host lacks\n\n"
    "Exit status of lint: 0 no errors, 1 errors, 2 wrong usage.\n"
    "Exit status of run: 0 SUCCESS, 1 FAILURE, 2 wrong usage or invalid pipeline, 3 UNSTABLE,\n"
    "4 ABORTED, 5 NOT_BUILT, 6 the infrastructure failed.\n";

constexpr const char* run_footer =
    "What runs is the working tree: tracked and untracked files with uncommitted changes, without\n"
    "what git ignores. Nodes come from cupel.toml (see cupel(1)); the labels cupel/debian-12,\n"
    "cupel/tiny and any are always there.\n\n"
    "Examples:\n"
    "  cupel run -C ../project ci/Jenkinsfile\n"
    "  cupel run -p BRANCH=main -p FAIL=1\n"
    "  cupel run --on host              no machine: every agent is this host\n"
    "  cupel run --keep failed          look into the machine of a failed run\n"
    "  cupel run --console jenkins      the lines that Jenkins prints\n";

void add_project(CLI::App* app, std::filesystem::path& directory, std::string& file) {
  app->add_option("-C", directory, "The project (default: here)")->type_name("DIR");
  app->add_option("JENKINSFILE", file, "The pipeline, relative to the project")
      ->capture_default_str();
}

void add_run(CLI::App& top, Draft& draft) {
  auto* run = top.add_subcommand("run", "Run a pipeline in fresh machines");
  add_project(run, draft.run.directory, draft.run.jenkinsfile);
  run->add_option("-p,--parameter", draft.parameters,
                  "A build parameter; of a file NAME=@PATH; repeatable")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  run->add_option("--on", draft.on, "host: every agent is this host, in a workspace of its own")
      ->type_name("PLACE")
      ->check(CLI::IsMember({"host"}));
  run->add_option("--keep", draft.keep, "Which machines outlive the run")
      ->check(CLI::IsMember({"never", "failed", "always"}))
      ->capture_default_str();
  run->add_option("--keep-for", draft.keep_for, "How long they stay, as 30m or 2h (default: 1h)")
      ->type_name("TIME");
  run->add_flag("--shell-on-failure", draft.shell_on_failure,
                "Open a shell in the machine where the run failed");
  run->add_option("--library", draft.libraries, "A shared library from a directory; repeatable")
      ->type_name("NAME=PATH[@REF]")
      ->allow_extra_args(false);
  run->add_option("--artifacts", draft.run.artifacts, "Where artifacts go (default: with the run)")
      ->type_name("DIR");
  run->add_option("--journal", draft.run.journal,
                  "Record each step there; resume the run that it records, if any")
      ->type_name("FILE");
  run->add_option("--console", draft.console, "pretty on a terminal, plain elsewhere, or jenkins")
      ->check(CLI::IsMember({"auto", "pretty", "plain", "jenkins"}))
      ->capture_default_str();
  run->add_flag("--timestamps", draft.timestamps, "Put the time before each line");
  run->add_option("--config", draft.run.config, "Settings that come before all others")
      ->type_name("FILE");
  auto* from = run->add_option("--from-stage", draft.run.from_stage,
                               "Begin at this stage; those before it are skipped");
  run->add_option("--only-stage", draft.run.only_stage, "Run this stage and no other")
      ->excludes(from);
  run->add_option("--branch", draft.run.branch, "As if this branch were built (BRANCH_NAME)");
  run->add_option("--tag", draft.run.tag, "As if this tag were built (TAG_NAME)");
  run->add_option("--change-request", draft.change_request,
                  "As if this change request were built (CHANGE_ID, CHANGE_TARGET, ...)")
      ->type_name("ID[,target=B,branch=B,title=T,author=A,...]");
  run->add_option("--answer", draft.run.answers,
                  "Answers an input: ID=VALUE, ID.PARAMETER=VALUE, ID=abort; repeatable")
      ->type_name("ID=VALUE")
      ->allow_extra_args(false);
  run->add_option("--credentials", draft.run.credentials, "Secrets, before those of your own file")
      ->type_name("FILE");
  run->add_option("--limit", draft.limits,
                  "What the pipeline's code may use: depth, steps, memory, time, regex; repeatable")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  run->footer(run_footer);
}

void add_machine(CLI::App& top, Draft& draft) {
  auto* machine = top.add_subcommand("machine", "Look into machines, pause and remove them");
  machine->require_subcommand(1);
  machine->add_subcommand("list", "Machines that there are");
  auto* exec = machine->add_subcommand("exec", "Run a command in a machine");
  exec->add_option("ID", draft.exec.id, "The machine; the start of its id is enough")->required();
  exec->add_option("COMMAND", draft.exec.argv, "Behind --: the program and its arguments")
      ->required();
  exec->footer("Exits as the command did.\n\nExample:\n  cupel machine exec 3f2a -- dmesg -T\n");
  auto* ssh = machine->add_subcommand("ssh", "A shell in a machine");
  ssh->add_option("ID", draft.ssh.id, "The machine")->required();
  auto* expire = machine->add_subcommand("expire", "Wait until a kept machine's time is up");
  expire->add_option("ID", draft.expire.id, "The machine")->required();
  expire->group("");  // what cupel starts by itself
  auto* serial = machine->add_subcommand("console", "A machine's serial console; leave with ^]");
  serial->add_option("ID", draft.serial.id, "The machine")->required();
  const auto add_pause = [&](const char* name, const char* text) {
    auto* pause = machine->add_subcommand(name, text);
    pause
        ->add_option("ID|RUN", draft.pause.names,
                     "Machines, or runs: then all machines of theirs that run")
        ->required();
    return pause;
  };
  add_pause("pause", "Make machines of running runs stand still, as they are")
      ->footer(
          "They keep their memory and use no processor. Their runs wait, and take no harm; but "
          "the\n"
          "timeouts of steps go on.\n\n"
          "Example:\n  cupel machine pause 3f2a && cupel machine resume 3f2a\n");
  add_pause("resume", "Let paused machines go on, with their clocks set");
  auto* remove = machine->add_subcommand("rm", "End machines, with all that is theirs");
  auto* ids = remove->add_option("ID", draft.remove.ids, "The machines");
  remove->add_flag("--all", draft.all, "All of them")->excludes(ids);
}

void add_ssh(CLI::App& top, Draft& draft) {
  auto* ssh = top.add_subcommand("ssh", "A shell where a run failed, in its kept machine");
  ssh->add_option("RUN", draft.enter.run, "The run's number, or the machine's id")->required();
  ssh->footer(
      "Begins in the failed script's directory, with its environment but for secrets, and with "
      "the\n"
      "script in the shell's history. The machine is paused again when the shell ends.\n\n"
      "Example:\n  cupel run --keep failed\n  cupel ssh 12\n");
}

void add_box(CLI::App& top, Draft& draft) {
  auto* box = top.add_subcommand("box", "Build, list and remove boxes");
  box->require_subcommand(1);
  box->add_subcommand("list", "Boxes that there are");
  auto* build = box->add_subcommand("build", "Build a box from Debian packages");
  build->add_option("NAME", draft.build.name, "cupel/debian-12 or cupel/tiny")->required();
  build->add_flag_callback(
      "--fresh", [&draft] { draft.build.fresh = BoxBuildCommand::Fresh::yes; },
      "Build it anew, with the mirror's newest packages");
  auto* remove = box->add_subcommand("rm", "Remove a box and its snapshots");
  remove->add_option("NAME", draft.box_remove.name, "The box")->required();
}

void add_snapshot(CLI::App& top, Draft& draft) {
  using Action = SnapshotCommand::Action;
  auto* snapshot =
      top.add_subcommand("snapshot", "Look into the frozen machines, remove and copy them");
  snapshot->require_subcommand(1);
  const auto add = [&](const char* name, Action action, const char* about) {
    auto* made = snapshot->add_subcommand(name, about);
    made->callback([&draft, action] { draft.snapshot.action = action; });
    return made;
  };
  const auto add_named = [&](const char* name, Action action, const char* about) {
    add(name, action, about)
        ->add_option("NAME", draft.snapshot.names, "The snapshots; the start of a name is enough")
        ->required();
  };
  add("list", Action::list, "Snapshots that there are, the latest used first");
  add_named("show", Action::show, "What a snapshot is made of");
  add_named("rm", Action::remove, "Remove snapshots; machines that were made of them live on");
  add_named("pin", Action::pin, "Keep snapshots: they are not pruned");
  add_named("unpin", Action::unpin, "Let them be pruned again");
  add("prune", Action::prune, "Remove the least recently used ones that are not pinned")
      ->add_option("--to", draft.most, "How much may stay, as 10GiB; 0: nothing")
      ->type_name("SIZE")
      ->required();
  auto* out = snapshot->add_subcommand("export", "Write a snapshot and its box to one file");
  out->add_option("NAME", draft.snapshot_export.name, "The snapshot; the start is enough")
      ->required();
  out->add_option("FILE", draft.snapshot_export.file, "A new file; -: standard output")->required();
  out->footer("Example:\n  cupel snapshot export 3294 - | ssh other cupel snapshot import -\n");
  auto* in = snapshot->add_subcommand("import", "Take in a snapshot that another host exported");
  in->add_option("FILE", draft.snapshot_import.file, "The file; -: standard input")->required();
  in->add_flag_callback(
      "--with-box",
      [&draft] { draft.snapshot_import.own_box = SnapshotImportCommand::OwnBox::replaced; },
      "Make new machines of its box, though this host has another of that name");
  in->footer(
      "Import only what comes from somebody whose programs you would run. A snapshot fits a host "
      "with\nthe same QEMU, the same cupel, and the same processor where machines run with KVM.\n");
}

std::variant<Command, Answer> wrong(const std::string& text, const std::string& command) {
  return Answer{
      fmt::format("cupel: {}: see cupel{} --help\n", text, command.empty() ? "" : " " + command),
      2};
}

/// "7,target=main": CHANGE_ID and what else is named. What is wrong with it, if anything.
std::optional<std::string> read_change_request(const std::string& text, RunCommand& run) {
  static const std::map<std::string, std::string> fields = {{"target", "TARGET"},
                                                            {"branch", "BRANCH"},
                                                            {"title", "TITLE"},
                                                            {"author", "AUTHOR"},
                                                            {"url", "URL"},
                                                            {"fork", "FORK"},
                                                            {"email", "AUTHOR_EMAIL"},
                                                            {"name", "AUTHOR_DISPLAY_NAME"}};
  if (text.empty()) return std::nullopt;
  for (const auto& word : split(text, ',')) {
    const auto equals = word.find('=');
    if (run.change_request.empty() && equals == std::string::npos) {
      run.change_request.emplace_back("ID", word);
      continue;
    }
    const auto known = fields.find(word.substr(0, equals));
    if (known == fields.end() || equals == std::string::npos || run.change_request.empty())
      return fmt::format(
          "--change-request {}: write ID,target=B; the words are target, branch, "
          "title, author, name, email, url, fork",
          printable(text));
    run.change_request.emplace_back(known->second, word.substr(equals + 1));
  }
  return std::nullopt;
}

std::variant<Command, Answer> run_command(Draft& draft) {
  auto& run = draft.run;
  for (const auto& word : draft.parameters) {
    auto parsed = name_and_value(word);
    if (const auto* text = std::get_if<std::string>(&parsed)) return wrong(*text, "run");
    run.parameters.push_back(std::get<0>(std::move(parsed)));
  }
  if (const auto mistake = read_change_request(draft.change_request, run))
    return wrong(*mistake, "run");
  for (const auto& word : draft.libraries) {
    const auto equals = word.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == word.size())
      return wrong(
          fmt::format("--library {}: a library is NAME=PATH or NAME=PATH@REF", printable(word)),
          "run");
    run.libraries.emplace_back(word.substr(0, equals), word.substr(equals + 1));
  }
  for (const auto& word : draft.limits) {
    const auto equals = word.find('=');
    if (equals == std::string::npos || equals == 0)
      return wrong(fmt::format("--limit {}: a limit is NAME=VALUE, as time=90s", printable(word)),
                   "run");
    run.limits.emplace_back(word.substr(0, equals), word.substr(equals + 1));
  }
  if (draft.on == "host") run.on = RunCommand::On::host;
  if (!draft.keep_for.empty()) {
    const auto time = parse_duration(draft.keep_for);
    if (!time || *time < std::chrono::seconds(1))
      return wrong("--keep-for must be a time of at least a second, as 30m or 2h", "run");
    run.keep_for = std::chrono::duration_cast<std::chrono::seconds>(*time);
  }
  if (draft.shell_on_failure) {
    run.shell = RunCommand::Shell::failed;
    if (draft.keep == "never") draft.keep = "failed";
  }
  if (draft.keep == "failed") run.keep = RunCommand::Keep::failed;
  if (draft.keep == "always") run.keep = RunCommand::Keep::always;
  if (draft.console == "pretty") run.console = RunCommand::Console::pretty;
  if (draft.console == "plain") run.console = RunCommand::Console::plain;
  if (draft.console == "jenkins") run.console = RunCommand::Console::jenkins;
  if (draft.timestamps) run.timestamps = RunCommand::Timestamps::yes;
  return Command(std::move(run));
}

std::variant<Command, Answer> machine_command(const std::string& name, Draft& draft) {
  if (name == "list") return Command(MachineListCommand{});
  if (name == "exec") return Command(std::move(draft.exec));
  if (name == "ssh") return Command(std::move(draft.ssh));
  if (name == "console") return Command(std::move(draft.serial));
  if (name == "expire") return Command(std::move(draft.expire));
  if (name == "pause" || name == "resume") {
    using Action = MachinePauseCommand::Action;
    draft.pause.action = name == "pause" ? Action::pause : Action::resume;
    return Command(std::move(draft.pause));
  }
  if (draft.remove.ids.empty() && !draft.all)
    return wrong("name the machines, or say --all", "machine rm");
  return Command(std::move(draft.remove));
}

std::variant<Command, Answer> box_command(const std::string& name, Draft& draft) {
  if (name == "list") return Command(BoxListCommand{});
  if (name == "build") return Command(std::move(draft.build));
  return Command(std::move(draft.box_remove));
}

std::variant<Command, Answer> snapshot_command(const std::string& name, Draft& draft) {
  if (name == "export") return Command(std::move(draft.snapshot_export));
  if (name == "import") return Command(std::move(draft.snapshot_import));
  if (draft.snapshot.action == SnapshotCommand::Action::prune) {
    const auto most = parse_bytes(draft.most);
    if (!most) return wrong("--to must be a size, as 10GiB", "snapshot prune");
    draft.snapshot.most = *most;
  }
  return Command(std::move(draft.snapshot));
}

std::variant<Command, Answer> command_of(const CLI::App& top, Draft& draft) {
  const auto* chosen = top.get_subcommands().at(0);
  const auto name = chosen->get_name();
  if (name == "run") return run_command(draft);
  if (auto reading = reading_command(name, draft.reading)) {
    if (auto* text = std::get_if<std::string>(&*reading)) return wrong(*text, name);
    return std::get<Command>(std::move(*reading));
  }
  if (name == "doctor") return Command(DoctorCommand{});
  if (name == "version") return Command(VersionCommand{});
  if (name == "ssh") return Command(std::move(draft.enter));
  const auto inner = chosen->get_subcommands().at(0)->get_name();
  if (name == "snapshot") return snapshot_command(inner, draft);
  return name == "machine" ? machine_command(inner, draft) : box_command(inner, draft);
}

/// "run" or "machine exec": for the hint behind an error.
std::string chosen_name(const CLI::App& top) {
  std::string name;
  for (const auto* app = &top; !app->get_subcommands().empty();) {
    app = app->get_subcommands().at(0);
    name += (name.empty() ? "" : " ") + app->get_name();
  }
  return name;
}

const std::vector<std::string> names = {"run", "lint",    "plan", "convert",  "steps",  "lsp",
                                        "ssh", "machine", "box",  "snapshot", "doctor", "version"};

std::string unknown_command(const std::string& word) {
  const auto meant = nearest(word, names);
  return fmt::format("unknown command '{}'{}", printable(word),
                     meant ? fmt::format(", did you mean '{}'?", *meant) : "");
}

}  // namespace

std::variant<Command, Answer> parse_command(const std::vector<std::string>& words) {
  Draft draft;
  CLI::App top("Runs Jenkinsfiles in fresh machines.", "cupel");
  bool version = false;
  top.add_flag("--version", version, "Which cupel this is");
  add_run(top, draft);
  add_reading(top, draft.reading);
  add_ssh(top, draft);
  add_machine(top, draft);
  add_box(top, draft);
  add_snapshot(top, draft);
  top.add_subcommand("doctor", "What this host has, what it lacks, and what mends it");
  top.add_subcommand("version", "Which cupel this is");
  top.footer(top_footer);
  if (!words.empty() && !words[0].starts_with('-') &&
      std::find(names.begin(), names.end(), words[0]) == names.end())
    return wrong(unknown_command(words[0]), "");
  try {
    top.parse(std::vector<std::string>(words.rbegin(), words.rend()));  // CLI11 wants them reversed
  } catch (const CLI::Success&) {
    const auto* app = static_cast<const CLI::App*>(&top);
    while (!app->get_subcommands().empty()) app = app->get_subcommands().at(0);
    // CLI11 puts the command's own name behind those of the commands around it.
    const auto name = "cupel " + chosen_name(top);
    return Answer{app->help(app == &top ? "cupel" : name.substr(0, name.rfind(' '))), 0};
  } catch (const CLI::ParseError& error) {
    return wrong(printable(error.what()), chosen_name(top));
  }
  if (version) return Command(VersionCommand{});
  if (top.get_subcommands().empty()) return Answer{top.help(), 2};
  return command_of(top, draft);
}

}  // namespace cupel::cli
