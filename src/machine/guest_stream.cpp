// SPDX-License-Identifier: Apache-2.0
#include "machine/guest_stream.hpp"

namespace cupel::machine {

Result<> GuestStream::take(wire::Message message) {
  {
    auto state = state_.lock();
    if (auto* output = std::get_if<wire::Output>(&message)) {
      state->unread += output->bytes.size();
      if (state->unread > wire::output_window)
        return fail(Fault::internal, "it sent more output than the window allows");
      if (!output->bytes.empty()) state->output.push_back(std::move(*output));
    } else if (const auto* exited = std::get_if<wire::Exited>(&message)) {
      state->exited = *exited;
    } else if (auto* refused = std::get_if<wire::Refused>(&message)) {
      state->failure = Error(refused->fault, std::move(refused->text));
      state->gone = true;
    } else if (const auto* credit = std::get_if<wire::Credit>(&message)) {
      state->window = std::min<std::size_t>(state->window + credit->bytes, wire::input_window);
    } else if (std::holds_alternative<wire::Started>(message)) {
      state->started = true;
    } else if (std::holds_alternative<wire::TreeGone>(message)) {
      state->gone = true;
    } else {
      return fail(Fault::internal, "it sent a message that only we send");
    }
  }
  state_.notify();
  return {};
}

void GuestStream::break_off(const Error& error) {
  {
    auto state = state_.lock();
    if (!state->failure && !state->exited) state->failure = error;
    state->gone = true;
  }
  state_.notify();
}

}  // namespace cupel::machine
