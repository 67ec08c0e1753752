// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/library_uses.hpp"

namespace cupel::pipeline {
namespace {

void add(const syntax::Expression& value, std::vector<syntax::LibraryUse>& uses) {
  if (const auto* list = value.as<syntax::ListLiteral>())
    for (const auto& element : list->elements) add(*element, uses);
  const auto* text = value.as<syntax::StringLiteral>();
  if (!text) return;
  const auto at = text->text.find('@');
  uses.push_back({text->text.substr(0, at),
                  at == std::string::npos ? std::string() : text->text.substr(at + 1), value.span});
}

void add(const std::vector<syntax::Annotation>& annotations,
         std::vector<syntax::LibraryUse>& uses) {
  for (const auto& annotation : annotations)
    if (annotation.name.text == "Library")
      for (const auto& argument : annotation.arguments) add(*argument.value, uses);
}

}  // namespace

std::vector<syntax::LibraryUse> library_uses(const syntax::Jenkinsfile& file) {
  std::vector<syntax::LibraryUse> uses;
  for (const auto& statement : file.script.statements) {
    if (const auto* import = statement->as<syntax::Import>()) add(import->annotations, uses);
    if (const auto* method = statement->as<syntax::MethodDeclaration>())
      add(method->modifiers.annotations, uses);
    if (const auto* declared = statement->as<syntax::VariableDeclaration>())
      add(declared->modifiers.annotations, uses);
    if (const auto* type = statement->as<syntax::ClassDeclaration>())
      add(type->modifiers.annotations, uses);
  }
  if (file.pipeline)
    uses.insert(uses.end(), file.pipeline->libraries.begin(), file.pipeline->libraries.end());
  return uses;
}

}  // namespace cupel::pipeline
