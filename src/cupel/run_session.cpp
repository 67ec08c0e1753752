// SPDX-License-Identifier: Apache-2.0
#include "cupel/run_session.hpp"

#include "base/log.hpp"
#include "machine/recording.hpp"
#include "place/recorded_files.hpp"
#include "runs/given_machines.hpp"
#include "runs/marked_processes.hpp"

namespace cupel {
namespace {

using namespace std::chrono_literals;
namespace fs = os::fs;
using Command = cli::RunCommand;

fs::path artifacts_of(const Command& command, const runs::RunDirectory& directory) {
  return command.artifacts ? fs::absolute(*command.artifacts) : directory.artifacts();
}

fleet::KeepPolicy policy_of(Command::Keep keep) {
  switch (keep) {
    case Command::Keep::never: return fleet::KeepPolicy::never;
    case Command::Keep::failed: return fleet::KeepPolicy::failed;
    case Command::Keep::always: return fleet::KeepPolicy::always;
  }
  return fleet::KeepPolicy::never;
}

/// Images of memory that machines left among the artifacts.
void add_vmcores(runs::LocalRunFiles& files) {
  std::error_code error;
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(files.artifacts(), error))
    if (const auto name = entry.path().filename().string(); name.starts_with("vmcore-"))
      found.push_back(name);
  if (!found.empty()) files.add_artifacts(std::move(found));
}

}  // namespace

RunSession::RunSession(Order order, runs::RunDirectory directory, std::unique_ptr<runs::RunLog> log)
    : order_(order),
      directory_(std::move(directory)),
      log_(std::move(log)),
      files_(artifacts_of(order.command, directory_), directory_.stashes(), directory_.log()) {}

Result<runs::RunDirectory> RunSession::directory_of(const Order& order, const Stop& stop) {
  auto* journal = order.journal;
  if (journal && journal->head())
    return TRY(order.store.take_up(journal->head()->run, journal->head()->mark),
               "resume the run of {}", journal->path().string());
  auto directory = TRY(order.store.create(order.project.jenkinsfile.string(), stop,
                                          journal ? journal->path() : fs::path()),
                       "make a directory for the run");
  if (!journal) return directory;
  auto head = order.head;
  head.run = directory.number();
  head.mark = directory.mark();
  TRY(journal->begin(head), "begin the journal {}", journal->path().string());
  return directory;
}

Result<std::unique_ptr<RunSession>> RunSession::begin(const Order& order, const Stop& stop) {
  auto directory = TRY(directory_of(order, stop));
  auto log = TRY(
      order.journal ? runs::RunLog::resume(directory.log()) : runs::RunLog::create(directory.log()),
      "make the log");
  auto session =
      std::unique_ptr<RunSession>(new RunSession(order, std::move(directory), std::move(log)));
  TRY(os::make_directories(session->files_.artifacts()), "make the artifacts' directory");
  TRY(os::make_directories(session->directory_.stashes()));
  TRY(session->take_kept_stashes(), "take the stashes of an earlier run");

  fleet::PackedTree::Order pack{order.project.directory, {}, session->directory_.tree()};
  if (order.command.artifacts) pack.leave_out.push_back(session->files_.artifacts());
  session->tree_.emplace(std::move(pack), stop);
  fleet::Fleet::Plan plan;
  plan.run = std::to_string(session->directory_.number());
  plan.project = order.project.name();
  plan.sources = order.project.directory;
  plan.host_workspaces = session->directory_.workspaces();
  plan.keep = policy_of(order.command.keep);
  // What the person asks for comes before what the pipeline does.
  if (const auto& wish = order.project.pipeline.job.keep_machine) {
    if (plan.keep == fleet::KeepPolicy::never)
      plan.keep = wish->when == pipeline::syntax::KeepMachine::When::failed
                      ? fleet::KeepPolicy::failed
                      : fleet::KeepPolicy::always;
    if (wish->time) plan.keep_time = *wish->time;
  }
  if (order.command.keep_for) plan.keep_time = *order.command.keep_for;
  plan.where = order.command.on == Command::On::host ? fleet::Fleet::Where::host
                                                     : fleet::Fleet::Where::as_labelled;
  plan.host_mark = session->directory_.mark();
  plan.snapshots = order.snapshots;
  plan.ahead = order.ahead;
  plan.artifacts = session->files_.artifacts();
  plan.recording = order.recording;
  plan.given = [file = session->directory_.machines()](const fleet::Fleet::Given& given) {
    model::MachineUse machine;
    machine.name = given.name;
    machine.cpus = given.cpus;
    machine.memory = given.memory;
    // What cannot be noted is not told of at the end; its files are there all the same.
    if (const auto noted = runs::note_machine(file, machine); !noted)
      log_debug("{}", noted.error().text());
  };
  if (order.journal)
    plan.outliving = {fs::absolute(order.journal->path()).string(), order.orphan_limit};
  session->fleet_ = std::make_unique<fleet::Fleet>(order.catalog, order.machines, std::move(plan));
  return session;
}

Result<> RunSession::take_kept_stashes() {
  const auto& command = order_.command;
  const bool begun = order_.journal && order_.journal->head() && !order_.journal->records().empty();
  if (begun || (command.from_stage.empty() && command.only_stage.empty())) return {};
  const auto kept = order_.store.kept_stashes(job());
  if (!kept) return {};
  std::error_code error;
  fs::copy(*kept, directory_.stashes(), fs::copy_options::recursive, error);
  if (error) return fail_errno(error.value(), "copy {}", kept->string());
  return {};
}

fs::path RunSession::recordings() const { return files_.artifacts() / place::recordings_directory; }

std::vector<model::MachineUse> RunSession::recorded_machines() const {
  std::vector<model::MachineUse> machines;
  for (auto& machine : runs::noted_machines(directory_.machines())) {
    const auto found = machine::find_recording(recordings() / machine.name);
    if (!found) continue;
    machine.peak_memory = found->use.peak;
    machine.processor_time = found->use.cpu;
    machine.duration = found->use.time;
    for (const auto& file : found->files)
      machine.files.push_back(
          fmt::format("{}/{}/{}", place::recordings_directory, machine.name, file));
    machines.push_back(std::move(machine));
  }
  return machines;
}

std::vector<std::string> RunSession::left_behind() const {
  auto left = runs::transient_left(directory_.path());
  for (const auto& process : runs::find_marked(directory_.mark()))
    left.push_back(fmt::format("process {} ({})", process.pid, process.name));
  for (const auto& id : order_.machines.living(std::to_string(directory_.number())))
    left.push_back(fmt::format("machine {} (cupel machine rm {})", id, id));
  for (auto& complaint : fleet_->complaints()) left.push_back(std::move(complaint));
  return left;
}

cli::SummaryFacts RunSession::end(model::RunRecord& record) {
  cli::SummaryFacts facts;
  const auto note = [&](const Result<>& done, std::string_view what) {
    if (!done) facts.left_behind.push_back(fmt::format("{}: {}", what, done.error().text()));
  };
  tree_.reset();
  // What was asked to stop has stopped; this must happen all the same.
  const auto stop = Stop().within(30s);
  note(runs::kill_marked(directory_.mark(), stop), "end what runs in the background");
  if (order_.stashes == Order::Stashes::stay) {
    std::error_code ignored;  // what is not kept cannot be restarted from, and says so then
    fs::rename(directory_.stashes(), directory_.kept_stashes(), ignored);
  }
  note(runs::remove_transient(directory_.path()), "clean up");
  // Those that were ready when an earlier cupel died, but not in the journal.
  if (order_.journal)
    note(order_.machines.end_orphans(std::to_string(directory_.number()), stop),
         "end machines that nobody took up");
  if (const auto closed = log_->close(); !closed && record.failure.empty())
    record.failure = "write the log: " + closed.error().text();
  add_vmcores(files_);
  record.artifacts = files_.collected_artifacts();
  record.tests = files_.collected_tests();
  facts.machines = recorded_machines();
  note(order_.store.record(directory_, {job(), record, order_.name, facts.machines}),
       "record the run");

  for (auto& thing : left_behind()) facts.left_behind.push_back(std::move(thing));
  for (const auto& kept : fleet_->kept()) facts.kept.push_back({kept.node, kept.time});
  facts.log = directory_.log().string();
  facts.artifacts = files_.artifacts().string();
  facts.recordings = recordings().string();
  return facts;
}

void RunSession::abandon(const fs::path& run, const std::string& mark) {
  const auto stop = Stop().within(5s);
  static_cast<void>(runs::kill_marked(mark, stop));  // the next command tries again
  static_cast<void>(runs::remove_transient(run));
}

}  // namespace cupel
