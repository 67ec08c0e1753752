// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "pipeline/groovy/known_types.hpp"
#include "pipeline/groovy/number_text.hpp"
#include "pipeline/groovy/numbers.hpp"
#include "pipeline/groovy/view.hpp"
#include "pipeline/groovy/walk.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/proxy.hpp"

namespace cupel::pipeline {
namespace {

using Maybe = Outcome<std::optional<Value>>;
Maybe maybe(Value value) { return std::optional<Value>(std::move(value)); }

tl::unexpected<Signal> cannot_cast(const Value& value, const std::string& type) {
  const auto text = to_text(value);
  return raise("org.codehaus.groovy.runtime.typehandling.GroovyCastException",
               "Cannot cast object '{}' with class '{}' to class '{}'", text ? *text : "?",
               value.type_name(), type);
}

/// "java.lang.Integer" for "int" and so on.
std::string boxed(const std::string& name) {
  static const std::map<std::string, std::string> names = {
      {"boolean", "java.lang.Boolean"}, {"byte", "java.lang.Byte"},
      {"char", "java.lang.Character"},  {"short", "java.lang.Short"},
      {"int", "java.lang.Integer"},     {"long", "java.lang.Long"},
      {"float", "java.lang.Float"},     {"double", "java.lang.Double"}};
  const auto found = names.find(name);
  return found == names.end() ? name : found->second;
}

bool is_interface(const std::string& name) {
  const auto* type = find_known_type(name);
  return type && type->kind == KnownType::Kind::interface;
}

Outcome<Value> as_number(const std::string& type, const Value& number) {
  if (type == "java.lang.Byte") return narrowed(number, Width::byte_);
  if (type == "java.lang.Short") return narrowed(number, Width::short_);
  if (type == "java.lang.Integer") return narrowed(number, Width::integer);
  if (type == "java.lang.Long") return narrowed(number, Width::long_);
  if (type == "java.lang.Float") return Value::float_of(floating_of(number));
  if (type == "java.lang.Double") return Value(floating_of(number));
  if (type == "java.math.BigInteger") return Value(TRY(big_integer_of(number)));
  return Value(TRY(decimal_of(number)));
}

}  // namespace

Maybe Interpreter::convert_number(const std::string& type, const Value& value, Conversion how,
                                  Context& context) {
  if (type == "java.lang.Boolean") return maybe(Value(TRY(truth_of(value))));
  if (type == "java.lang.Character") {
    if (value.as_character()) return maybe(value);
    if (value.is_number()) return maybe(Value(Character{static_cast<char32_t>(int_of(value))}));
    if (!value.is_text()) return std::optional<Value>();
    const auto points = code_points(TRY(text(value, context)));
    if (points.size() == 1) return maybe(Value(Character{points[0]}));
    return std::optional<Value>();
  }
  if (!is_subclass(type, "java.lang.Number") || type == "java.lang.Number")
    return std::optional<Value>();
  if (value.is_number()) return maybe(TRY(as_number(type, value)));
  if (const auto* character = value.as_character())
    return maybe(TRY(as_number(type, Value(static_cast<std::int64_t>(character->code)))));
  if (!value.is_text()) return std::optional<Value>();
  const auto digits = TRY(text(value, context));
  if (how == Conversion::assignment) {
    // A string of one character counts as its code.
    const auto points = code_points(digits);
    if (points.size() != 1) return std::optional<Value>();
    return maybe(TRY(as_number(type, Value(static_cast<std::int64_t>(points[0])))));
  }
  const auto trimmed = std::string(trim(digits));
  const bool whole =
      type != "java.lang.Float" && type != "java.lang.Double" && type != "java.math.BigDecimal";
  auto number = whole ? whole_number(trimmed) : decimal_number(trimmed);
  if (!number) return raise("java.lang.NumberFormatException", "For input string: \"{}\"", digits);
  return maybe(TRY(as_number(type, *number)));
}

Maybe Interpreter::convert_collection(const std::string& type, const Value& value) {
  const bool many = value.is_sequence() || value.set_here();
  const bool is_set = is_subclass(type, "java.util.Set");
  const bool is_list =
      !is_set && (is_subclass(type, "java.util.Collection") || type == "java.lang.Iterable");
  if ((!is_set && !is_list) || !(many || value.is_text() || value.map_here()))
    return std::optional<Value>();
  auto items = TRY(elements_of(value));
  if (is_list) {
    auto list = std::make_shared<List>();
    list->items = std::move(items);
    if (!is_interface(type) && type != "java.util.ArrayList") list->type = type;
    return maybe(Value(std::move(list)));
  }
  const bool sorted = is_subclass(type, "java.util.SortedSet");
  auto set = sorted ? std::make_shared<Set>(
                          Map::Order([](const Value& a, const Value& b) { return compare(a, b); }))
                    : std::make_shared<Set>();
  if (type == "java.util.HashSet") set->type = type;
  for (const auto& item : items) TRY(Outcome<bool>(set->add(item)));
  return maybe(Value(std::move(set)));
}

Outcome<Value> Interpreter::convert(const NamedClass& wanted, const Value& value, Conversion how,
                                    Context& context) {
  if (wanted.own) return convert_to_own(wanted, value, how, context);
  const auto& type = wanted.name;
  if (type == "java.lang.Object" || type == "void") return value;
  const auto box = boxed(type);
  if (value.is_null()) {
    if (type == "boolean") return Value(false);
    if (box != type && how == Conversion::assignment)
      return raise("org.codehaus.groovy.runtime.typehandling.GroovyCastException",
                   "Cannot cast object 'null' with class 'null' to class '{}'. Try '{}' instead",
                   type, box);
    return value;
  }
  if (type == "java.lang.String") return Value(TRY(text(value, context)));
  if (auto number = TRY(convert_number(box, value, how, context))) return std::move(*number);
  // values() and entrySet() are no Lists, nor are views what a class makes.
  const bool list_of_map =
      (type == "java.util.List" || type == "java.util.ArrayList") && is_collection_of_map(value);
  if (list_of_map || (how == Conversion::as && !is_interface(type) && is_view(value)))
    if (auto made = TRY(convert_collection(type, value))) return std::move(*made);
  if (is_instance_of(value, wanted)) return value;
  if (how == Conversion::as || value.list_here() || value.set_here()) {
    // Only arrays become lists by an assignment; `as` makes them of everything.
    const bool array = value.list_here() && value.list_here()->is_array();
    if (how == Conversion::as || array || is_subclass(type, "java.util.Set"))
      if (auto made = TRY(convert_collection(type, value))) return std::move(*made);
  }
  if (value.closure_here() && is_interface(type)) return make_proxy(*this, type, value);
  if (how == Conversion::as && value.map_here() && is_interface(type))
    return make_proxy(*this, type, value);
  if (value.map_here() && is_subclass(type, "java.util.Map")) {
    auto copy = is_subclass(type, "java.util.SortedMap")
                    ? std::make_shared<Map>(
                          Map::Order([](const Value& a, const Value& b) { return compare(a, b); }))
                    : std::make_shared<Map>();
    for (const auto& [key, held] : value.map_here()->entries())
      TRY(Outcome<void>(copy->put(key, held)));
    return Value(std::move(copy));
  }
  if (!find_known_type(type) && !find_java_class(type)) return value;
  if (const auto* known = find_java_class(type); known && known->construct.run) {
    // List literals and, with `as`, strings are constructor arguments.
    if (value.list_here() || (how == Conversion::as && value.is_text()))
      return construct(wanted,
                       value.list_here() ? value.list_here()->items : std::vector<Value>{value},
                       context);
  }
  return cannot_cast(value, type);
}

Outcome<Value> Interpreter::convert_to_own(const NamedClass& wanted, const Value& value,
                                           Conversion how, Context& context) {
  auto& type = *wanted.own;
  if (value.is_null() || is_instance_of(value, wanted)) return value;
  const bool abstract =
      type.kind == UserClass::Kind::interface_ || type.kind == UserClass::Kind::trait_;
  if (abstract && (value.closure_here() || (how == Conversion::as && value.map_here())))
    return make_proxy(*this, type.name, value, &type);
  if (type.kind == UserClass::Kind::enum_ && value.is_text()) {
    std::vector<Value> values{value};
    auto constant = TRY(call_enum(type, "valueOf", values, context));
    if (constant) return std::move(*constant);
  }
  if (!abstract && (value.map_here() || value.list_here()))
    return construct_own(
        type, value.list_here() ? value.list_here()->items : std::vector<Value>{value}, context);
  return cannot_cast(value, type.name);
}

Outcome<Value> Interpreter::coerce(const syntax::TypeName& type, Value value, const Home& home,
                                   Context& context, Conversion how) {
  if (type.dimensions > 0) {
    if (value.is_null()) return value;
    const auto* list = value.list_here();
    const auto* full = full_class_name(type.name);
    auto element = full ? *full : type.name;
    for (std::uint32_t i = 1; i < type.dimensions; ++i) element += "[]";
    if (list && list->type == element + "[]") return value;
    const bool many = value.is_sequence() || value.set_here();
    if (!many && !(value.is_text() && element == "char") && how == Conversion::assignment)
      return cannot_cast(value, element + "[]");
    auto item = type;
    --item.dimensions;
    std::vector<Value> items;
    for (auto& one : TRY(elements_of(value)))
      items.push_back(TRY(coerce(item, std::move(one), home, context, how)));
    return Value::array(std::move(items), std::move(element));
  }
  const auto& name = type.name;
  if (name.empty() || name == "Object") return value;
  // What most declarations say, without looking up the class.
  if (name == "String" && value.as_text()) return value;
  if (name == "int" && value.as_whole() && value.as_whole()->width == Width::integer) return value;
  if ((name == "boolean" || name == "Boolean") && value.as_flag()) return value;
  if (name == "Map" && value.map_here()) return value;
  if (name == "List" && value.is_sequence() && !may_be_view(value)) return value;
  if (name == "Closure" && value.closure_here()) return value;
  const auto named = find_class(name, *home.unit, home.type, context);
  // A type parameter, or a class of Java's that cupel does not know: as if it were not written.
  if (!named) return value;
  return convert(*named, value, how, context);
}

bool Interpreter::is_instance_of(const Value& value, const NamedClass& type) {
  if (value.is_null()) return false;
  if (type.name == "java.lang.Object") return true;
  if (const auto object = value.as_object()) return object->is_a(type.name);
  if (type.own) return false;
  const auto own = value.type_name();
  if (own == type.name) return true;
  if (own.ends_with("[]")) return type.name == "java.lang.Object[]" && !own.ends_with("t[]");
  return is_subclass(own, boxed(type.name));
}

Outcome<bool> Interpreter::is_instance(const Value& value, const std::string& type,
                                       Context& context) {
  return is_instance_of(value, TRY(need_class(type, *script_home_, context)));
}

Outcome<Value> Interpreter::cast(const Value& value, const std::string& type, Context& context) {
  if (type.ends_with("[]")) {
    syntax::TypeName array;
    array.name = type.substr(0, type.size() - 2);
    array.dimensions = 1;
    return coerce(array, value, *script_home_, context, Conversion::as);
  }
  return convert(TRY(need_class(type, *script_home_, context)), value, Conversion::as, context);
}

}  // namespace cupel::pipeline
