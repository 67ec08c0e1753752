// SPDX-License-Identifier: Apache-2.0
#include "machine/qmp.hpp"

namespace cupel::machine {

using namespace std::chrono_literals;

Result<Qmp> Qmp::connect(const std::string& path, const Stop& stop) {
  os::LineSocket socket(TRY(os::connect_unix(path, stop), "connect to QEMU"));
  return over(std::move(socket), stop);
}

Result<Qmp> Qmp::over(os::LineSocket socket, const Stop& stop) {
  Qmp qmp(std::move(socket));
  const auto message = TRY(qmp.receive(stop), "wait for QEMU's greeting");
  const auto* greeting = std::get_if<QmpGreeting>(&message);
  if (greeting == nullptr) return fail(Fault::internal, "QEMU does not begin with a greeting");
  qmp.version_ = greeting->version;
  TRY(qmp.execute("qmp_capabilities", {}, stop.within(30s)));
  return qmp;
}

Result<json::Value> Qmp::execute(std::string_view command, json::Object arguments,
                                 const Stop& stop) {
  TRY(socket_.send(write_qmp(command, std::move(arguments)), stop), "QEMU's {}", command);
  for (;;) {
    auto message = TRY(receive(stop), "QEMU's {}", command);
    if (auto* answer = std::get_if<QmpReturn>(&message)) return std::move(answer->value);
    if (auto* refusal = std::get_if<QmpRefusal>(&message))
      return fail(Fault::conflict, "QEMU refused {}: {}", command, refusal->text);
    auto* event = std::get_if<QmpEvent>(&message);
    if (event == nullptr) return fail(Fault::internal, "QEMU greets twice");
    events_.push_back(std::move(*event));
  }
}

Result<QmpEvent> Qmp::next_event(const Stop& stop) {
  if (events_.empty()) {
    auto message = TRY(receive(stop));
    auto* event = std::get_if<QmpEvent>(&message);
    if (event == nullptr) return fail(Fault::internal, "QEMU answers what nobody asked");
    events_.push_back(std::move(*event));
  }
  auto event = std::move(events_.front());
  events_.pop_front();
  return event;
}

Result<QmpMessage> Qmp::receive(const Stop& stop) { return parse_qmp(TRY(socket_.receive(stop))); }

}  // namespace cupel::machine
