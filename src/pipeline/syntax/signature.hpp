// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::pipeline::syntax {

/// What a step's argument may be. Only literals can be checked without running.
enum class ParameterKind { text, number, flag, list, map, any };

/// "string", "boolean", ... as Jenkins calls it.
std::string_view name(ParameterKind kind);

struct StepParameter {
  std::string name;
  ParameterKind kind = ParameterKind::any;
  bool required = false;
  std::string about = {};      ///< one line for people
  std::string otherwise = {};  ///< what holds if it is not given, as a person would write it
  std::vector<std::string> choices = {};  ///< all that it may be; empty: whatever its kind allows
};

/// How a step is called; whoever owns the steps supplies the table.
struct StepSignature {
  std::string name;
  std::vector<StepParameter> parameters = {};
  std::string default_parameter = {};  ///< what `step 'x'` sets; empty: the step takes only names
  bool takes_body = false;             ///< step(...) { }
  std::string about = {};              ///< what the step does, for `cupel steps` and editors
  bool body_optional = false;          ///< with takes_body: may be called without one
  bool open = false;                   ///< takes arguments of any further name too
};

/// The step on a line: "sh(script: string, [returnStdout: boolean])", with " { }" for a body.
std::string call_text(const StepSignature& signature);
/// What people are told about it, as Markdown: the call, what it does, a list of its parameters.
std::string describe(const StepSignature& signature);

/// Whether all that the step takes is one map, so that its brackets may be left out:
/// publishHTML([reportDir: 'x']) is publishHTML(target: [reportDir: 'x']).
bool takes_one_map(const StepSignature& signature);

/// Whether what `step 'x'` sets is a list, so that several may be given: step('x', 'y').
bool takes_several(const StepSignature& signature);

const StepSignature* find_signature(std::span<const StepSignature> steps, std::string_view name);

}  // namespace cupel::pipeline::syntax
