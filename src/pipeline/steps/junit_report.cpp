// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/junit_report.hpp"

#include <cmath>
#include <cstring>
#include <pugixml.hpp>

#include "base/text.hpp"

namespace cupel::pipeline::steps {
namespace {

constexpr int max_depth = 32;
constexpr std::size_t max_tests = 1'000'000;
constexpr std::size_t max_name = 4096;
constexpr std::size_t max_message = 64U << 10;

/// Cut at a limit, between characters, and safe to print.
std::string shown(std::string_view text, std::size_t limit) {
  if (text.size() > limit) {
    while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0U) == 0x80U) --limit;
    text = text.substr(0, limit);
  }
  return printable(text);
}

/// Seconds, as "1.234" or "1,234.5" (some writers group thousands).
std::chrono::milliseconds duration_of(std::string_view text) {
  std::string plain;
  for (const char c : text)
    if (c != ',') plain += c;
  char* end = nullptr;
  const double seconds = std::strtod(plain.c_str(), &end);
  constexpr double longest = 1e9;
  if (end == plain.c_str() || !std::isfinite(seconds) || seconds < 0 || seconds > longest)
    return {};
  return std::chrono::milliseconds(std::llround(seconds * 1000));
}

model::TestRecord test_of(const pugi::xml_node& test, std::string_view suite) {
  model::TestRecord record;
  const std::string_view class_name = test.attribute("classname").value();
  record.suite = shown(class_name.empty() ? suite : class_name, max_name);
  record.name = shown(test.attribute("name").value(), max_name);
  record.duration = duration_of(test.attribute("time").value());
  if (test.child("skipped")) record.state = model::TestRecord::State::skipped;
  for (const char* kind : {"failure", "error"}) {
    const auto trouble = test.child(kind);
    if (!trouble) continue;
    record.state = model::TestRecord::State::failed;
    std::string message = trouble.attribute("message").value();
    if (message.empty()) message = std::string(trim(trouble.text().get()));
    record.message = shown(message, max_message);
    break;
  }
  return record;
}

Result<> read_suite(const pugi::xml_node& suite, int depth, std::vector<model::TestRecord>& tests) {
  if (depth > max_depth) return fail(Fault::invalid, "test suites are nested too deep");
  const std::string_view name = suite.attribute("name").value();
  for (const auto child : suite.children()) {
    if (std::strcmp(child.name(), "testcase") == 0) {
      if (tests.size() >= max_tests) return fail(Fault::invalid, "more than {} tests", max_tests);
      tests.push_back(test_of(child, name));
    } else if (std::strcmp(child.name(), "testsuite") == 0) {
      TRY(read_suite(child, depth + 1, tests));
    }
  }
  return {};
}

}  // namespace

Result<std::vector<model::TestRecord>> parse_junit_report(std::string_view bytes) {
  pugi::xml_document document;
  // No DOCTYPE is read and no entity but XML's own is expanded.
  const auto parsed =
      document.load_buffer(bytes.data(), bytes.size(), pugi::parse_default, pugi::encoding_auto);
  if (!parsed)
    return fail(Fault::invalid, "no valid XML at byte {}: {}", parsed.offset,
                lower(parsed.description()));
  const auto root = document.document_element();
  const std::string_view name = root.name();
  if (name != "testsuites" && name != "testsuite")
    return fail(Fault::invalid,
                "no JUnit report: its root is <{}>, not <testsuite> or <testsuites>",
                shown(name, max_name));
  std::vector<model::TestRecord> tests;
  TRY(read_suite(root, 0, tests));
  return tests;
}

}  // namespace cupel::pipeline::steps
