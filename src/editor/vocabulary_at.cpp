// SPDX-License-Identifier: Apache-2.0
#include "editor/vocabulary_at.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/syntax/words.hpp"

namespace cupel::editor {
namespace {

namespace s = pipeline::syntax;
using Offers = std::vector<Offer>;

Offers of(std::span<const s::Section> sections) {
  Offers list;
  for (const auto& one : sections)
    list.push_back(
        {one.name, Offer::Kind::section, fmt::format("**{}**\n\n{}", one.name, one.about)});
  return list;
}

Offers of(std::span<const s::StepSignature> table, Offer::Kind kind) {
  Offers list;
  for (const auto& one : table) list.push_back({one.name, kind, s::describe(one)});
  return list;
}

Offers parameters_of(const s::StepSignature& signature, std::string_view behind) {
  Offers list;
  for (const auto& one : signature.parameters) {
    auto text = fmt::format("`{}`: {}", one.name, s::name(one.kind));
    if (!one.about.empty()) text += "\n\n" + one.about;
    if (one.required) text += "\n\nRequired.";
    if (!one.otherwise.empty()) text += fmt::format("\n\nDefault: {}.", one.otherwise);
    list.push_back(
        {one.name, Offer::Kind::parameter, std::move(text), fmt::format("{}{}", one.name, behind)});
  }
  return list;
}

Offers words(std::initializer_list<const char*> list) {
  Offers made;
  for (const auto* one : list) made.push_back({one, Offer::Kind::section, ""});
  return made;
}

void add(Offers& to, Offers more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

const s::StepSignature* find(std::span<const s::StepSignature> table, std::string_view name) {
  return s::find_signature(table, name);
}

bool is_condition_block(std::string_view word) {
  return word == "when" || word == "not" || word == "allOf" || word == "anyOf";
}

/// The table whose entries are called in the innermost block, if it is one of directives.
std::span<const s::StepSignature> calls_in(const Surrounding& place) {
  if (place.blocks.empty()) return {};
  const auto& block = place.blocks.back();
  if (block == "options") return s::option_types();
  if (block == "parameters") return s::parameter_types();
  if (block == "triggers") return s::trigger_types();
  if (is_condition_block(block) && place.within("when")) return s::when_conditions();
  if (block == "agent") return s::agent_types();
  if (block == "provision" && place.within("agent")) return s::provision_steps();
  return {};
}

Offers steps_and_script(std::span<const s::StepSignature> steps) {
  auto list = of(steps, Offer::Kind::step);
  for (auto& one : words({"script", "parallel"}))
    if (find(steps, one.word) == nullptr) list.push_back(std::move(one));
  return list;
}

/// What may stand as a statement in the innermost block.
Offers in_block(const Surrounding& place, std::span<const s::StepSignature> steps) {
  if (place.blocks.empty()) {
    auto list = words({"pipeline", "node", "stage", "library"});
    add(list, of(steps, Offer::Kind::step));
    return list;
  }
  const auto& block = place.blocks.back();
  const bool declarative = place.within("pipeline");
  if (!declarative) return of(steps, Offer::Kind::step);
  if (block == "pipeline") return of(s::pipeline_sections());
  if (block == "stages" || block == "parallel") return words({"stage"});
  if (block == "stage") return of(s::stage_sections());
  if (block == "matrix") return of(s::matrix_sections());
  if (block == "axes" || block == "exclude") return words({"axis"});
  if (block == "excludes") return words({"exclude"});
  if (block == "axis") return words({"name", "values", "notValues"});
  if (block == "post") return of(s::post_conditions());
  if (block == "input") return parameters_of(s::input_fields(), " ");
  if (block == "containerTemplate") return parameters_of(s::container_template(), " ");
  if (block == "environment" || block == "tools") return {};
  if (block == "libraries") return words({"lib"});
  const auto outer = place.blocks.size() > 1 ? place.blocks[place.blocks.size() - 2] : "";
  if (outer == "agent")
    if (const auto* type = find(s::agent_types(), block)) return parameters_of(*type, " ");
  const auto table = calls_in(place);
  if (table.empty()) return steps_and_script(steps);
  auto list = of(table, Offer::Kind::section);
  if (block == "when") add(list, of(s::when_flags()));
  return list;
}

const s::StepSignature* signature_of(std::string_view call, const Surrounding& place,
                                     std::span<const s::StepSignature> steps) {
  const auto table = calls_in(place);
  return find(table.empty() ? steps : table, call);
}

}  // namespace

std::vector<Offer> offers_at(const Surrounding& place, std::span<const s::StepSignature> steps) {
  if (place.in_text) return {};
  if (place.call == "agent" && !place.within("agent")) return words({"any", "none"});
  if (!place.call.empty()) {
    const auto* signature = signature_of(place.call, place, steps);
    return signature != nullptr ? parameters_of(*signature, ": ") : Offers();
  }
  return in_block(place, steps);
}

std::optional<std::string> about(std::string_view word, const Surrounding& place,
                                 std::span<const s::StepSignature> steps) {
  if (place.in_text || word.empty()) return std::nullopt;
  auto outside = place;
  outside.call.clear();
  for (const auto& here : {place, outside})
    for (auto& offer : offers_at(here, steps))
      if (offer.word == word && !offer.about.empty()) return std::move(offer.about);
  if (const auto* step = find(steps, word)) return s::describe(*step);
  return std::nullopt;
}

}  // namespace cupel::editor
