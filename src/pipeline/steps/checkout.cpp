// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/scm_value.hpp"
#include "pipeline/interpreter/with_node.hpp"
#include "pipeline/steps/git_client.hpp"
#include "pipeline/steps/makers.hpp"

namespace cupel::pipeline::steps {
namespace {

using Kind = syntax::ParameterKind;

Outcome<Value> check_out_own(const std::string& below, StepContext& context) {
  TRY(context.node());
  auto inner = context.inner();
  const auto directory = below.empty() ? context.directory() : TRY(context.resolve(below));
  const auto variables = TRY(check_out_project(inner, directory));
  auto map = std::make_shared<Map>();
  for (const auto& [name, value] : variables)
    if (name.starts_with("GIT_")) TRY(Outcome<void>(map->put(Value(name), Value(value))));
  return Value(std::move(map));
}

/// checkout scm  |  checkout([$class: 'GitSCM', branches: ..., userRemoteConfigs: ...])
class Checkout final : public SignedStep {
 public:
  Checkout()
      : SignedStep(
            {.name = "checkout",
             .parameters =
                 {{.name = "scm", .required = true, .about = "the variable scm, or a GitSCM"},
                  {.name = "poll",
                   .kind = Kind::flag,
                   .about = "taken, and without effect: nothing is polled"},
                  {.name = "changelog", .kind = Kind::flag, .about = "taken, and without effect"}},
             .default_parameter = "scm",
             .about = "Puts a project's files into the current directory; gives a map of "
                      "GIT_COMMIT, GIT_BRANCH, GIT_URL."}) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto* scm = arguments.find("scm");
    const auto map = scm ? map_of(*scm) : nullptr;
    if (!map)
      return raise("java.lang.IllegalArgumentException",
                   "checkout: the argument 'scm' must be a source, not {}",
                   scm ? "a " + scm->type_name() : "null");
    auto kind = text_of(*map, "$class");
    if (const auto dot = kind.rfind('.'); dot != std::string::npos) kind.erase(0, dot + 1);
    if (kind == "none" || kind == "NullSCM") return Value(std::make_shared<Map>());
    if (kind != "GitSCM" && kind != "scmGit")
      return raise("hudson.AbortException",
                   "checkout: '{}' is not supported; there is GitSCM (scmGit)",
                   kind.empty() ? "a map without $class" : kind);
    if (is_own_scm(*map)) return check_out_own("", context);
    auto order = TRY(git_order_of(*map));
    if (names_own_source(*map)) return check_out_own(order.directory, context);
    return check_out(std::move(order), context);
  }
};

/// git url: '...', branch: 'main'  |  git '...'
class Git final : public SignedStep {
 public:
  Git()
      : SignedStep({.name = "git",
                    .parameters = {{.name = "url",
                                    .kind = Kind::text,
                                    .required = true,
                                    .about = "of the repository, as git takes it"},
                                   {.name = "branch",
                                    .kind = Kind::text,
                                    .about = "its name",
                                    .otherwise = "master"},
                                   {.name = "credentialsId",
                                    .kind = Kind::text,
                                    .about = "of a user and password, or a key"},
                                   {.name = "poll",
                                    .kind = Kind::flag,
                                    .about = "taken, and without effect: nothing is polled"},
                                   {.name = "changelog",
                                    .kind = Kind::flag,
                                    .about = "taken, and without effect"}},
                    .default_parameter = "url",
                    .about = "Checks out a branch of a git repository."}) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    GitOrder order;
    order.url = TRY(arguments.text("url"));
    const auto branch = TRY(arguments.text("branch", "master"));
    order.branches = {"*/" + branch};
    order.local_branch = branch;
    order.credentials = TRY(arguments.text("credentialsId", ""));
    return check_out(std::move(order), context);
  }
};

/// resolveScm chooses among the branches of several sources: there is nothing to choose here.
class ResolveScm final : public SignedStep {
 public:
  ResolveScm()
      : SignedStep({.name = "resolveScm",
                    .parameters = {{.name = "source", .about = "where from"},
                                   {.name = "targets",
                                    .kind = Kind::list,
                                    .about = "branches, in order of preference"},
                                   {.name = "ignoreErrors",
                                    .kind = Kind::flag,
                                    .about = "nothing found is no failure"}},
                    .about = "Not done by cupel: name the branch with checkout or git."}) {}

  Outcome<Value> run(const Arguments&, StepContext&) const override {
    return refuse("resolveScm is not supported: name the branch with checkout or git");
  }
};

}  // namespace

std::unique_ptr<Step> make_checkout() { return std::make_unique<Checkout>(); }
std::unique_ptr<Step> make_git() { return std::make_unique<Git>(); }
std::unique_ptr<Step> make_resolve_scm() { return std::make_unique<ResolveScm>(); }

}  // namespace cupel::pipeline::steps
