// SPDX-License-Identifier: Apache-2.0
#include "runs/journal_contents.hpp"

#include <algorithm>

#include "runs/journal_text.hpp"

namespace cupel::runs {
namespace {

constexpr std::int64_t format = 1;

/// Whether the whole text may be the beginning of a first line that was not written whole.
bool begins_a_journal(std::string_view text) {
  const auto digits = text.find_first_not_of("0123456789");
  if (digits == text.npos) return true;
  const auto rest = text.substr(digits);
  const auto hex = rest.substr(0, std::min(rest.size(), std::size_t{17}));
  return digits > 0 && rest.find('\n') == rest.npos && rest[0] == ' ' &&
         hex.find_first_not_of("0123456789abcdef", 1) == hex.npos;
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
  std::size_t number = 0;
  std::optional<Error> bad;
  for (std::size_t at = 0; at < bytes.size();) {
    auto end = bytes.find('\n', at);
    const bool ended = end != bytes.npos;
    if (!ended) end = bytes.size();
    ++number;
    const auto opened = ended
                            ? open_line(bytes.substr(at, end - at))
                            : Result<json::Value>(fail(Fault::invalid, "a record without its end"));
    if (opened && bad)
      return fail(Fault::invalid, "is damaged before line {}: {}", number, bad->text());
    if (opened) {
      TRY(add_line(contents, *opened), "line {}", number);
      contents.whole = end + 1;
    } else if (!bad) {
      bad = opened.error();
    }
    at = end + 1;
  }
  if (bad && contents.whole == 0 && !begins_a_journal(bytes))
    return fail(Fault::invalid, "is no journal");
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
