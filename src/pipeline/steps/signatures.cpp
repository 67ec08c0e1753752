// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {

syntax::StepParameter needs(std::string name, Kind kind, std::string about) {
  syntax::StepParameter parameter;
  parameter.name = std::move(name);
  parameter.kind = kind;
  parameter.required = true;
  parameter.about = std::move(about);
  return parameter;
}

syntax::StepParameter takes(std::string name, Kind kind, std::string otherwise, std::string about) {
  auto parameter = needs(std::move(name), kind, std::move(about));
  parameter.required = false;
  parameter.otherwise = std::move(otherwise);
  return parameter;
}

syntax::StepParameter takes_one_of(std::string name, std::vector<std::string> choices,
                                   std::string otherwise, std::string about) {
  auto parameter = takes(std::move(name), Kind::text, std::move(otherwise), std::move(about));
  parameter.choices = std::move(choices);
  return parameter;
}

syntax::StepParameter ignores(std::string name, Kind kind) {
  return takes(std::move(name), kind, "", "Taken for Jenkins' sake; does nothing here");
}

syntax::StepSignature step(std::string name, std::string unnamed, std::string about,
                           Parameters parameters) {
  syntax::StepSignature signature;
  signature.name = std::move(name);
  signature.default_parameter = std::move(unnamed);
  signature.about = std::move(about);
  signature.parameters = std::move(parameters);
  return signature;
}

syntax::StepSignature block(std::string name, std::string unnamed, std::string about,
                            Parameters parameters) {
  auto signature =
      step(std::move(name), std::move(unnamed), std::move(about), std::move(parameters));
  signature.takes_body = true;
  return signature;
}

}  // namespace cupel::pipeline::steps
