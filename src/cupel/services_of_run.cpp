// SPDX-License-Identifier: Apache-2.0
#include "cupel/services_of_run.hpp"

#include <unistd.h>

#include "os/terminal.hpp"

namespace cupel {

ServicesOfRun::ServicesOfRun(const Order& order, fleet::CredentialFiles credentials)
    : order_(order),
      credentials_(std::move(credentials)),
      outbox_({order.settings.notify.mail_program, order.settings.notify.mail_from,
               order.settings.notify.webhooks}),
      past_runs_(order.surroundings.home.runs()) {
  services_.credentials = &credentials_;
  services_.outbox = &outbox_;
  services_.past_runs = &past_runs_;
  services_.operation = order.settings.operation;
}

Result<std::unique_ptr<ServicesOfRun>> ServicesOfRun::make(const Order& order) {
  auto credentials = TRY(fleet::CredentialFiles::load(
      {order.command.credentials, order.surroundings.home.credentials()},
      order.surroundings.variable));
  auto made = std::unique_ptr<ServicesOfRun>(new ServicesOfRun(order, std::move(credentials)));
  if (order.prompts) {
    made->services_.prompts = order.prompts;
    return made;
  }
  const auto user = order.surroundings.variable("USER").value_or("you");
  pipeline::Prompts* next = nullptr;
  if (os::is_terminal(STDIN_FILENO) && os::is_terminal(STDOUT_FILENO)) {
    made->terminal_.emplace(
        TRY(os::duplicate(STDIN_FILENO)),
        [self = made.get()](std::string_view text) { self->say_(text); }, user);
    next = &*made->terminal_;
  }
  made->answers_ = TRY(pipeline::GivenAnswers::parse(order.command.answers, user, next));
  made->services_.prompts = &*made->answers_;
  return made;
}

void ServicesOfRun::begin(unsigned number, TerminalPrompts::Say say) {
  say_ = std::move(say);
  locks_.emplace(order_.surroundings.home.locks(), order_.settings.lock_labels,
                 fmt::format("run {} of {}", number, order_.job));
  milestones_.emplace(order_.surroundings.home.milestones(), order_.job, number);
  services_.locks = &*locks_;
  services_.milestones = &*milestones_;
}

}  // namespace cupel
