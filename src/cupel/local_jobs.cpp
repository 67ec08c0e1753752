// SPDX-License-Identifier: Apache-2.0
#include "cupel/local_jobs.hpp"

#include <future>

#include "base/json.hpp"
#include "base/text.hpp"
#include "cupel/run_urls.hpp"

namespace cupel {
namespace {

namespace fs = os::fs;
using pipeline::BuildOrder;

/// Where a job's pipeline is.
struct Found {
  fs::path directory, file;  ///< the file is relative to the directory
};

bool lies_in(const fs::path& path, const fs::path& directory) {
  const auto relative = path.lexically_relative(directory);
  return !relative.empty() && *relative.begin() != "..";
}

Result<Found> find(const std::string& job, const fleet::Settings& settings,
                   const Project& project) {
  for (const auto& known : settings.jobs)
    if (known.name == job) return Found{known.directory, known.file};
  std::error_code error;
  auto path = fs::weakly_canonical(project.directory / job, error);
  if (!error && fs::is_directory(path, error)) path /= "Jenkinsfile";
  if (!job.empty() && fs::is_regular_file(path, error)) {
    if (!lies_in(path, project.directory))
      return fail(Fault::denied,
                  "'{}' lies outside of the project: name it by a [[job]] in your cupel.toml",
                  printable(job));
    return Found{project.directory, path.lexically_relative(project.directory)};
  }
  std::vector<std::string> names;
  for (const auto& known : settings.jobs) names.push_back(known.name);
  const auto close = nearest(job, names);
  return fail(
      Fault::not_found, "no job '{}', and no such file in the project: {}{}", printable(job),
      names.empty() ? "there is no [[job]] in cupel.toml" : "there are: " + join(names, ", "),
      close ? ": did you mean '" + *close + "'?" : "");
}

pipeline::PastRun past_run(const EndedRun& ended) {
  pipeline::PastRun run;
  run.number = ended.number;
  run.project = ended.project;
  run.url = url_of_run(ended.directory);
  run.display_name = "#" + std::to_string(ended.number);
  if (!ended.record) return run;
  const auto& record = *ended.record;
  run.verdict = record.verdict;
  run.started =
      std::chrono::duration_cast<std::chrono::milliseconds>(record.started.time_since_epoch());
  run.duration = record.duration;
  if (!record.display_name.empty()) run.display_name = record.display_name;
  run.description = record.description;
  run.keep = record.keep;
  run.variables = record.variables;
  run.failure = record.failure;
  return run;
}

}  // namespace

LocalJobs::LocalJobs(Origin origin)
    : origin_(std::move(origin)), crew_(origin_.order.surroundings.stop) {}

Result<LocalJobs::Call> LocalJobs::call_of(const BuildOrder& order) const {
  const auto found = TRY(find(order.job, origin_.settings, origin_.project));
  Call call;
  call.command = origin_.order.command;
  call.command.directory = found.directory;
  call.command.jenkinsfile = found.file.string();
  call.command.parameters.assign(order.parameters.begin(), order.parameters.end());
  call.command.from_stage = call.command.only_stage = "";
  call.command.artifacts = std::nullopt;
  call.command.journal = std::nullopt;
  if (origin_.order.command.journal)
    call.command.journal = journals_in(origin_.directory) / (order.key + ".journal");
  auto& caller = call.caller;
  caller.job = order.job;
  caller.prompts = origin_.prompts;
  if (const auto* outer = origin_.order.caller) caller.chain = outer->chain;
  caller.chain.push_back(origin_.project.jenkinsfile);
  std::error_code ignored;
  const auto file = fs::weakly_canonical(found.directory / found.file, ignored);
  std::vector<std::string> names;
  for (const auto& one : caller.chain) names.push_back(one.string());
  if (std::find(caller.chain.begin(), caller.chain.end(), file) != caller.chain.end())
    return fail(Fault::invalid, "'{}' would build itself: {} -> {}", printable(order.job),
                join(names, " -> "), file.string());
  pipeline::Cause cause;
  cause.type = "org.jenkinsci.plugins.workflow.support.steps.build.BuildUpstreamCause";
  cause.project = origin_.name;
  cause.build = origin_.number;
  cause.description =
      fmt::format("Started by upstream project \"{}\" build number {}", cause.project, cause.build);
  caller.causes.push_back(std::move(cause));
  if (const auto* outer = origin_.order.caller)
    caller.causes.insert(caller.causes.end(), outer->causes.begin(), outer->causes.end());
  return call;
}

Surroundings LocalJobs::surroundings(const Stop& stop) {
  auto made = origin_.order.surroundings;
  made.stop = stop;
  const auto own = undo_.lock()->next++;
  made.on_second_signal = [this, own](std::function<void()> undo) {
    auto all = undo_.lock();
    if (undo)
      all->of_runs[own] = std::move(undo);
    else
      all->of_runs.erase(own);
  };
  made.on_resize = [](const std::function<void()>&) {};
  return made;
}

void LocalJobs::abandon() const {
  // Under the lock, so that none of them ends meanwhile; the process is about to.
  auto all = undo_.lock();
  for (const auto& [_, undo] : all->of_runs) undo();
}

Result<pipeline::PastRun> LocalJobs::build(const BuildOrder& order, const Say& say,
                                           const Stop& stop) {
  auto call = TRY(call_of(order));
  if (call.command.journal) TRY(keep_order(order), "keep what is to be built");
  if (order.wait == BuildOrder::Wait::no) return start(std::move(call), say);
  return run(std::move(call), say, stop);
}

Result<pipeline::PastRun> LocalJobs::run(Call call, const Say& say, const Stop& stop) {
  call.caller.begun = [&](unsigned number, const fs::path& directory) {
    say(fmt::format("Starting building: {} #{}", call.caller.job, number));
    say(fmt::format("Its log is {}", (directory / "log").string()));
  };
  const auto around = surroundings(stop);
  return past_run(TRY(run_pipeline({call.command, around, origin_.order.machines, &call.caller})));
}

/// The run goes on in a thread of its own; what it begins as is known when it has begun.
Result<pipeline::PastRun> LocalJobs::start(Call call, const Say& say) {
  const auto begun =
      std::make_shared<std::promise<Result<pipeline::PastRun>>>();  // shared: by both threads
  auto known = begun->get_future();
  crew_.add("build", [this, call = std::move(call), begun](const Stop& stop) mutable -> Result<> {
    bool told = false;
    call.caller.begun = [&](unsigned number, const fs::path& directory) {
      told = true;
      begun->set_value(past_run({0, std::nullopt, number, directory, call.caller.job}));
    };
    const auto around = surroundings(stop);
    const auto ended = run_pipeline({call.command, around, origin_.order.machines, &call.caller});
    if (!told && !ended) begun->set_value(tl::unexpected<Error>(ended.error()));
    // One that was over already: an earlier process ended it.
    if (!told && ended) begun->set_value(past_run(*ended));
    return {};
  });
  auto run = TRY(known.get());
  say(fmt::format("Starting building: {} #{}", run.project, run.number));
  return run;
}

Result<> LocalJobs::keep_order(const BuildOrder& order) const {
  const auto directory = journals_in(origin_.directory);
  TRY(os::make_directories(directory, 0700));
  if (order.wait == BuildOrder::Wait::yes) return {};
  json::Object parameters;
  for (const auto& [name, value] : order.parameters) parameters.emplace_back(name, value);
  return os::write_file(
      directory / (order.key + ".json"),
      json::write(json::Object{{"job", order.job}, {"parameters", std::move(parameters)}}), 0600);
}

Result<> LocalJobs::resume() {
  std::error_code error;
  for (fs::directory_iterator it(journals_in(origin_.directory), error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().extension() != ".json") continue;
    const auto kept = TRY(json::parse(TRY(os::read_file(it->path()))));
    BuildOrder order;
    order.job = TRY(kept.text("job"));
    order.key = it->path().stem().string();
    order.wait = BuildOrder::Wait::no;
    if (const auto* parameters = kept.find("parameters"); parameters && parameters->as_object())
      for (const auto& [name, value] : *parameters->as_object())
        if (const auto* text = value.as_string()) order.parameters[name] = *text;
    auto call = TRY(call_of(order));
    // Not begun, or over: the step itself begins it, and what is over is over.
    if (!fs::exists(*call.command.journal, error)) continue;
    TRY(start(std::move(call), [](std::string_view) {}));
  }
  return {};
}

void LocalJobs::finish() { static_cast<void>(crew_.join()); }  // none of them fails

}  // namespace cupel
