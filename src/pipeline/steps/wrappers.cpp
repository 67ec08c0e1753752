// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.hpp"
#include "pipeline/interpreter/build_facts.hpp"
#include "pipeline/steps/described.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

Outcome<Value> with_colours(StepContext& context) {
  auto inner = context.inner();
  inner.set_variable("TERM", "xterm");
  return context.run_body(inner);
}

Outcome<Value> with_timestamps(StepContext& context) {
  auto inner = context.inner();
  inner.run.observer.timestamps_wanted();
  return context.run_body(inner);
}

/// withEnv(['A=1', 'PATH+TOOLS=/opt/bin']) { ... }
class WithEnv final : public SignedStep {
 public:
  WithEnv()
      : SignedStep(block("withEnv", "overrides", "Sets environment variables for its body",
                         {needs("overrides", Kind::list,
                                "NAME=value; PATH+WHAT=dir puts dir in front of PATH")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    auto inner = context.inner();
    for (const auto& entry : TRY(arguments.texts("overrides"))) {
      const auto equals = entry.find('=');
      if (equals == std::string::npos || equals == 0)
        return raise("java.lang.IllegalArgumentException",
                     "withEnv: '{}' is not of the form NAME=value", entry);
      inner.set_variable(entry.substr(0, equals), entry.substr(equals + 1));
    }
    return context.run_body(inner);
  }
};

/// timestamps { ... }
class Timestamps final : public SignedStep {
 public:
  Timestamps()
      : SignedStep(block("timestamps", "",
                         "Puts the time before the lines of the log, from here on", {})) {}
  Outcome<Value> run(const Arguments&, StepContext& context) const override {
    return with_timestamps(context);
  }
};

/// ansiColor('xterm') { ... }
class AnsiColor final : public SignedStep {
 public:
  AnsiColor()
      : SignedStep(
            block("ansiColor", "colorMapName", "Lets commands of its body colour their output",
                  {takes("colorMapName", Kind::text, "xterm", "The terminal's kind, as TERM")})) {}
  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    auto inner = context.inner();
    const auto name = TRY(arguments.text("colorMapName", ""));
    inner.set_variable("TERM", name.empty() ? "xterm" : name);
    return context.run_body(inner);
  }
};

/// wrap([$class: 'AnsiColorBuildWrapper']) { ... }
class Wrap final : public SignedStep {
 public:
  Wrap()
      : SignedStep(block("wrap", "delegate",
                         "Runs its body inside of a build wrapper: AnsiColorBuildWrapper, "
                         "TimestamperBuildWrapper, MaskPasswordsBuildWrapper, or BuildUser, which "
                         "sets BUILD_USER, BUILD_USER_ID, BUILD_USER_FIRST_NAME and "
                         "BUILD_USER_LAST_NAME to who started the run",
                         {needs("delegate", Kind::map, "[$class: 'NAME', ...]")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto object = TRY(described(arguments.find("delegate"), "wrap"));
    if (object.kind == "AnsiColorBuildWrapper") return with_colours(context);
    if (object.kind == "TimestamperBuildWrapper") return with_timestamps(context);
    if (object.kind == "MaskPasswordsBuildWrapper") return with_masks(object, context);
    if (object.kind == "BuildUser") return with_user(context);
    return raise("java.lang.UnsupportedOperationException",
                 "wrap: the build wrapper '{}' is not supported; there are AnsiColorBuildWrapper, "
                 "TimestamperBuildWrapper, MaskPasswordsBuildWrapper, BuildUser",
                 object.kind);
  }

 private:
  /// As the plugin has them. A user's name here is a login: no more than that is known of him.
  static Outcome<Value> with_user(StepContext& context) {
    auto inner = context.inner();
    const auto& causes = context.run().facts.causes;
    const auto cause = std::find_if(causes.begin(), causes.end(),
                                    [](const Cause& one) { return !one.user.empty(); });
    if (cause == causes.end()) {
      context.note("wrap: no user started this run, so BUILD_USER and its like are not set");
      return context.run_body(inner);
    }
    const auto& user = cause->user;
    const auto blank = std::min(user.find(' '), user.size());
    inner.set_variable("BUILD_USER", user);
    inner.set_variable("BUILD_USER_ID", user);
    inner.set_variable("BUILD_USER_FIRST_NAME", user.substr(0, blank));
    inner.set_variable("BUILD_USER_LAST_NAME", std::string(trim(user.substr(blank))));
    return context.run_body(inner);
  }

  static Outcome<Value> with_masks(const Described& object, StepContext& context) {
    auto inner = context.inner();
    if (const auto* pairs = object.arguments.find("varPasswordPairs"))
      for (const auto& pair : TRY(Outcome<std::vector<Value>>(elements(*pairs)))) {
        const auto one = TRY(described_map(pair, "varPasswordPairs"));
        const auto name = TRY(one.text("var", ""));
        context.masks().add(name, TRY(one.text("password", "")));
        if (!name.empty()) inner.set_variable(name, TRY(one.text("password", "")));
      }
    return context.run_body(inner);
  }
};

}  // namespace

std::unique_ptr<Step> make_with_env() { return std::make_unique<WithEnv>(); }
std::unique_ptr<Step> make_timestamps() { return std::make_unique<Timestamps>(); }
std::unique_ptr<Step> make_ansi_color() { return std::make_unique<AnsiColor>(); }
std::unique_ptr<Step> make_wrap() { return std::make_unique<Wrap>(); }

}  // namespace cupel::pipeline::steps
