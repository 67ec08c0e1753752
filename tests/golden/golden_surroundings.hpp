// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "pipeline/interpreter/credentials.hpp"
#include "pipeline/interpreter/execute.hpp"
#include "pipeline/interpreter/prompt.hpp"
#include "pipeline/interpreter/scm.hpp"

/// What a golden pipeline finds around it, by lines of its own: `// NAME: value`.
namespace cupel::pipeline {

inline std::vector<std::string> settings(const std::string& text, const std::string& name) {
  std::vector<std::string> values;
  for (const auto& line : split(text, '\n'))
    if (line.starts_with("// " + name + ": ")) values.push_back(line.substr(name.size() + 5));
  return values;
}

/// "a=b" at the first `separator`.
inline std::pair<std::string, std::string> halves(const std::string& text, char separator = '=') {
  const auto at = text.find(separator);
  if (at == std::string::npos) return {text, ""};
  return {text.substr(0, at), text.substr(at + 1)};
}

/// `// credential: ID=text SECRET`, `// credential: ID=login USER PASSWORD`
class GoldenCredentials final : public Credentials {
 public:
  explicit GoldenCredentials(const std::string& text) {
    for (const auto& line : settings(text, "credential")) {
      const auto [id, value] = halves(line);
      const auto words = split(value, ' ');
      if (words[0] == "login")
        known_.emplace(id, UsernamePassword{words[1], words[2]});
      else
        known_.emplace(id, SecretText{words[1]});
    }
  }
  Result<Credential> find(const std::string& id) override {
    const auto found = known_.find(id);
    if (found == known_.end())
      return fail(Fault::not_found, "Could not find credentials entry with ID '{}'", id);
    return found->second;
  }

 private:
  std::map<std::string, Credential> known_;
};

/// `// answer: ID=proceed NAME=VALUE ...`, `// answer: ID=abort`
class GoldenPrompts final : public Prompts {
 public:
  explicit GoldenPrompts(const std::string& text) {
    for (const auto& line : settings(text, "answer")) answers_.insert(halves(line));
  }
  Result<PromptAnswer> ask(const Question& question, const Stop&) override {
    const auto found = answers_.find(question.id);
    if (found == answers_.end())
      return fail(Fault::unavailable, "nobody can answer the input '{}'", question.id);
    PromptAnswer answer;
    answer.submitter = "ada";
    auto words = split(found->second, ' ');
    if (words[0] == "abort") answer.decision = PromptAnswer::Decision::abort;
    for (const auto& parameter : question.parameters) {
      auto value = parameter.otherwise;
      if (value.empty() && !parameter.choices.empty()) value = parameter.choices.front();
      for (const auto& word : words)
        if (halves(word).first == parameter.name) value = halves(word).second;
      answer.values.emplace_back(parameter.name, value);
    }
    return answer;
  }

 private:
  std::map<std::string, std::string> answers_;
};

/// `// checkout: yes`: a project of one file, README.
class GoldenScm final : public Scm {
 public:
  Result<std::map<std::string, std::string>> check_out(place::Place& place,
                                                       const std::string& directory,
                                                       const Stop& stop) override {
    place::Command command;
    command.argv = {"sh", "-c", "mkdir -p \"$1\" && echo readme >\"$1/README\"", "sh", directory};
    command.directory = "/";
    TRY(place::run_captured(place, command, stop));
    return std::map<std::string, std::string>{
        {"GIT_COMMIT", "c0ffee"}, {"GIT_BRANCH", "origin/main"}, {"GIT_LOCAL_BRANCH", "main"}};
  }
  Result<ScmFacts> facts(const Stop&) override {
    return ScmFacts{"https://git.example/project.git", "main", "c0ffee"};
  }
};

class GoldenSurroundings {
 public:
  explicit GoldenSurroundings(const std::string& text)
      : text_(text), credentials_(text), prompts_(text) {}

  void apply(RunRequest& request) {
    request.services.credentials = &credentials_;
    request.services.prompts = &prompts_;
    if (!settings(text_, "checkout").empty()) request.scm = &scm_;
    for (const auto& line : settings(text_, "environment"))
      request.environment.insert(halves(line));
    request.facts.job = "job";
    request.facts.started = std::chrono::milliseconds(1'700'000'100'000);
    for (const auto& line : settings(text_, "cause")) {
      const auto [type, user] = halves(line, ' ');
      request.facts.causes.push_back({type, "Started by " + type, user});
    }
    for (const auto& line : settings(text_, "upstream"))
      request.facts.causes.push_back(
          {"org.jenkinsci.plugins.workflow.support.steps.build.BuildUpstreamCause",
           "Started by upstream project \"" + line + "\" build number 3", "", line, 3});
    for (const auto& line : settings(text_, "change")) {
      const auto [message, paths] = halves(line, '|');
      request.facts.changes.push_back({"c0ffee", "ada", message, 0, split(paths, ' ')});
    }
    request.facts.is_first = settings(text_, "previous").empty();
    for (const auto& line : settings(text_, "from-stage")) request.facts.restart.from = line;
    for (const auto& line : settings(text_, "only-stage")) request.facts.restart.only = line;
    for (const auto& line : settings(text_, "tool")) {
      const auto [tool, home] = halves(line);
      const auto [kind, name] = halves(tool, ' ');
      request.services.operation.tools[kind][name] = home;
    }
  }

 private:
  const std::string& text_;
  GoldenCredentials credentials_;
  GoldenPrompts prompts_;
  GoldenScm scm_;
};

}  // namespace cupel::pipeline
