// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/groovy/object.hpp"
#include "pipeline/interpreter/context.hpp"
#include "pipeline/syntax/build_parameter.hpp"

namespace cupel::pipeline {

/// A parameter of the build, with all that is needed to give it a value.
struct DeclaredParameter {
  using Kind = syntax::BuildParameter::Kind;
  Kind kind = Kind::text;
  std::string name;
  std::string initial;               ///< defaultValue
  std::vector<std::string> choices;  ///< of kind choice; the first is the default
  bool trim = false;
  bool required = false;  ///< of kind credentials
};

/// Whether its default or its choices are expressions: only a run can say what they are.
bool is_known_at_run_time(const syntax::BuildParameter& parameter);
/// With what is literal; expressions are left out.
DeclaredParameter declared_parameter(const syntax::BuildParameter& parameter);
/// What choices: a list, or a text with one on each line. Fails on any other value.
Outcome<std::vector<std::string>> choices_of(const Value& value, std::string_view parameter);

/// Its value; `given` is null where nobody gave one. Fails where that cannot be.
Result<Value> parameter_value(const DeclaredParameter& parameter, const std::string* given);

/// `params`. What is declared before the run is there from its beginning; what code declares, from
/// then on. Under the interpreter's lock.
class RunParameters final : public Object {
 public:
  using Values = std::vector<std::pair<std::string, Value>>;
  /// `unclaimed`: what was given and nobody has declared yet.
  RunParameters(Values values, std::map<std::string, std::string> unclaimed)
      : values_(std::move(values)), unclaimed_(std::move(unclaimed)) {}

  /// Of this run.
  static RunParameters& of(const Run& run);
  /// What becomes of values that were given and that fit none of those declared up to here.
  enum class Unclaimed { fail, wait };
  /// Adds those that are not known yet, to `params` and to the environment.
  Outcome<void> declare(const std::vector<DeclaredParameter>& parameters, Context& context,
                        Unclaimed unclaimed = Unclaimed::fail);
  /// Null: it is not known yet.
  const Value* find(const std::string& name) const;
  const Values& values() const { return values_; }
  const std::map<std::string, std::string>& unclaimed() const { return unclaimed_; }

  std::string type_name() const override {
    return "org.jenkinsci.plugins.workflow.cps.ParamsVariable";
  }
  std::string text() const override;
  Outcome<Value> get(const std::string& name, Context& context) override;
  Outcome<void> set(const std::string& name, const Value& value, Context& context) override;
  Outcome<Value> call(const std::string& name, std::vector<Value>& arguments,
                      Context& context) override;

 private:
  std::shared_ptr<Map> map() const;

  Values values_;
  std::map<std::string, std::string> unclaimed_;
};

/// Declares those of `parameters { }` in this source: evaluates the expressions of those that have
/// no value yet, and choices in any case, since a value that was given must be one of them. Fails
/// at the expression whose value is of the wrong kind. Blocks as the code in them does.
Outcome<void> declare_parameters(const std::vector<syntax::BuildParameter>& parameters,
                                 const syntax::Source& source, Context& context,
                                 RunParameters::Unclaimed unclaimed);

}  // namespace cupel::pipeline
