// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "pipeline/syntax/expression.hpp"

namespace cupel::pipeline::syntax {

/// "private", "static", "final", ... as written.
struct Modifiers {
  std::vector<Annotation> annotations;
  std::vector<Name> words;
  bool has(std::string_view word) const;
};

struct ExpressionStatement {
  ExpressionPtr value;
};
struct Declarator {
  TypeName type;  ///< of its own in def (int a, String b); else the declaration's, repeated
  Name name;
  ExpressionPtr initial;  ///< may be null; always null in a multiple declaration
};
/// def x = 1; int a, b = 2; def (a, b) = list; @Field int n; @Library('x') _ (an annotated lone
/// name). A field inside a class.
struct VariableDeclaration {
  Modifiers modifiers;
  std::vector<Declarator> declarators;
  bool multiple = false;  ///< def (a, b) = initial
  ExpressionPtr initial;  ///< of a multiple declaration; else null
};
struct BlockStatement {
  Block block;
};
struct If {
  ExpressionPtr condition;
  StatementPtr yes;
  StatementPtr no;  ///< may be null
};
struct While {
  ExpressionPtr condition;
  StatementPtr body;  ///< null for an empty one: while (x);
};
struct DoWhile {
  StatementPtr body;
  ExpressionPtr condition;
};
/// for (i = 0; i < n; i++) body
struct For {
  std::vector<StatementPtr> initial;
  ExpressionPtr condition;  ///< may be null
  std::vector<ExpressionPtr> updates;
  StatementPtr body;  ///< may be null
};
/// for (x in xs), for (def x : xs)
struct ForIn {
  Parameter variable;
  ExpressionPtr values;
  StatementPtr body;  ///< may be null
};
struct SwitchCase {
  ExpressionPtr value;  ///< null for default
  std::vector<StatementPtr> statements;
  Span span;
};
struct Switch {
  ExpressionPtr subject;
  std::vector<SwitchCase> cases;
};
struct Catch {
  std::vector<TypeName> types;  ///< A | B; one without a name for catch (e)
  Name name;
  Block body;
};
struct Try {
  std::vector<StatementPtr> resources;
  Block body;
  std::vector<Catch> catches;
  std::optional<Block> finally;
};
struct Throw {
  ExpressionPtr value;
};
struct Return {
  ExpressionPtr value;  ///< may be null
};
struct Break {
  Name label;  ///< may be empty
};
struct Continue {
  Name label;  ///< may be empty
};
/// assert condition : message
struct Assert {
  ExpressionPtr condition;
  ExpressionPtr message;  ///< may be null
};
struct Labeled {
  Name label;
  StatementPtr statement;
};
struct Synchronized {
  ExpressionPtr lock;
  Block body;
};
/// import a.b.C; import a.b.*; import static a.B.c as d
struct Import {
  std::vector<Annotation> annotations;
  Name path;   ///< dotted, without the .*
  Name alias;  ///< empty: the last word of the path
  bool everything = false;
  bool is_static = false;
};
/// package a.b
struct Package {
  Modifiers modifiers;
  Name path;
};
/// Of a script or a class. A constructor is a method of the class's name without a type.
struct MethodDeclaration {
  Modifiers modifiers;
  TypeName type;
  Name name;
  std::vector<Parameter> parameters;
  std::vector<TypeName> throws;
  std::optional<Block> body;  ///< absent: abstract, or in an interface
  bool constructor = false;
};
struct EnumConstant {
  Name name;
  std::vector<Argument> arguments;
  std::unique_ptr<ClassBody> body;  ///< may be null
};
struct ClassBody {
  std::vector<EnumConstant> constants;
  /// VariableDeclaration (fields), MethodDeclaration, ClassDeclaration, BlockStatement for an
  /// initialiser { }, StaticBlock for static { }.
  std::vector<StatementPtr> members;
  Span span;
};
/// static { } inside a class.
struct StaticBlock {
  Block block;
};
struct ClassDeclaration {
  enum class Kind { class_, interface_, enum_, trait_, annotation_ };
  Kind kind = Kind::class_;
  Modifiers modifiers;
  Name name;
  std::vector<TypeName> type_parameters;
  TypeName base;                     ///< empty name: Object
  std::vector<TypeName> interfaces;  ///< what an interface extends, too
  ClassBody body;
};

/// A part that could not be parsed; only in trees that came with errors.
struct BadStatement {};

struct Statement {
  using Node = std::variant<BadStatement, ExpressionStatement, VariableDeclaration, BlockStatement,
                            If, While, DoWhile, For, ForIn, Switch, Try, Throw, Return, Break,
                            Continue, Assert, Labeled, Synchronized, Import, Package,
                            MethodDeclaration, ClassDeclaration, StaticBlock>;
  Statement(Span where, Node what);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  template <typename T>
  const T* as() const {
    return std::get_if<T>(&node);
  }

  Span span;
  Node node;
  std::uint32_t height = 1;  ///< of the tree from here down
};

}  // namespace cupel::pipeline::syntax
