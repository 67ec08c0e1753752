// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "pipeline/groovy/known_types.hpp"
#include "pipeline/groovy/numbers.hpp"
#include "pipeline/groovy/walk.hpp"
#include "pipeline/interpreter/depth.hpp"
#include "pipeline/interpreter/interpreter.hpp"

namespace cupel::pipeline {
namespace {

/// How far each kind of number is from each other, where one is taken for the other at all.
std::optional<int> number_distance(std::string_view type, const Value& value) {
  struct Rank {
    std::string_view boxed, primitive;
    int rank;
  };
  static constexpr auto ranks = std::to_array<Rank>({{"java.lang.Byte", "byte", 1},
                                                     {"java.lang.Short", "short", 2},
                                                     {"java.lang.Integer", "int", 3},
                                                     {"java.lang.Long", "long", 4},
                                                     {"java.math.BigInteger", "", 5},
                                                     {"java.lang.Float", "float", 6},
                                                     {"java.lang.Double", "double", 7},
                                                     {"java.math.BigDecimal", "", 8}});
  const auto rank_of = [](std::string_view name) {
    const auto* found = std::ranges::find_if(
        ranks, [&](const Rank& one) { return one.boxed == name || one.primitive == name; });
    return found == ranks.end() ? 0 : found->rank;
  };
  const int wanted = rank_of(type);
  if (wanted == 0) return type == "java.lang.Number" ? std::optional(9) : std::nullopt;
  const int given = rank_of(value.type_name());
  if (given == wanted) return 0;
  if (given < wanted) return wanted - given;
  // A BigDecimal is taken for a double, a double for a float.
  if (wanted >= 6) return 4 + given - wanted;
  return std::nullopt;
}

bool is_primitive(std::string_view name) {
  const auto* type = find_known_type(name);
  return type && type->kind == KnownType::Kind::primitive;
}

std::optional<int> own_distance(const UserClass& wanted, const Value& value) {
  auto* state = value.object_here() ? value.object_here()->instance() : nullptr;
  if (!state) return std::nullopt;
  int steps = 0;
  for (const auto* type = &state->type; type; type = type->base, ++steps)
    if (type == &wanted) return steps;
  return state->type.is_a(wanted.name) ? std::optional(20) : std::nullopt;
}

constexpr int as_object = 60;
constexpr int untyped = 61;

std::size_t needed(const std::vector<syntax::Parameter>& parameters) {
  return static_cast<std::size_t>(std::ranges::count_if(
      parameters, [](const auto& parameter) { return !parameter.initial && !parameter.variadic; }));
}

bool gathers(const std::vector<syntax::Parameter>& parameters) {
  return !parameters.empty() &&
         (parameters.back().variadic || parameters.back().type.dimensions > 0);
}

/// Which parameters take the values that are given, from left to right: where there are too few,
/// defaults give way from the right, as if the method had been written once for each.
class Takers {
 public:
  Takers(const std::vector<syntax::Parameter>& parameters, std::size_t given)
      : parameters_(parameters) {
    std::size_t defaults = 0;
    for (const auto& parameter : parameters) defaults += parameter.initial ? 1 : 0;
    if (given + defaults > parameters.size()) filled_ = given + defaults - parameters.size();
  }

  /// To be asked of each parameter in order.
  bool takes(const syntax::Parameter& parameter) {
    if (!parameter.initial) return true;
    if (filled_ == 0) return false;
    --filled_;
    return true;
  }

  /// The parameter that takes the next value; there must be one.
  const syntax::Parameter& next() {
    while (!takes(parameters_[at_])) ++at_;
    return parameters_[at_++];
  }

 private:
  const std::vector<syntax::Parameter>& parameters_;
  std::size_t filled_ = 0;  ///< defaults that a value takes the place of, still to come
  std::size_t at_ = 0;
};

}  // namespace

std::optional<int> Interpreter::distance(const syntax::TypeName& type, const Value& value,
                                         const Unit& unit, UserClass* inside) {
  if (type.dimensions > 0) {
    if (value.is_null()) return 5;
    return value.list_here() ? std::optional(value.list_here()->is_array() ? 0 : 30) : std::nullopt;
  }
  if (type.name.empty()) return untyped;
  if (type.name == "Object") return as_object;
  const auto named = find_class(type.name, unit, inside, here());
  if (value.is_null()) {
    if (named && is_primitive(named->name)) return std::nullopt;
    return 10;
  }
  if (!named) return 40;  // a type parameter, or a class that cupel does not know
  if (named->own) {
    if (const auto steps = own_distance(*named->own, value)) return steps;
    if (value.object_here() && value.object_here()->is_a(named->name)) return 20;
    const bool abstract = named->own->kind == UserClass::Kind::interface_ ||
                          named->own->kind == UserClass::Kind::trait_;
    return value.closure_here() && abstract ? std::optional(30) : std::nullopt;
  }
  const auto& name = named->name;
  if (value.is_number()) {
    if (const auto far = number_distance(name, value)) return far;
  }
  if ((name == "boolean" && value.as_flag()) || (name == "char" && value.as_character())) return 0;
  if (name == value.type_name()) return 0;
  if (name == "java.lang.String" && value.as_gstring()) return 3;
  if (name == "java.lang.Object") return as_object;
  if (is_instance_of(value, *named)) {
    const auto* known = find_known_type(name);
    return known && known->kind == KnownType::Kind::interface ? 8 : 5;
  }
  const auto* known = find_known_type(name);
  if (value.closure_here() && known && known->kind == KnownType::Kind::interface) return 30;
  return std::nullopt;
}

std::optional<int> Interpreter::distance(const UserMethod& method,
                                         const std::vector<Value>& values) {
  const auto& parameters = method.code->parameters;
  const bool more = gathers(parameters);
  const bool array = more && !parameters.back().variadic && !parameters.back().initial;
  if (values.size() + (array ? 1 : 0) < needed(parameters)) return std::nullopt;
  if (values.size() > parameters.size() && !more) return std::nullopt;
  int sum = 0;
  Takers takers(parameters, values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool last = i + 1 >= parameters.size();
    const auto& parameter = last ? parameters.back() : takers.next();
    if (last && more) {
      const bool whole = values.size() == parameters.size() && values[i].list_here() &&
                         values[i].list_here()->is_array();
      if (whole) continue;
      auto item = parameter.type;
      if (!parameter.variadic && item.dimensions > 0) --item.dimensions;
      const auto far = distance(item, values[i], *method.unit, method.type);
      if (!far) return std::nullopt;
      sum += *far + 100;
      continue;
    }
    const auto far = distance(parameter.type, values[i], *method.unit, method.type);
    if (!far) return std::nullopt;
    sum += *far;
  }
  if (values.size() < parameters.size()) sum += 1;
  return sum;
}

const UserMethod* Interpreter::choose(const std::vector<UserMethod>& methods,
                                      const std::vector<Value>& values) {
  const UserMethod* best = nullptr;
  int least = 0;
  for (const auto& method : methods) {
    const auto far = distance(method, values);
    if (!far || (best && *far >= least)) continue;
    best = &method;
    least = *far;
  }
  return best;
}

Outcome<void> Interpreter::bind(const std::vector<syntax::Parameter>& parameters,
                                std::vector<Value> values, Frame& inner) {
  const bool more = gathers(parameters);
  if (more) {
    // The last parameter is the array of all that is left, possibly of nothing.
    const auto fixed = parameters.size() - 1;
    const bool whole = values.size() == parameters.size() &&
                       ((values.back().list_here() && values.back().list_here()->is_array()) ||
                        (values.back().is_null() && !parameters.back().variadic) ||
                        (values.back().list_here() && !parameters.back().variadic));
    if (values.size() >= fixed && !whole) {
      const auto rest = values.begin() + static_cast<std::ptrdiff_t>(fixed);
      const auto& type = parameters.back().type.name;
      auto gathered = Value::array({rest, values.end()}, type.empty() ? "java.lang.Object" : type);
      values.erase(rest, values.end());
      values.push_back(std::move(gathered));
    }
  }
  Takers takers(parameters, values.size());
  std::size_t next = 0;
  for (const auto& parameter : parameters) {
    auto value = takers.takes(parameter) && next < values.size() ? std::move(values[next++])
                 : parameter.initial ? TRY(evaluate(*parameter.initial, inner))
                                     : Value();
    const auto& type = parameter.type;
    if (!type.name.empty() && !parameter.variadic)
      value = TRY(coerce(type, std::move(value), *inner.home, inner.context));
    inner.scope->declare(parameter.name.text, std::move(value),
                         parameter.variadic ? nullptr : kept_type(type));
  }
  return {};
}

Outcome<Value> Interpreter::run_body(const syntax::Block& block, Frame& inner) {
  auto result = execute_body(block, inner);
  if (result) return result;
  if (const auto* value = std::get_if<Return>(&result.error().kind())) return value->value;
  return result;
}

Outcome<Value> Interpreter::call_user_method(const UserMethod& method, const Value& self,
                                             std::vector<Value> values, Context& context) {
  if (context.depth >= limits_.depth)
    return refuse("calls are nested more than {} deep (limit 'depth')", limits_.depth);
  const Deeper deeper(context);
  auto* script = method.type ? nullptr : dynamic_cast<ScriptObject*>(self.object_here());
  auto home = script && script == main_.get()
                  ? script_home_
                  : std::make_shared<const Home>(Home{method.unit, self, method.type});
  Frame inner{inner_scope(method.type ? method.type->scope : nullptr), context, std::move(home)};
  TRY(bind(method.code->parameters, std::move(values), inner));
  if (!method.code->body)
    return raise("java.lang.AbstractMethodError", "{} is abstract", method.code->name.text);
  auto result = TRY(run_body(*method.code->body, inner));
  here_ = &context;
  const auto& type = method.code->type;
  if (type.name.empty() || type.name == "Object" || (type.name == "void" && type.dimensions == 0))
    return type.name == "void" ? Value() : result;
  return coerce(type, std::move(result), *inner.home, context);
}

Outcome<Value> Interpreter::call(const Closure& closure, std::vector<Value> values,
                                 Context& context) {
  if (context.depth >= limits_.depth)
    return refuse("calls are nested more than {} deep (limit 'depth')", limits_.depth);
  const Deeper deeper(context);
  here_ = &context;
  if (closure.native) return closure.native(std::move(values), context);
  Frame inner{inner_scope(closure.scope), context, closure.home, &closure};
  const auto& code = *closure.code;
  const auto mismatch = [&](const std::vector<Value>& all) {
    return no_method("groovy.lang.Closure", "call", all);
  };
  if (code.explicit_parameters) {
    const auto& parameters = code.parameters;
    // One list for several parameters is taken apart, as each { k, v -> } needs it.
    if (values.size() == 1 && parameters.size() > 1 && values[0].list_here())
      values = std::vector<Value>(values[0].list_here()->items);
    const bool more = gathers(parameters);
    if ((values.size() > parameters.size() && !more) ||
        (values.size() + (more ? 1 : 0) < needed(parameters) + (more ? 1 : 0) &&
         !(values.empty() && parameters.size() == 1)))
      return mismatch(values);
    TRY(bind(parameters, std::move(values), inner));
  } else {
    if (values.size() > 1) return mismatch(values);
    inner.scope->declare("it", values.empty() ? Value() : std::move(values[0]));
  }
  return run_body(code.body, inner);
}

}  // namespace cupel::pipeline
