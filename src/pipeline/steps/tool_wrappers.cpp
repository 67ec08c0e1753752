// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "pipeline/interpreter/tool_homes.hpp"
#include "pipeline/interpreter/with_credentials.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

/// What the wrapper of a build tool is called with: kinds of [tools] and the parameters that name
/// one of them.
struct Wrapper {
  const char* name;
  const char* unnamed;
  const char* about;
  std::array<std::pair<const char*, const char*>, 2> tools;  ///< {parameter, kind}; {"", ""}: none
};

constexpr std::array wrappers = {
    Wrapper{"withMaven",
            "",
            "Runs its body with a maven and a jdk of [tools]; publishes nothing by itself",
            {{{"maven", "maven"}, {"jdk", "jdk"}}}},
    Wrapper{"nodejs",
            "nodeJSInstallationName",
            "Runs its body with a nodejs of [tools]",
            {{{"nodeJSInstallationName", "nodejs"}, {"", ""}}}},
    Wrapper{"withAnt",
            "",
            "Runs its body with an ant and a jdk of [tools]",
            {{{"installation", "ant"}, {"jdk", "jdk"}}}},
};

class WithTools final : public SignedStep {
 public:
  explicit WithTools(const Wrapper& wrapper) : SignedStep(signature_of(wrapper)), own_(wrapper) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    TRY(context.node());
    auto inner = context.inner();
    for (const auto& [parameter, kind] : own_.tools) {
      if (!*parameter) continue;
      const auto name = TRY(arguments.text(parameter, ""));
      if (name.empty()) continue;
      auto home = tool_home(context.services().operation, kind, name);
      if (!home) return raise("hudson.AbortException", "{}", home.error().text());
      set_tool(kind, *home, inner);
    }
    return context.run_body(inner);
  }

 private:
  static syntax::StepSignature signature_of(const Wrapper& wrapper) {
    Parameters parameters;
    for (const auto& [parameter, kind] : wrapper.tools)
      if (*parameter)
        parameters.push_back(
            takes(parameter, Kind::text, "", "Its name in [tools." + std::string(kind) + "]"));
    auto made = block(wrapper.name, wrapper.unnamed, wrapper.about, std::move(parameters));
    made.open = true;
    return made;
  }

  const Wrapper& own_;
};

/// Plugins whose work around a body is nothing here; the body runs as it is.
struct Plain {
  const char* name;
  const char* unnamed;
  const char* why;
};

constexpr std::array plain = {
    Plain{"withGradle", "", "build scans are not collected"},
    Plain{"throttle", "categories", "categories hold nothing back here"},
    Plain{"cache", "caches", "nothing is cached between runs"},
};

class PlainBody final : public SignedStep {
 public:
  explicit PlainBody(const Plain& own) : SignedStep(signature_of(own)), own_(own) {}
  Outcome<Value> run(const Arguments&, StepContext& context) const override {
    context.print(std::string(own_.name) + ": " + own_.why);
    auto inner = context.inner();
    return context.run_body(inner);
  }

 private:
  static syntax::StepSignature signature_of(const Plain& own) {
    Parameters parameters;
    if (*own.unnamed)
      parameters.push_back(takes(own.unnamed, Kind::any, "", "Without meaning here"));
    auto made = block(own.name, own.unnamed, std::string("Runs its body as it is: ") + own.why,
                      std::move(parameters));
    made.open = true;
    return made;
  }

  const Plain& own_;
};

/// withAWS(credentials: 'id', region: 'eu-west-1') { ... }
class WithAws final : public SignedStep {
 public:
  WithAws()
      : SignedStep(block(
            "withAWS", "",
            "Sets AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and AWS_PROFILE for its "
            "body",
            {takes("credentials", Kind::text, "", "A username with password: the key and secret"),
             takes("region", Kind::text, "", "AWS_REGION and AWS_DEFAULT_REGION"),
             takes("profile", Kind::text, "", "AWS_PROFILE and AWS_DEFAULT_PROFILE"),
             takes("endpointUrl", Kind::text, "", "AWS_ENDPOINT_URL"),
             takes("role", Kind::text, "", "Not supported: assume it with the aws program"),
             ignores("roleAccount", Kind::text), ignores("duration", Kind::number),
             ignores("roleSessionName", Kind::text)})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    if (!TRY(arguments.text("role", "")).empty())
      return raise("java.lang.UnsupportedOperationException",
                   "withAWS: a role is not supported; assume it with 'aws sts assume-role'");
    auto inner = context.inner();
    const auto set = [&](const char* parameter,
                         std::initializer_list<const char*> names) -> Outcome<void> {
      const auto value = TRY(arguments.text(parameter, ""));
      for (const auto* name : names)
        if (!value.empty()) inner.set_variable(name, value);
      return {};
    };
    TRY(set("region", {"AWS_REGION", "AWS_DEFAULT_REGION"}));
    TRY(set("profile", {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"}));
    TRY(set("endpointUrl", {"AWS_ENDPOINT_URL"}));
    CredentialBinding binding;
    binding.kind = CredentialBinding::Kind::username_password;
    binding.id = TRY(arguments.text("credentials", ""));
    if (binding.id.empty()) return context.run_body(inner);
    binding.username_variable = "AWS_ACCESS_KEY_ID";
    binding.password_variable = "AWS_SECRET_ACCESS_KEY";
    return with_credentials({binding}, context.id().branch + std::to_string(context.id().ordinal),
                            inner, [&](Context& bound) { return context.run_body(bound); });
  }
};

}  // namespace

void add_tool_wrappers(std::vector<std::unique_ptr<Step>>& steps) {
  for (const auto& one : wrappers) steps.push_back(std::make_unique<WithTools>(one));
  for (const auto& one : plain) steps.push_back(std::make_unique<PlainBody>(one));
  steps.push_back(std::make_unique<WithAws>());
}

}  // namespace cupel::pipeline::steps
