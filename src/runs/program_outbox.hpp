// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "pipeline/interpreter/outbox.hpp"

namespace cupel::runs {

/// Sends notifications by programs of this host: mails through one like sendmail, the rest by curl
/// to the webhook that the operator gave for the step. Any thread.
class ProgramOutbox final : public pipeline::Outbox {
 public:
  struct Ways {
    std::string mail_program;  ///< empty: mails are not sent
    std::string mail_from;
    std::map<std::string, std::string> webhooks;  ///< by the step's name
  };
  explicit ProgramOutbox(Ways ways) : ways_(std::move(ways)) {}

  Result<Sent> send(const pipeline::Notification& notification, const Stop& stop) override;

 private:
  Ways ways_;
};

/// The mail as sendmail -t reads it. Nothing in it can begin another header.
std::string mail_text(const pipeline::Notification& notification, const std::string& from);

}  // namespace cupel::runs
