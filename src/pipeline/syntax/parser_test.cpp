// SPDX-License-Identifier: Apache-2.0
#include "pipeline/syntax/parser.hpp"

#include <gtest/gtest.h>

#include "pipeline/syntax/tree_text.hpp"

namespace cupel::pipeline::syntax {
namespace {

/// The tree of a text; its diagnostics, if it has any.
std::string tree(std::string text) {
  const Source source("t", std::move(text));
  Diagnostics diagnostics;
  const auto script = parse(source, diagnostics);
  if (!diagnostics.empty()) return render(source, diagnostics.sorted());
  auto result = tree_text(script);
  if (result.ends_with('\n')) result.pop_back();
  return result;
}

std::string first_error(std::string text) {
  const Source source("t", std::move(text));
  Diagnostics diagnostics;
  parse(source, diagnostics);
  const auto all = diagnostics.sorted();
  return all.empty() ? "no error" : headline(source, all.front());
}

std::string repeat(std::string_view text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

TEST(Parser, BindsOperatorsAsGroovyDoes) {
  EXPECT_EQ(tree("a + b * c - d"), "(- (+ a (* b c)) d)");
  EXPECT_EQ(tree("-a ** 2"), "(- (** a 2))");
  EXPECT_EQ(tree("!a && b || c"), "(|| (&& (! a) b) c)");
  EXPECT_EQ(tree("a == b & c | d ^ e"), "(| (& (== a b) c) (^ d e))");
  EXPECT_EQ(tree("x =~ /a/ && y ==~ /b/"), "(&& (=~ x 'a') (==~ y 'b'))");
  EXPECT_EQ(tree("a <=> b"), "(<=> a b)");
  EXPECT_EQ(tree("1 + 2..n - 1"), "(.. (+ 1 2) (- n 1))");
  EXPECT_EQ(tree("1..<n"), "(..< 1 n)");
  EXPECT_EQ(tree("a ? b : c ? d : e"), "(? a b (? c d e))");
  EXPECT_EQ(tree("a ?: b ?: c"), "(?: a (?: b c))");
  EXPECT_EQ(tree("a in b && !(c in d)"), "(&& (in a b) (! (in c d)))");
  EXPECT_EQ(tree("a !in b"), "(!in a b)");
  EXPECT_EQ(tree("a instanceof Map<String, Integer>"), "(instanceof a Map<String Integer>)");
  EXPECT_EQ(tree("a !instanceof B"), "(!instanceof a B)");
  EXPECT_EQ(tree("x as String[]"), "(as String[] x)");
  EXPECT_EQ(tree("a << b >> c >>> d"), "(>>> (>> (<< a b) c) d)");
}

TEST(Parser, KnowsCastsFromParentheses) {
  EXPECT_EQ(tree("(String) a + b"), "(+ (cast String a) b)");
  EXPECT_EQ(tree("(int) -1"), "(cast int (- 1))");
  EXPECT_EQ(tree("(a) - 1"), "(- a 1)");
  EXPECT_EQ(tree("(A) - 1"), "(- A 1)");
}

TEST(Parser, ReadsAssignments) {
  EXPECT_EQ(tree("a = b = 1"), "(= a (= b 1))");
  EXPECT_EQ(tree("a.b += 1; a[0] **= 2; a ?= 3"), "(+= a.b 1)\n(**= (index a 0) 2)\n(?= a 3)");
  EXPECT_EQ(tree("(a, b) = [b, a]"), "(= [ a b ] [ b a ])");
  EXPECT_EQ(tree("a++; --b"), "a++\n--b");
  EXPECT_EQ(first_error("f() = 1"), "t:1:1: this cannot be assigned to");
}

TEST(Parser, ReadsCommandsWithoutParentheses) {
  EXPECT_EQ(tree("sh 'make'"), "(call sh 'make')");
  EXPECT_EQ(tree("sh script: 'x', returnStdout: true"),
            "(call sh 'script':'x' 'returnStdout':true)");
  EXPECT_EQ(tree("a.b.c 1, 2"), "(call a.b.c 1 2)");
  EXPECT_EQ(tree("def x = sh script: 'x'"), "(var (def x (call sh 'script':'x')))");
  EXPECT_EQ(tree("take 3 pills from bottle"), "(call (call take 3).pills from).bottle");
  EXPECT_EQ(tree("parallel a: { x }, b: { y }"), "(call parallel 'a':{ x } 'b':{ y })");
  EXPECT_EQ(tree("checkout [$class: 'G']"), "(call checkout [: '$class':'G' ])");
  EXPECT_EQ(tree("x [0]"), "(index x 0)");
  EXPECT_EQ(tree("a -1"), "(- a 1)");
  EXPECT_EQ(tree("echo !x"), "(call echo (! x))");
}

TEST(Parser, ReadsPaths) {
  EXPECT_EQ(tree("a?.b*.c.@d"), "a?.b*.c.@d");
  EXPECT_EQ(tree("a.\"$x\"(1).'y z'"), "(call a.\"${x}\" 1).y z");
  EXPECT_EQ(tree("f(1)(2)"), "(call-value (call f 1) 2)");
  EXPECT_EQ(tree("a.&b; A::c"), "(& a b)\n(& A c)");
  EXPECT_EQ(tree("a\n  .b()\n  ?.c"), "(call a.b)?.c");
  EXPECT_EQ(tree("x\n[1]"), "x\n[ 1 ]");
  EXPECT_EQ(tree("f(*a, b: 1, *: m)"), "(call f *a 'b':1 *:m)");
  EXPECT_EQ(tree("a.class.in"), "a.class.in");
}

TEST(Parser, GivesTrailingClosuresToTheirCall) {
  EXPECT_EQ(tree("a { 1 }"), "(call a { 1 }^)");
  EXPECT_EQ(tree("a(1) { 2 } { 3 }"), "(call a 1 { 2 } { 3 }^^)");
  EXPECT_EQ(tree("l.each { x -> f x }"), "(call l.each { (def x) -> (call f x) }^)");
  EXPECT_EQ(tree("l.collect { int a, b = 1 -> a }"),
            "(call l.collect { (int a) (def b = 1) -> a }^)");
  EXPECT_EQ(tree("f { -> 1 }"), "(call f { -> 1 }^)");
  EXPECT_EQ(tree("pipeline\n{\n a\n}"), "(call pipeline { a }^)");
}

TEST(Parser, ReadsLiterals) {
  EXPECT_EQ(
      tree("[1, 2L, 3g, 1.5, 2f, 3d, 0xFF, 0b11, 017, 1_000, 3000000000, 99999999999999999999]"),
      "[ 1 2L 3G 1.5 2f 3d 255 3 15 1000 3000000000L 99999999999999999999G ]");
  EXPECT_EQ(tree("-2147483648"), "(- 2147483648)");
  EXPECT_EQ(tree("[:]"), "[: ]");
  EXPECT_EQ(tree("[a: 1, 'b c': 2, (d): 3, \"$e\": 4, if: 5, *: f]"),
            "[: 'a':1 'b c':2 d:3 \"${e}\":4 'if':5 *:f ]");
  EXPECT_EQ(tree("[*a, b]"), "[ *a b ]");
  EXPECT_EQ(tree("[\n1,\n2,\n]"), "[ 1 2 ]");
  EXPECT_EQ(tree("[x\n+ 1]"), "[ (+ x 1) ]");
}

TEST(Parser, ReadsInterpolation) {
  EXPECT_EQ(tree(R"("a $b.c. ${d + "e${f}"} g")"), R"("a ${b.c}. ${(+ d "e${f}")} g")");
  EXPECT_EQ(tree(R"("${-> x}${}")"), R"("${{ -> x }}${null}")");
  EXPECT_EQ(tree(R"("${[a: { it }]}")"), R"("${[: 'a':{ it } ]}")");
}

TEST(Parser, ReadsDeclarations) {
  EXPECT_EQ(tree("def x = 1, y"), "(var (def x 1) (def y -))");
  EXPECT_EQ(tree("List<Map<String, List<Integer>>> x = []"),
            "(var (List<Map<String List<Integer>>> x [ ]))");
  EXPECT_EQ(tree("def (a, int b) = f()"), "(var* (def a -) (int b -) (call f))");
  EXPECT_EQ(tree("@Library('x@y') _"), "(@Library[ 'x@y' ] var (def _ -))");
  EXPECT_EQ(tree("@Field def x = 1"), "(@Field[ ] var (def x 1))");
  EXPECT_EQ(tree("final static x = 1"), "(final static var (def x 1))");
  EXPECT_EQ(tree("java.util.List x"), "(var (java.util.List x -))");
  EXPECT_EQ(tree("def f(a, int b = 2, Map... c) throws E { a }"),
            "(method def f (def a) (int b = 2) (Map... c) { a })");
  EXPECT_EQ(tree("@NonCPS\nString f()\n{ 1 }"), "(@NonCPS[ ] method String f { 1 })");
  EXPECT_EQ(tree("import static a.B.c as d"), "(import static a.B.c d)");
  EXPECT_EQ(tree("import a.b.*"), "(import a.b.* )");
}

TEST(Parser, ReadsClasses) {
  EXPECT_EQ(tree("class A extends B implements C, D { int x = 1; A(y) { }\n def f() { x } }"),
            "(class A B C D [ ] (var (int x 1)) (constructor def A (def y) { }) "
            "(method def f { x }))");
  EXPECT_EQ(tree("enum E { A, B(1)\n int x }"), "(class E def [ A B 1 ] (var (int x -)))");
  EXPECT_EQ(tree("interface I { void f(int x) }"), "(class I def [ ] (method void f (int x) -))");
  EXPECT_EQ(tree("new A(b: 1) { int c }"), "(new A 'b':1)");
  EXPECT_EQ(tree("new int[3]"), "(new int array 3)");
}

TEST(Parser, ReadsStatements) {
  EXPECT_EQ(tree("if (a) b; else if (c) d\nelse { e }"), "(if a b (if c d { e }))");
  EXPECT_EQ(tree("for (int i = 0; i < 3; i++) f i"),
            "(for [ (var (int i 0)) ] (< i 3) [ i++ ] (call f i))");
  EXPECT_EQ(tree("for (def e : m) { }"), "(for-in (def e) m { })");
  EXPECT_EQ(tree("for (x in [1]) ;"), "(for-in (def x) [ 1 ] -)");
  EXPECT_EQ(tree("while (a) { break }"), "(while a { (break ) })");
  EXPECT_EQ(tree("a: while (b) continue a"), "(a: (while b (continue a)))");
  EXPECT_EQ(tree("try { a } catch (E | F e) { b } catch (g) { } finally { c }"),
            "(try { a } (catch E F e { b }) (catch def g { }) (finally { c }))");
  EXPECT_EQ(tree("switch (a) { case 1: case ~/x/: b; break\n default: c }"),
            "(switch a (case 1) (case (~ 'x') b (break )) (case - c))");
  EXPECT_EQ(tree("assert a == 1 : 'b'"), "(assert (== a 1) 'b')");
  EXPECT_EQ(tree("throw new E('x')"), "(throw (new E 'x'))");
  EXPECT_EQ(tree("return\n1"), "(return -)\n1");
}

TEST(Parser, GoesOnAfterAnError) {
  EXPECT_EQ(tree("a = = 1\nb 2\nf(1, 2\nc = )\n"),
            "t:1:5: expected an expression, but found '='\n"
            "    1 | a = = 1\n"
            "      |     ^\n"
            "t:4:1: expected ')' to close the '(' of line 3, but found 'c'\n"
            "    4 | c = )\n"
            "      | ^\n"
            "t:4:5: expected an expression, but found ')'\n"
            "    4 | c = )\n"
            "      |     ^\n");
}

TEST(Parser, NamesWhatIsMissing) {
  EXPECT_EQ(first_error("a {\n b {\n }\n"), "t:1:3: '{' is not closed; add a '}'");
  EXPECT_EQ(first_error("}"), "t:1:1: unexpected '}'; no '{' is open here");
  EXPECT_EQ(first_error("dir 'x' { }"),
            "t:1:9: a block cannot follow an argument without parentheses; put the arguments into "
            "parentheses: step('x') { }");
  EXPECT_EQ(first_error("else { }"), "t:1:1: 'else' without what it belongs to");
  EXPECT_EQ(first_error("a b c d }"), "t:1:9: unexpected '}'; no '{' is open here");
}

TEST(Parser, StopsAtTheLimitOfErrors) {
  const Source source("t", repeat("= 1\n", 1000));
  Diagnostics diagnostics;
  parse(source, diagnostics);
  EXPECT_EQ(diagnostics.sorted().size(), Diagnostics::limit);
}

TEST(Parser, RefusesHostileNesting) {
  for (const auto* text : {"[",      "(",        "{",           "a {",  "a.b {",
                           "-",      "!",        "a = ",        "a ? ", "if (a) ",
                           "\"${",   "{ x -> ",  "f(",          "a[",   "(int) ",
                           "new A(", "x = [a: ", "while (a) {", "a: ",  "new A() { def b = ",
                           "List<"}) {
    EXPECT_NE(first_error(repeat(text, 4000)), "no error") << text;
  }
  for (const auto* text :
       {"+ a", ".a", "(1)", "[1]", " as A", "++", "{ }", " && a", "?.a()", " b a"})
    EXPECT_NE(first_error("x " + repeat(text, 4000)).size(), 0U) << text;
}

TEST(Parser, AcceptsOrdinaryNesting) {
  EXPECT_EQ(first_error(repeat("a {\n", 150) + repeat("}\n", 150)), "no error");
  EXPECT_EQ(first_error(repeat("(", 200) + "1" + repeat(")", 200)), "no error");
  EXPECT_EQ(first_error("x = [" + repeat("1,\n", 10000) + "]"), "no error");
}

TEST(Parser, GivesEachNodeItsSpan) {
  const Source source("t", "def x = 1\nfoo(bar + 'é').baz\n");
  Diagnostics diagnostics;
  const auto script = parse(source, diagnostics);
  ASSERT_EQ(script.statements.size(), 2U);
  EXPECT_EQ(source.text_of(script.statements[0]->span), "def x = 1");
  const auto& second = *script.statements[1]->as<ExpressionStatement>()->value;
  EXPECT_EQ(source.text_of(second.span), "foo(bar + 'é').baz");
  EXPECT_EQ(second.span.begin, (Position{2, 1, 10}));
  EXPECT_EQ(second.span.end.column, 19U);
}

}  // namespace
}  // namespace cupel::pipeline::syntax
