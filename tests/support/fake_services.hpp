// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/locked.hpp"
#include "base/text.hpp"
#include "os/files.hpp"
#include "pipeline/interpreter/credentials.hpp"
#include "pipeline/interpreter/given_answers.hpp"
#include "pipeline/interpreter/jobs.hpp"
#include "pipeline/interpreter/locks.hpp"
#include "pipeline/interpreter/outbox.hpp"
#include "pipeline/interpreter/past_runs.hpp"
#include "pipeline/interpreter/services.hpp"

namespace cupel::test {

/// Credentials that a test names.
class FakeCredentials final : public pipeline::Credentials {
 public:
  std::map<std::string, pipeline::Credential> known;

  Result<pipeline::Credential> find(const std::string& id) override {
    const auto found = known.find(id);
    if (found != known.end()) return found->second;
    return fail(Fault::not_found, "Could not find credentials entry with ID '{}'", id);
  }
};

/// Locks in memory; those in `taken` belong to "run 1".
class FakeLocks final : public pipeline::Locks {
 public:
  std::set<std::string> taken;

  Result<std::unique_ptr<pipeline::HeldLock>> take(
      const Request& request, const std::function<void(std::string_view)>& waiting,
      const Stop& stop) override {
    auto name = request.resource.empty() ? request.label + "-1" : request.resource;
    if (taken.contains(name)) {
      if (request.wait == Request::Wait::no) return fail(Fault::conflict, "locked by run 1");
      waiting("run 1");
      TRY(Locked<int>().wait(stop, [](int) { return false; }));
    }
    return std::make_unique<Held>(std::move(name));
  }

 private:
  class Held final : public pipeline::HeldLock {
   public:
    explicit Held(std::string name) : name_(std::move(name)) {}
    std::vector<std::string> resources() const override { return {name_}; }

   private:
    std::string name_;
  };
};

/// Milestones, of which `newer_at` was passed by build 9.
class FakeMilestones final : public pipeline::Milestones {
 public:
  std::optional<std::int64_t> newer_at;

  Result<std::optional<unsigned>> pass(std::int64_t ordinal) override {
    return newer_at == ordinal ? std::optional(9U) : std::nullopt;
  }
};

/// Keeps what was to be sent.
class FakeOutbox final : public pipeline::Outbox {
 public:
  Locked<std::vector<pipeline::Notification>> sent;
  Sent answer = Sent::not_configured;

  Result<Sent> send(const pipeline::Notification& notification, const Stop& stop) override {
    TRY(stop.check());
    sent.lock()->push_back(notification);
    return answer;
  }
};

/// One run, number 3 of the job "lib", with the artifact out/lib.a; and those that a test names, of
/// the job that asks. Their directory is made when it is asked for.
class FakePastRuns final : public pipeline::PastRuns {
 public:
  std::vector<pipeline::PastRun> own;  ///< the newest first

  /// A line of issues.jsonl of all of them.
  void add_issue(const std::string& line) {
    issues_ += line + "\n";
    const auto path = root();
    if (!path) return;
    static_cast<void>(os::write_file(*path / "issues.jsonl", issues_));
    for (auto& run : own) run.artifacts = *path;
  }

  Result<std::optional<pipeline::PastRun>> before(
      const std::string&, unsigned number,
      const std::vector<model::Verdict>& verdicts) const override {
    for (const auto& run : own)
      if (run.number < number && (verdicts.empty() || std::find(verdicts.begin(), verdicts.end(),
                                                                run.verdict) != verdicts.end()))
        return run;
    return std::optional<pipeline::PastRun>();
  }
  Result<Found> find(const std::string& job, Which, std::optional<unsigned> number) const override {
    if (job != "lib" || number.value_or(3) != 3)
      return fail(Fault::not_found, "no such run of '{}'; there are runs of: lib", job);
    const auto path = TRY(root());
    TRY(os::make_directories(path / "out"));
    TRY(os::write_file(path / "out/lib.a", "lib"));
    return Found{3, path};
  }

 private:
  Result<os::fs::path> root() const {
    auto root = root_.lock();
    if (!*root) root->emplace(TRY(os::TempDir::make("past")));
    return (*root)->path();
  }

  std::string issues_;
  mutable Locked<std::optional<os::TempDir>> root_;
};

/// `NAME VERDICT PARAMETER...`: a job that ends so and takes these.
class FakeJobs final : public pipeline::Jobs {
 public:
  struct Job {
    model::Verdict verdict = model::Verdict::success;
    std::vector<std::string> parameters;
  };
  std::map<std::string, Job> known;

  Result<pipeline::PastRun> build(const pipeline::BuildOrder& order, const Say& say,
                                  const Stop& stop) override {
    TRY(stop.check());
    const auto found = known.find(order.job);
    if (found == known.end())
      return fail(Fault::not_found, "no job '{}'; there are: {}", order.job,
                  known.empty() ? "none" : known.begin()->first);
    pipeline::PastRun run;
    run.number = 12;
    run.project = order.job;
    run.display_name = "#12";
    run.verdict = found->second.verdict;
    run.duration = std::chrono::milliseconds(61'000);
    run.url = "file:///runs/12/";
    for (const auto& name : found->second.parameters) run.variables[name] = "default";
    for (const auto& [name, value] : order.parameters) {
      if (!run.variables.contains(name))
        return fail(Fault::invalid, "the pipeline has no parameter '{}'", name);
      run.variables[name] = value;
    }
    say("Starting building: " + order.job + " #12");
    return run;
  }
};

/// The services of a golden run, by the lines `// NAME: VALUE` in its file:
///   secret: ID string TEXT | ID usernamePassword NAME PASSWORD | ID file NAME TEXT
///               | ID sshUserPrivateKey NAME KEY PASSPHRASE | ID certificate KEYSTORE PASSWORD
///   reply: ID=VALUE    locked: RESOURCE    newer-at-milestone: ORDINAL    sends: yes
///   past: NUMBER VERDICT DISPLAY_NAME    previous: VERDICT (is run 6)    job: see FakeJobs
///   config-file: ID TEXT    map-step: NAME script|stdout|noop TEXT
class GoldenServices {
 public:
  using Lines = std::function<std::vector<std::string>(const std::string& name)>;

  explicit GoldenServices(const Lines& lines) {
    for (const auto& line : lines("secret")) add_credential(split(line, ' '));
    for (const auto& line : lines("locked")) locks_.taken.insert(line);
    for (const auto& line : lines("newer-at-milestone")) milestones_.newer_at = parse_integer(line);
    if (!lines("sends").empty()) outbox_.answer = pipeline::Outbox::Sent::yes;
    auto answers = pipeline::GivenAnswers::parse(lines("reply"), "ada", nullptr);
    if (answers) answers_ = std::make_unique<pipeline::GivenAnswers>(std::move(*answers));
    for (const auto& line : lines("config-file"))
      services_.operation.config_files[part(line, 0)] = {rest(line, 1), ""};
    for (const auto& line : lines("map-step")) add_step(line);
    for (const auto& line : lines("previous")) add_run("6 " + line);
    for (const auto& line : lines("past")) add_run(line);
    for (const auto& line : lines("past-issue")) past_runs_.add_issue(line);
    for (const auto& line : lines("job")) {
      const auto parts = split(line, ' ');
      jobs_.known[parts[0]] = {
          model::verdict_named(part(line, 1)).value_or(model::Verdict::success), {}};
      for (std::size_t i = 2; i < parts.size(); ++i)
        jobs_.known[parts[0]].parameters.push_back(parts[i]);
    }
  }

  const std::map<std::string, pipeline::MappedStep>& steps() const {
    return services_.operation.steps;
  }
  /// Adds what these lines say to `services`.
  void complete(pipeline::Services& services, const Lines& lines) {
    if (!lines("secret").empty()) services.credentials = &credentials_;
    if (!lines("reply").empty()) services.prompts = answers_.get();
    services.locks = &locks_;
    services.milestones = &milestones_;
    services.outbox = &outbox_;
    services.past_runs = &past_runs_;
    services.jobs = &jobs_;
    services.operation.steps = services_.operation.steps;
    services.operation.config_files = services_.operation.config_files;
  }

 private:
  static std::string part(const std::string& line, std::size_t index) {
    const auto parts = split(line, ' ');
    return index < parts.size() ? parts[index] : "";
  }
  static std::string rest(const std::string& line, std::size_t from) {
    const auto parts = split(line, ' ');
    if (from >= parts.size()) return "";
    return join(std::span(parts).subspan(from), " ");
  }

  void add_run(const std::string& line) {
    pipeline::PastRun run;
    run.number = static_cast<unsigned>(parse_integer(part(line, 0)).value_or(1));
    run.project = "team/job";
    run.verdict = model::verdict_named(part(line, 1)).value_or(model::Verdict::success);
    run.display_name = part(line, 2).empty() ? "#" + part(line, 0) : part(line, 2);
    run.started = std::chrono::milliseconds(1'700'000'000'000);
    run.duration = std::chrono::milliseconds(2'500);
    run.variables = {{"WHO", "ada"}};
    run.url = "file:///runs/" + part(line, 0) + "/";
    past_runs_.own.push_back(std::move(run));
  }

  void add_step(const std::string& line) {
    pipeline::MappedStep step;
    const auto how = part(line, 1);
    (how == "noop" ? step.noop : step.script) = rest(line, 2);
    step.returns_output = how == "stdout";
    services_.operation.steps[part(line, 0)] = std::move(step);
  }

  void add_credential(std::vector<std::string> words) {
    words.resize(6);
    auto& known = credentials_.known;
    if (words[1] == "string") known[words[0]] = pipeline::SecretText{words[2]};
    if (words[1] == "usernamePassword")
      known[words[0]] = pipeline::UsernamePassword{words[2], words[3]};
    if (words[1] == "file") known[words[0]] = pipeline::SecretFile{words[2], words[3]};
    if (words[1] == "sshUserPrivateKey")
      known[words[0]] = pipeline::SshUserPrivateKey{words[2], words[3], words[4]};
    if (words[1] == "certificate") known[words[0]] = pipeline::Certificate{words[2], words[3]};
  }

  FakeCredentials credentials_;
  FakeLocks locks_;
  FakeMilestones milestones_;
  FakeOutbox outbox_;
  FakePastRuns past_runs_;
  FakeJobs jobs_;
  std::unique_ptr<pipeline::GivenAnswers> answers_;
  pipeline::Services services_;
};

}  // namespace cupel::test
