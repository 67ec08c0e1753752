// SPDX-License-Identifier: Apache-2.0
#include "cupel/run_journal.hpp"

#include "base/digest.hpp"
#include "runs/stored_run.hpp"

namespace cupel {

runs::FileJournal::Head journal_head(const cli::RunCommand& command, const Project& project,
                                     std::optional<model::Verdict> previous) {
  Hasher inputs;
  inputs.feed_part(project.jenkinsfile.string());
  inputs.feed_part(command.on == cli::RunCommand::On::host ? "host" : "labelled");
  for (const auto& [name, value] : command.parameters) inputs.feed_part(name).feed_part(value);
  runs::FileJournal::Head head;
  head.jenkinsfile = digest_of(project.source->text()).hex;
  head.inputs = inputs.finish().hex;
  if (previous) head.previous = model::name(*previous);
  return head;
}

Result<std::unique_ptr<runs::FileJournal>> open_journal(const cli::RunCommand& command,
                                                        const Project& project) {
  if (!command.journal) return std::unique_ptr<runs::FileJournal>();
  auto journal =
      TRY(runs::FileJournal::open(*command.journal, Stop().within(std::chrono::seconds(1))));
  const auto& head = journal->head();
  if (head && head->inputs != journal_head(command, project, std::nullopt).inputs)
    return fail(Fault::conflict,
                "the journal {} is of a run with another Jenkinsfile, other parameters or on "
                "another kind of node",
                command.journal->string());
  return journal;
}

std::optional<model::Verdict> previous_of(const runs::FileJournal::Head& head) {
  const auto verdict = runs::verdict_named(head.previous);
  return verdict ? std::optional(*verdict) : std::nullopt;
}

std::string resumption(const runs::FileJournal& journal, const Project& project,
                       const pipeline::StepTable& steps) {
  std::size_t count = 0;
  for (const auto& record : journal.records())
    if (record.kind == pipeline::JournalRecord::Kind::end && steps.find(record.name)) ++count;
  auto text = fmt::format("Resumed from {} after {} step{}\n", journal.path().string(), count,
                          count == 1 ? "" : "s");
  if (journal.head()->jenkinsfile != digest_of(project.source->text()).hex)
    text += "The Jenkinsfile has changed since; what it does up to there must be the same\n";
  return text;
}

}  // namespace cupel
