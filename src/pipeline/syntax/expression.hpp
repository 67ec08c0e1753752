// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "pipeline/syntax/source.hpp"

namespace cupel::pipeline::syntax {

struct Expression;
struct Statement;
struct ClassBody;
/// Null where a part is absent; the member's comment says when it may be.
using ExpressionPtr = std::unique_ptr<Expression>;
using StatementPtr = std::unique_ptr<Statement>;

/// The deepest tree that the parser makes; counted in nodes from the root of a file.
constexpr std::uint32_t max_height = 1500;

/// A word with its place.
struct Name {
  std::string text;
  Span span;
};

/// A type as written: "def", "int", "java.util.Map", "List<String>", "byte[]".
struct TypeName {
  std::string name;  ///< dotted; empty for def, var and no type at all
  std::vector<TypeName> arguments;
  std::uint32_t dimensions = 0;
  Span span;
};

/// One argument of a call or annotation: `x`, `name: x`, `*x`, `*: x`.
struct Argument {
  enum class Kind { positional, named, spread, spread_map };
  Kind kind = Kind::positional;
  ExpressionPtr
      key;  ///< named only: a StringLiteral for `name:` and `'name':`, else any, as `(x):`
  ExpressionPtr value;
  Span span;
};

/// Arguments in written order. Groovy gathers the named ones into one map, passed first.
struct Arguments {
  enum class Style {
    parenthesised,  ///< f(a, b), f(a) { }
    command,        ///< f a, b
    closure_only,   ///< f { }
  };
  Style style = Style::parenthesised;
  std::vector<Argument> items;
  /// How many of the last items are closures written behind the parentheses: f(a) { } has 1.
  std::uint32_t trailing_closures = 0;
};

struct Annotation {
  Name name;  ///< dotted, without the @
  std::vector<Argument> arguments;
  Span span;
};

/// A parameter of a method or closure.
struct Parameter {
  std::vector<Annotation> annotations;
  TypeName type;
  Name name;
  ExpressionPtr initial;  ///< default value; may be null
  bool variadic = false;  ///< `Object... x`
};

/// Statements between braces.
struct Block {
  std::vector<StatementPtr> statements;
  Span span;  ///< with the braces
};

// Literals.
struct NullLiteral {};
struct BooleanLiteral {
  bool value = false;
};
struct IntegerLiteral {
  enum class Width { integer, long_integer, big };
  Width width = Width::integer;  ///< by suffix, or the smallest that holds the value, as in Groovy
  std::string digits;            ///< decimal digits without sign or underscores; any length
  std::uint64_t value = 0;       ///< if width is not big. 2^31 and 2^63 occur only below a minus
};
struct DecimalLiteral {
  enum class Width { big_decimal, float_, double_ };
  Width width = Width::big_decimal;
  std::string text;  ///< "1.50", "2e10": no underscores, no suffix
};
struct StringLiteral {
  std::string text;  ///< escapes resolved, UTF-8
};
/// texts has one more than values: texts[0] values[0] texts[1] ... A value that is a Closure
/// (`${-> x}`) is evaluated each time that the string is made.
struct GString {
  std::vector<std::string> texts;
  std::vector<ExpressionPtr> values;
};
/// [a, *b]: an element may be a Spread.
struct ListLiteral {
  std::vector<ExpressionPtr> elements;
};
/// [a: 1, (k): 2, *: m]
struct MapLiteral {
  std::vector<Argument> entries;  ///< named or spread_map
};
struct Range {
  ExpressionPtr from;
  ExpressionPtr to;
  bool excludes_from = false;  ///< a<..b, a<..<b
  bool excludes_to = false;    ///< a..<b
};
struct Closure {
  std::vector<Parameter> parameters;
  bool explicit_parameters = false;  ///< an arrow was written: then there is no `it`
  Block body;
};

// Names and access.
struct Variable {
  std::string name;
};
struct This {};
struct Super {};

enum class Access {
  plain,   ///< a.b
  safe,    ///< a?.b
  spread,  ///< a*.b
};

struct Property {
  ExpressionPtr receiver;
  Access access = Access::plain;
  Name name;                    ///< empty text if computed
  ExpressionPtr computed_name;  ///< a."$x": a GString; else null
  bool attribute = false;       ///< a.@b
};
struct Index {
  ExpressionPtr receiver;
  std::vector<Argument> arguments;  ///< a[1], a[1, 2], a[*x]
  bool safe = false;                ///< a?[1]
};
/// f(...), a.f(...). For a value that is called, as in f(1)(2) or (x)(1), see ValueCall.
struct Call {
  ExpressionPtr receiver;  ///< null for f(...)
  Access access = Access::plain;
  Name name;                    ///< empty text if computed
  ExpressionPtr computed_name;  ///< a."$x"(): else null
  Arguments arguments;
};
/// x(...) where x is no name: x.call(...).
struct ValueCall {
  ExpressionPtr callee;
  Arguments arguments;
};
/// a.&f, a::f
struct MethodPointer {
  ExpressionPtr receiver;
  Name name;                    ///< empty text if computed
  ExpressionPtr computed_name;  ///< else null
};
/// new A(...), new A(...) { }, new int[3][], new int[]{1, 2}
struct New {
  TypeName type;                          ///< without the dimensions
  Arguments arguments;                    ///< not for arrays
  std::vector<ExpressionPtr> dimensions;  ///< for arrays; null for an empty []
  std::vector<ExpressionPtr> elements;    ///< of an array initialiser
  bool array = false;
  std::unique_ptr<ClassBody> body;  ///< of an anonymous class, or null
};

// Operators.
enum class UnaryOperator { minus, plus, negate /* ! */, complement /* ~ */ };
struct Unary {
  UnaryOperator op = UnaryOperator::minus;
  ExpressionPtr operand;
};
struct Increment {
  enum class Form { before, after };
  Form form = Form::after;
  int step = 1;  ///< 1 for ++, -1 for --
  ExpressionPtr target;
};
enum class BinaryOperator {
  power,
  multiply,
  divide,
  remainder,
  add,
  subtract,
  shift_left,
  shift_right,
  shift_right_unsigned,
  less,
  less_equal,
  greater,
  greater_equal,
  in,
  not_in,
  equal,
  not_equal,
  identical,
  not_identical,
  compare /* <=> */,
  find /* =~ */,
  match /* ==~ */,
  bit_and,
  bit_xor,
  bit_or,
  and_,
  or_,
};
struct Binary {
  BinaryOperator op = BinaryOperator::add;
  ExpressionPtr left;
  ExpressionPtr right;
};
struct Ternary {
  ExpressionPtr condition;
  ExpressionPtr yes;
  ExpressionPtr no;
};
/// a ?: b
struct Elvis {
  ExpressionPtr value;
  ExpressionPtr otherwise;
};
/// target = value; with op, target op= value. elvis: target ?= value.
struct Assignment {
  ExpressionPtr target;  ///< Variable, Property or Index; for (a, b) = x a ListLiteral
  std::optional<BinaryOperator> op;
  bool elvis = false;
  ExpressionPtr value;
};
struct InstanceOf {
  ExpressionPtr value;
  TypeName type;
  bool negated = false;
};
struct Cast {
  enum class Form { as, parenthesised };
  Form form = Form::as;
  TypeName type;
  ExpressionPtr value;
};
/// *x, as a list's element.
struct Spread {
  ExpressionPtr value;
};

/// A part that could not be parsed; only in trees that came with errors.
struct BadExpression {};

struct Expression {
  using Node =
      std::variant<BadExpression, NullLiteral, BooleanLiteral, IntegerLiteral, DecimalLiteral,
                   StringLiteral, GString, ListLiteral, MapLiteral, Range, Closure, Variable, This,
                   Super, Property, Index, Call, ValueCall, MethodPointer, New, Unary, Increment,
                   Binary, Ternary, Elvis, Assignment, InstanceOf, Cast, Spread>;
  Expression(Span where, Node what);
  ~Expression();
  Expression(const Expression&) = delete;
  Expression& operator=(const Expression&) = delete;

  template <typename T>
  const T* as() const {
    return std::get_if<T>(&node);
  }

  Span span;
  Node node;
  std::uint32_t height = 1;    ///< of the tree from here down
  bool parenthesised = false;  ///< (x): matters for (x) + y, for casts and for `(k): v`
};

/// "+", "instanceof" and the like, for messages.
std::string_view symbol(BinaryOperator op);
std::string_view symbol(UnaryOperator op);

}  // namespace cupel::pipeline::syntax
