// SPDX-License-Identifier: Apache-2.0
#include "runs/journal_contents.hpp"

#include <algorithm>

#include "runs/journal_text.hpp"

namespace cupel::runs {
namespace {

constexpr std::int64_t format = 1;

/// Whether a line may begin so whose writing was cut short.
bool begins_a_line(std::string_view text) {
  constexpr std::size_t checksum = 16;
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == text.size()) return true;
  const auto rest = text.substr(digits + 1);
  const auto hex = std::min(rest.find_first_not_of("0123456789abcdef"), rest.size());
  if (digits == 0 || text[digits] != ' ' || hex > checksum) return false;
  if (hex == rest.size()) return true;
  const auto length = parse_integer(text.substr(0, digits));
  const auto body = rest.substr(hex + 1);
  return hex == checksum && rest[hex] == ' ' && length &&
         body.size() <= static_cast<std::uint64_t>(*length) && body.find('\n') == body.npos;
}

/// Whether the text is a journal's, though its first line may be torn or damaged.
bool looks_like_a_journal(std::string_view text) {
  return begins_a_line(text) ||
         text.substr(0, text.find('\n')).find(R"( {"journal":)") != text.npos;
}

/// Whether the last line was not written whole. What a file system never wrote of it reads as
/// zeros.
bool is_torn(std::string_view tail) {
  return begins_a_line(tail) || begins_a_line(tail.substr(0, tail.find_last_not_of('\0') + 1));
}

Result<JournalHead> head_from(const json::Value& value) {
  if (TRY(value.integer("journal")) != format)
    return fail(Fault::invalid, "is of a format that this cupel does not know");
  const auto run = TRY(value.integer("run"));
  if (run < 0 || run > 1'000'000'000) return fail(Fault::invalid, "no number of a run: {}", run);
  return JournalHead{TRY(value.text("jenkinsfile")), TRY(value.text("inputs")),
                     static_cast<unsigned>(run), TRY(value.text("mark")),
                     TRY(value.text("previous"))};
}

Result<> add_line(JournalContents& contents, const json::Value& value) {
  if (!contents.head) {
    contents.head = TRY(head_from(value));
    return {};
  }
  if (contents.finish) return fail(Fault::invalid, "a record behind the last");
  if (value.find("finish")) {
    const auto status = TRY(value.integer("finish"));
    if (status < 0 || status > 255) return fail(Fault::invalid, "no exit status: {}", status);
    contents.finish = JournalFinish{static_cast<int>(status), TRY(value.text("text"))};
    return {};
  }
  contents.records.push_back(TRY(journal_record_from(value)));
  return {};
}

}  // namespace

Result<JournalContents> journal_contents(std::string_view bytes) {
  JournalContents contents;
  for (std::size_t number = 1; contents.whole < bytes.size(); ++number) {
    const auto at = contents.whole;
    const auto end = bytes.find('\n', at);
    const auto opened = end == bytes.npos
                            ? Result<json::Value>(fail(Fault::invalid, "a record without its end"))
                            : open_line(bytes.substr(at, end - at));
    if (!opened && at == 0 && !looks_like_a_journal(bytes))
      return fail(Fault::invalid, "is no journal");
    if (!opened && is_torn(bytes.substr(at))) return contents;
    if (!opened)
      return fail(Fault::invalid, "is damaged at byte {}, line {}: {}", at, number,
                  opened.error().text());
    TRY(add_line(contents, *opened), "at byte {}, line {}", at, number);
    contents.whole = end + 1;
  }
  return contents;
}

std::string line_of(const JournalHead& head) {
  return sealed_line({{"journal", format},
                      {"jenkinsfile", head.jenkinsfile},
                      {"inputs", head.inputs},
                      {"run", std::int64_t{head.run}},
                      {"mark", head.mark},
                      {"previous", head.previous}});
}

std::string line_of(const JournalFinish& finish) {
  return sealed_line({{"finish", finish.status}, {"text", finish.text}});
}

}  // namespace cupel::runs
