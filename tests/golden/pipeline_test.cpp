// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/locked.hpp"
#include "cli/console.hpp"
#include "golden/golden_run.hpp"
#include "golden/golden_surroundings.hpp"
#include "os/files.hpp"
#include "pipeline/interpreter/execute.hpp"
#include "pipeline/interpreter/libraries.hpp"
#include "pipeline/interpreter/node_files.hpp"
#include "pipeline/steps/all.hpp"
#include "pipeline/syntax/diagnostic.hpp"
#include "place/host.hpp"
#include "support/fake_services.hpp"

/// Runs each tests/golden/pipeline/**/*.jenkinsfile on this host and compares what ran, printed
/// and failed with the .expected beside it. Lines `// previous: FAILURE` and `// parameter:
/// NAME=VALUE` in the file say how. CUPEL_ACCEPT=1 rewrites the expectations.
namespace cupel::pipeline {
namespace {

using os::fs::path;

/// Writes down what happens, the same way each time. What runs in parallel is sorted by its path.
class Recorder final : public Observer {
 public:
  explicit Recorder(bool by_path) : by_path_(by_path) {}

  void stage_started(const StagePath& path, StageKind kind) override {
    add(path, kind == StageKind::stage ? "stage started" : "branch started");
  }
  void stage_finished(const model::StageRecord& stage) override {
    add(stage.path, "stage finished: " + std::string(model::name(stage.verdict)));
  }
  void step_started(const StagePath& path, std::string_view step, std::string_view label,
                    StepKind) override {
    if (step == "script") return;  // changes nothing by itself
    add(path, "[" + std::string(step) + "] " + std::string(label));
  }
  void step_finished(const StagePath& path, std::string_view, std::chrono::milliseconds,
                     StepKind) override {
    flush(path, *log_.lock());
  }
  void output(const StagePath& path, place::Stream stream, std::string_view bytes) override {
    auto log = log_.lock();
    auto& streams = log->open[key(path)];
    (stream == place::Stream::out ? streams.first : streams.second) += bytes;
  }
  void note(const StagePath& path, std::string_view line) override {
    add(path, "| " + std::string(line));
  }
  void timestamps_wanted() override { add({}, "timestamps wanted"); }

  std::string text() {
    auto log = log_.lock();
    if (by_path_)
      std::stable_sort(log->lines.begin(), log->lines.end(),
                       [](const auto& a, const auto& b) { return a.first < b.first; });
    std::string text;
    for (const auto& [where, line] : log->lines) text += where + ": " + line + "\n";
    return text;
  }

 private:
  struct Log {
    std::vector<std::pair<std::string, std::string>> lines;
    std::map<std::string, std::pair<std::string, std::string>> open;
  };

  static std::string key(const StagePath& path) {
    return path.empty() ? std::string("-") : join(path, "/");
  }
  void add(const StagePath& path, std::string line) {
    auto log = log_.lock();
    flush(path, *log);
    log->lines.emplace_back(key(path), std::move(line));
  }
  void flush(const StagePath& path, Log& log) {
    auto streams = std::exchange(log.open[key(path)], {});
    for (const auto* stream : {&streams.second, &streams.first}) {
      if (stream->empty()) continue;
      auto lines = split(*stream, '\n');
      if (lines.back().empty()) lines.pop_back();
      for (const auto& line : lines) log.lines.emplace_back(key(path), "> " + printable(line));
    }
  }

  bool by_path_;
  Locked<Log> log_;
};

/// This host as a node named "node" with the labels linux and x86. Its directory goes with it.
class HostLease final : public Lease {
 public:
  HostLease(path root, std::string cookie)
      : place_(place::host_environment(), std::move(cookie)), root_(std::move(root)) {
    EXPECT_TRUE(os::make_directories(root_ / "job"));
  }
  ~HostLease() override { EXPECT_TRUE(os::remove_tree(root_)); }
  place::Place& place() override { return place_; }
  std::string node_name() const override { return "node"; }
  std::string workspace() const override { return (root_ / "job").string(); }
  Variables environment() const override {
    Variables variables = {{"NODE_LABELS", "linux x86"}, {"GOLDEN_ROOT", root_.string()}};
    // Where somebody counts what is executed.
    const auto programs = root_.parent_path() / "bin";
    if (os::fs::exists(programs))
      variables["PATH"] = programs.string() + ":" + place::host_environment()["PATH"];
    return variables;
  }
  std::optional<Trouble> trouble() const override { return std::nullopt; }
  void set_outcome(Outcome) override {}
  std::string ticket() const override { return place_.cookie() + " " + root_.string(); }

 private:
  place::HostPlace place_;
  path root_;
};

class HostNodes final : public Nodes {
 public:
  /// Leases have their directories below `parent`.
  explicit HostNodes(path parent) : parent_(std::move(parent)) {}

  Result<std::unique_ptr<Lease>> acquire(const std::string& label,
                                         const std::function<void(std::string_view)>&,
                                         const Stop& stop) override {
    TRY(stop.check());
    if (label == "broken") return fail(Fault::unavailable, "the host has no room for a machine");
    if (!label.empty() && !TRY(syntax::parse_label(label)).evaluate({"linux", "x86"}))
      return fail(Fault::not_found, "no node has the label '{}'; there are: linux, x86", label);
    const auto mark = to_hex(random_bytes(8)) + "-";
    return lease_in(parent_ / ("node-" + mark), mark);
  }

  /// The host too; says which machine it would be.
  Result<std::unique_ptr<Lease>> acquire_machine(
      const std::string& label, const MachineWish& wish,
      const std::function<void(std::string_view)>& progress, const Stop& stop) override {
    const auto text = [](const auto& value) { return value ? fmt::format("{}", *value) : "-"; };
    progress(fmt::format("machine: label '{}', box {}, cpus {}, cpu {}, memory {}, disk {}", label,
                         text(wish.box), text(wish.cpus), text(wish.cpu),
                         wish.memory ? to_text(*wish.memory) : "-",
                         wish.disk ? to_text(*wish.disk) : "-"));
    for (const auto& step : wish.provision) {
      std::string variables;
      for (const auto& [name, value] : step.environment) variables += " " + name + "=" + value;
      progress(fmt::format("step: {}, source '{}', script '{}'{}", place::describe(step),
                           step.source.string(), step.script, variables));
    }
    return acquire("", progress, stop);
  }

  Result<std::vector<std::string>> named_by(const std::string& label) override {
    const auto fits = TRY(syntax::parse_label(label)).evaluate({"linux", "x86"});
    return fits ? std::vector<std::string>{"node"} : std::vector<std::string>{};
  }

  Result<std::unique_ptr<Lease>> attach(const std::string& ticket, const Stop&) override {
    const auto space = ticket.find(' ');
    const path root = ticket.substr(space + 1);
    if (!os::fs::exists(root)) return fail(Fault::not_found, "{} is gone", root.string());
    return lease_in(root, ticket.substr(0, space));
  }

  Locked<std::vector<std::string>> roots;

 private:
  std::unique_ptr<Lease> lease_in(const path& root, std::string cookie) {
    roots.lock()->push_back(root.string());
    return std::make_unique<HostLease>(root, std::move(cookie));
  }

  path parent_;
};

class DirectoryFiles final : public RunFiles {
 public:
  explicit DirectoryFiles(path root) : root_(std::move(root)) {}
  path artifacts() const override { return root_ / "artifacts"; }
  path stash(const std::string& name) const override { return root_ / "stashes" / name; }
  void add_artifacts(std::vector<std::string>) override {}
  void add_tests(std::vector<model::TestRecord>) override {}

 private:
  path root_;
};

/// The files of a directory as the project's source.
class DirectoryScm final : public Scm {
 public:
  explicit DirectoryScm(path directory) : directory_(std::move(directory)) {}
  Result<std::map<std::string, std::string>> check_out(place::Place& place,
                                                       const std::string& directory,
                                                       const Stop& stop) override {
    TRY(push_tree(place, directory, directory_, stop));
    return std::map<std::string, std::string>{
        {"GIT_COMMIT", commit_}, {"GIT_BRANCH", "main"}, {"GIT_URL", url_}};
  }
  Result<ScmFacts> facts(const Stop&) override { return ScmFacts{url_, "main", commit_}; }

 private:
  path directory_;
  std::string url_ = "https://example.org/team/job.git";
  std::string commit_ = "1234567890abcdef1234567890abcdef12345678";
};

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

std::string summary(const model::RunRecord& record, bool by_path) {
  std::string text = "result: " + std::string(model::name(record.verdict)) + "\n";
  if (record.infrastructure_failed) text += "infrastructure failed\n";
  if (!record.failure.empty()) text += "failure: " + record.failure + "\n";
  auto stages = record.stages;
  if (by_path)
    std::stable_sort(stages.begin(), stages.end(),
                     [](const auto& a, const auto& b) { return a.path < b.path; });
  for (const auto& stage : stages) {
    text += "stage " + join(stage.path, "/") + ": " + std::string(model::name(stage.verdict));
    if (!stage.skip_reason.empty()) text += ", skipped: " + stage.skip_reason;
    if (!stage.failure.empty()) text += ", " + stage.failure;
    text += "\n";
  }
  for (const auto& remark : record.remarks) text += "remark: " + remark + "\n";
  for (const auto& artifact : record.artifacts) text += "artifact " + artifact + "\n";
  for (const auto& test : record.tests) {
    static constexpr std::array states = {"passed", "failed", "skipped"};
    text += "test " + test.suite + "." + test.name + ": " +
            states[static_cast<std::size_t>(test.state)] + " " + test.message + "\n";
  }
  return text;
}

/// `// library: NAME=DIRECTORY`, `// library: NAME=DIRECTORY implicit`; each is there as `main`
/// too.
class DirectoryLibraries final : public Libraries {
 public:
  DirectoryLibraries(const path& beside, const std::vector<std::string>& lines) {
    for (const auto& line : lines) {
      const auto words = split(line, ' ');
      const auto equals = words[0].find('=');
      const auto name = words[0].substr(0, equals);
      known_[name] = beside / words[0].substr(equals + 1);
      if (words.size() > 1) implicit_.push_back(name);
    }
  }

  std::vector<std::string> implicit() const override { return implicit_; }
  Result<LibraryVersion> resolve(const LibraryWish& wish, const Stop&) override {
    if (!known_.contains(wish.name))
      return fail(Fault::not_found, "Could not find any definition of libraries [{}]", wish.name);
    if (wish.ref && *wish.ref != "main")
      return fail(Fault::not_found, "library '{}': there is no version '{}'", wish.name, *wish.ref);
    return LibraryVersion{wish.name, "main", "", known_[wish.name].string(), ""};
  }
  Result<path> open(const LibraryVersion& version, const Stop&) override {
    return path(version.source);
  }

 private:
  std::map<std::string, path> known_;
  std::vector<std::string> implicit_;
};

/// What `cupel run --console jenkins` prints.
struct JenkinsConsole {
  std::string printed = "[Pipeline] Start of Pipeline\n";
  cli::Console console{{.wording = cli::jenkins_wording(cli::Foreign::raw),
                        .sink = [this](std::string_view text) { printed += text; }}};

  std::string text(model::Verdict verdict) {
    console.print("[Pipeline] End of Pipeline\n");
    console.print_failures();
    return printed + "Finished: " + std::string(model::name(verdict)) + "\n";
  }
};

}  // namespace

std::string golden::run(const path& file, const Circumstances& circumstances) {
  const auto text = os::read_file(file);
  const syntax::Source source("Jenkinsfile", *text);
  const auto lines = [&text](const std::string& name) { return settings(*text, name); };
  test::GoldenServices services(lines);
  const auto table = steps::with_mapped(services.steps());
  if (!table) return "refused: " + table.error().text() + "\n";
  const auto& steps = *table;
  syntax::Vocabulary vocabulary(steps.signatures());
  for (const auto& line : settings(*text, "library"))
    if (line.ends_with(" implicit")) vocabulary.others = syntax::Vocabulary::Others::of_libraries;
  const auto jenkinsfile = syntax::read_jenkinsfile(source, vocabulary);
  if (!jenkinsfile.valid()) return syntax::render(source, jenkinsfile.diagnostics);

  RunRequest request{source, jenkinsfile, steps};
  request.environment = {{"JOB_NAME", "team/job"}, {"BUILD_NUMBER", "7"}};
  for (const auto& value : settings(*text, "parameter"))
    request.parameters[value.substr(0, value.find('='))] = value.substr(value.find('=') + 1);
  for (const auto& value : settings(*text, "previous"))
    request.previous = model::verdict_named(value);
  GoldenSurroundings surroundings(*text);
  surroundings.apply(request);
  services.complete(request.services, lines);
  for (const auto& value : settings(*text, "operations")) request.limits.steps = std::stoull(value);

  const bool by_path =
      text->find("parallel") != std::string::npos || text->find("matrix {") != std::string::npos;
  DirectoryLibraries libraries(file.parent_path(), settings(*text, "library"));
  request.services.libraries = &libraries;
  const bool jenkins = !settings(*text, "console").empty();
  JenkinsConsole console;
  Recorder recorder(by_path);
  std::optional<os::TempDir> temporary;
  if (circumstances.root.empty())
    temporary.emplace(*os::TempDir::make_in(os::fs::temp_directory_path(), "golden"));
  const auto root = temporary ? temporary->path() : circumstances.root;
  HostNodes nodes(root);
  DirectoryFiles files(root);
  request.journal = circumstances.journal;
  Stop stop;
  for (const auto& value : settings(*text, "deadline"))
    stop = stop.within(std::chrono::milliseconds(std::stoi(value)));
  std::optional<DirectoryScm> scm;
  for (const auto& value : settings(*text, "scm")) scm.emplace(file.parent_path() / value);
  if (scm) request.scm = &*scm;
  Observer& own = jenkins ? static_cast<Observer&>(console.console) : recorder;
  Observer& observer = circumstances.observer ? *circumstances.observer : own;
  const auto record = execute(request, nodes, files, observer, stop);
  if (!record) return "refused: " + record.error().text() + "\n";
  auto whole = jenkins && !circumstances.observer
                   ? console.text(record->verdict)
                   : recorder.text() + "\n" + summary(*record, by_path);
  for (const auto& used : *nodes.roots.lock()) replace_all(whole, used, "ROOT");
  return whole;
}

std::vector<path> golden::files() {
  std::vector<path> all;
  for (const auto& entry : os::fs::recursive_directory_iterator(CUPEL_GOLDEN_DIRECTORY))
    if (entry.path().extension() == ".jenkinsfile") all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  return all;
}

std::string golden::name_of(const path& file) {
  auto name = os::fs::relative(file, CUPEL_GOLDEN_DIRECTORY).replace_extension().string();
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
}

namespace {

class PipelineGolden : public testing::TestWithParam<path> {};

TEST_P(PipelineGolden, BehavesAsWrittenDown) {
  auto expected_file = GetParam();
  expected_file.replace_extension(".expected");

  const auto actual = golden::run(GetParam(), {});

  const auto* accept = std::getenv("CUPEL_ACCEPT");
  if (accept && std::string_view(accept) == "1") {
    ASSERT_TRUE(os::write_file(expected_file, actual));
    GTEST_SKIP() << "rewrote " << expected_file;
  }
  const auto expected = os::read_file(expected_file);
  ASSERT_TRUE(expected) << "no " << expected_file;
  EXPECT_EQ(actual, *expected);
}

INSTANTIATE_TEST_SUITE_P(Files, PipelineGolden, testing::ValuesIn(golden::files()),
                         [](const auto& one) { return golden::name_of(one.param); });

}  // namespace
}  // namespace cupel::pipeline
