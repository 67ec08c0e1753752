// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/error.hpp"
#include "pipeline/groovy/decimal.hpp"

namespace cupel::pipeline {

class Map;
class Object;
class Set;
class Value;
struct Closure;
struct GString;
struct List;

/// Byte, Short, Integer or Long: Java's arithmetic wraps at the width.
enum class Width : std::uint8_t { byte_, short_, integer, long_ };
struct Whole {
  std::int64_t number = 0;
  Width width = Width::integer;
};
/// Double, or Float where `single`.
struct Floating {
  double number = 0;
  bool single = false;
};
/// A char, as one code point.
struct Character {
  char32_t code = 0;
  std::string text() const;
};

/// A range of numbers, characters or strings of one character, both ends included; empty ones are
/// made by `a..<a`. Others are made as lists.
struct Range {
  enum class Kind : std::uint8_t { integer, long_, character, text };
  std::int64_t from = 0, to = 0;
  bool empty = false;
  Kind kind = Kind::integer;
  std::int64_t size() const;
  std::int64_t at(std::int64_t index) const { return from <= to ? from + index : from - index; }
  Value value_at(std::int64_t index) const;
};

/// Any Groovy value. Copies share lists, maps and objects, as references in Groovy do. Strings and
/// numbers are immutable. To be touched under the interpreter's lock only, but for plain ones.
class Value {
 public:
  using Text = std::shared_ptr<const std::string>;

  Value() = default;
  Value(const Value&) = default;
  Value(Value&&) noexcept = default;
  Value& operator=(const Value& other) { return *this = Value(other); }
  Value& operator=(Value&& other) noexcept;
  /// However deep what it holds is nested, it takes a bounded part of the stack to let it go.
  ~Value() {
    if (value_.index() >= first_nesting) let_go();
  }
  Value(bool flag) : value_(flag) {}
  Value(int number) : value_(Whole{number, Width::integer}) {}
  /// An Integer where it fits, else a Long, as a number written in source is.
  Value(std::int64_t number);
  Value(Whole number) : value_(number) {}
  Value(double number) : value_(Floating{number, false}) {}
  Value(Floating number) : value_(number) {}
  Value(Character character) : value_(character) {}
  Value(BigInteger number) : value_(std::make_shared<const BigInteger>(std::move(number))) {}
  Value(Decimal number) : value_(std::make_shared<const Decimal>(std::move(number))) {}
  Value(std::string text) : value_(std::make_shared<const std::string>(std::move(text))) {}
  Value(std::string_view text) : Value(std::string(text)) {}
  Value(const char* text) : Value(std::string(text)) {}
  explicit Value(Text text) : value_(std::move(text)) {}
  Value(GString text);
  Value(Range range) : value_(std::make_shared<const Range>(range)) {}
  Value(std::shared_ptr<List> list) : value_(std::move(list)) {}
  Value(std::shared_ptr<Set> set) : value_(std::move(set)) {}
  Value(std::shared_ptr<Map> map) : value_(std::move(map)) {}
  Value(std::shared_ptr<Closure> closure) : value_(std::move(closure)) {}
  Value(std::shared_ptr<Object> object) : value_(std::move(object)) {}
  static Value list(std::vector<Value> items);
  /// An array, which is a list that cannot grow: of "java.lang.String", "int".
  static Value array(std::vector<Value> items, std::string element);
  /// A Long, also where it would fit into an Integer.
  static Value long_of(std::int64_t number) { return Value(Whole{number, Width::long_}); }
  static Value float_of(double number);

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  const bool* as_flag() const { return std::get_if<bool>(&value_); }
  /// Of an Integer, Long, Short or Byte.
  const std::int64_t* as_integer() const;
  const Whole* as_whole() const { return std::get_if<Whole>(&value_); }
  const BigInteger* as_big_integer() const;
  /// A BigDecimal.
  const Decimal* as_decimal() const;
  /// A Double or Float.
  const Floating* as_floating() const { return std::get_if<Floating>(&value_); }
  const Character* as_character() const { return std::get_if<Character>(&value_); }
  bool is_number() const { return as_whole() || as_floating() || as_decimal() || as_big_integer(); }
  /// A String; not a GString.
  const std::string* as_text() const;
  const GString* as_gstring() const;
  bool is_text() const { return as_text() != nullptr || as_gstring() != nullptr; }
  const Range* as_range() const;
  /// Lists and arrays.
  std::shared_ptr<List> as_list() const { return shared<List>(); }
  std::shared_ptr<Set> as_set() const { return shared<Set>(); }
  std::shared_ptr<Map> as_map() const { return shared<Map>(); }
  std::shared_ptr<Closure> as_closure() const { return shared<Closure>(); }
  std::shared_ptr<Object> as_object() const { return shared<Object>(); }
  /// Null if it is of another kind. No copy of the reference, for quick looks.
  List* list_here() const { return here<List>(); }
  Set* set_here() const { return here<Set>(); }
  Map* map_here() const { return here<Map>(); }
  Closure* closure_here() const { return here<Closure>(); }
  Object* object_here() const { return here<Object>(); }
  /// Lists, arrays and ranges.
  bool is_sequence() const { return list_here() || as_range(); }
  /// `is`: the same object, or equal values of what is immutable.
  bool is(const Value& other) const;

  /// "java.lang.String" and so on; "java.lang.String[]" for arrays.
  std::string type_name() const;

 private:
  template <typename T>
  std::shared_ptr<T> shared() const {
    const auto* held = std::get_if<std::shared_ptr<T>>(&value_);
    return held ? *held : nullptr;
  }
  template <typename T>
  T* here() const {
    const auto* held = std::get_if<std::shared_ptr<T>>(&value_);
    return held ? held->get() : nullptr;
  }

  // shared: Groovy's references; what is immutable is shared to make copies cheap.
  using Held = std::variant<std::monostate, bool, Whole, Floating, Character,
                            std::shared_ptr<const BigInteger>, std::shared_ptr<const Decimal>, Text,
                            std::shared_ptr<const Range>, std::shared_ptr<const GString>,
                            std::shared_ptr<List>, std::shared_ptr<Set>, std::shared_ptr<Map>,
                            std::shared_ptr<Closure>, std::shared_ptr<Object>>;
  static constexpr std::size_t first_nesting = 9;  ///< from GString on a value may hold others

  /// Holds nothing afterwards.
  void let_go() noexcept;

  Held value_;
};

/// "a${x}b": texts has one more than values. Made into text when it is used, not when it is
/// written.
struct GString {
  std::vector<std::string> texts;
  std::vector<Value> values;
};

struct List {
  std::vector<Value> items;
  std::string type = {};  ///< empty: java.util.ArrayList; "int[]" for an array
  bool fixed = false;     ///< unmodifiable; an array cannot grow either
  bool is_array() const { return type.ends_with("[]"); }
};

/// What a string, list or map may hold at most.
inline constexpr std::size_t max_text = 64U << 20;
inline constexpr std::size_t max_items = 5'000'000;

/// As `if (x)` sees it; true for objects of classes that define asBoolean() (see truth_of).
bool truth(const Value& value);
/// As `==`. Fails on structures too deep or too large to compare.
Result<bool> equal(const Value& a, const Value& b);
/// As println prints it: [a, b], [k:v], null. Fails where it would become too long or too deep.
Result<std::string> to_text(const Value& value);
/// Below zero, zero, above. Fails where Groovy cannot compare.
Result<int> compare(const Value& a, const Value& b);
/// The elements of a list, a set, a range, a map (as entries [key:, value:]), a string
/// (characters); a single value is one element, null is none.
Result<std::vector<Value>> elements(const Value& value);
/// A copy that shares nothing that can change; GStrings become strings. Closures and objects stay.
Result<Value> frozen(const Value& value);
/// As Java's hashCode(). Fails on structures too deep.
Result<std::int32_t> java_hash(const Value& value);

/// UTF-8 to code points and back; a broken byte is a code point of its own.
std::u32string code_points(std::string_view text);
std::string utf8(std::u32string_view text);
std::string utf8(char32_t code);

}  // namespace cupel::pipeline

#include "pipeline/groovy/map.hpp"
