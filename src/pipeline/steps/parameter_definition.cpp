// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/parameter_definition.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"
#include "pipeline/syntax/words.hpp"

namespace cupel::pipeline::steps {
namespace {

using ParameterKindOf = DeclaredParameter::Kind;

struct Form {
  std::string_view symbol, class_name;
  ParameterKindOf kind;
};
constexpr std::array forms = {
    Form{"string", "StringParameterDefinition", ParameterKindOf::text},
    Form{"text", "TextParameterDefinition", ParameterKindOf::lines},
    Form{"booleanParam", "BooleanParameterDefinition", ParameterKindOf::flag},
    Form{"choice", "ChoiceParameterDefinition", ParameterKindOf::choice},
    Form{"password", "PasswordParameterDefinition", ParameterKindOf::password},
    Form{"credentials", "CredentialsParameterDefinition", ParameterKindOf::credentials},
    Form{"file", "FileParameterDefinition", ParameterKindOf::file},
    Form{"stashedFile", "StashedFileParameterDefinition", ParameterKindOf::file},
    Form{"base64File", "Base64FileParameterDefinition", ParameterKindOf::base64_file},
    Form{"run", "RunParameterDefinition", ParameterKindOf::run},
};

Outcome<ParameterKindOf> kind_of(const std::string& kind) {
  for (const auto& form : forms)
    if (kind == form.symbol || kind == form.class_name) return form.kind;
  if (syntax::is_foreign_parameter(kind) || kind.ends_with("ParameterDefinition"))
    return ParameterKindOf::foreign;
  const auto names = syntax::names_of(syntax::parameter_types());
  const auto close = nearest(kind, names);
  return raise("java.lang.IllegalArgumentException", "'{}' is no kind of parameter; there are {}{}",
               kind, join(names, ", "), close ? ": did you mean '" + *close + "'?" : "");
}

Outcome<std::vector<std::string>> choices_in(const Arguments& arguments, std::string_view name) {
  if (const auto* choices = arguments.find("choices")) return choices_of(*choices, name);
  return raise("java.lang.IllegalArgumentException", "the argument 'choices' is missing");
}

}  // namespace

Outcome<DeclaredParameter> parameter_definition(const Described& object) {
  DeclaredParameter made;
  made.kind = TRY(kind_of(object.kind));
  made.name = TRY(object.arguments.text("name"));
  if (made.name.empty())
    return raise("java.lang.IllegalArgumentException", "a parameter must have a name");
  if (const auto* initial = object.arguments.find("defaultValue"); initial && !initial->is_null())
    made.initial = TRY(Outcome<std::string>(to_text(*initial)));
  if (made.kind == ParameterKindOf::choice)
    made.choices = TRY(choices_in(object.arguments, made.name));
  made.trim = TRY(object.arguments.flag("trim"));
  made.required = TRY(object.arguments.flag("required"));
  return made;
}

}  // namespace cupel::pipeline::steps
