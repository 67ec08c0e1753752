// SPDX-License-Identifier: Apache-2.0
#include "machine/qmp_message.hpp"

namespace cupel::machine {

namespace {

Result<QmpGreeting> parse_greeting(const json::Value& greeting) {
  const auto* version = greeting.find("version");
  const auto* numbers = version != nullptr ? version->find("qemu") : nullptr;
  if (numbers == nullptr) return fail(Fault::internal, "QEMU's greeting has no version");
  const auto major = TRY(numbers->integer("major"), "QEMU's greeting");
  const auto minor = TRY(numbers->integer("minor"), "QEMU's greeting");
  const auto micro = TRY(numbers->integer("micro"), "QEMU's greeting");
  return QmpGreeting{fmt::format("{}.{}.{}", major, minor, micro)};
}

Result<QmpEvent> parse_event(const json::Value& message) {
  QmpEvent event;
  event.name = TRY(message.text("event"), "an event of QEMU's");
  if (const auto* data = message.find("data")) event.data = *data;
  return event;
}

}  // namespace

Result<QmpMessage> parse_qmp(std::string_view line) {
  auto parsed = json::parse(line);
  if (!parsed) return fail(Fault::internal, "QEMU sent no JSON: {}", parsed.error().text());
  if (const auto* value = parsed->find("return")) return QmpMessage{QmpReturn{*value}};
  if (parsed->find("event") != nullptr) return QmpMessage{TRY(parse_event(*parsed))};
  if (const auto* greeting = parsed->find("QMP")) return QmpMessage{TRY(parse_greeting(*greeting))};
  if (const auto* error = parsed->find("error")) {
    return QmpMessage{QmpRefusal{TRY(error->text("class"), "an error of QEMU's"),
                                 TRY(error->text("desc"), "an error of QEMU's")}};
  }
  return fail(Fault::internal, "QEMU sent neither return, error nor event");
}

std::string write_qmp(std::string_view command, json::Object arguments) {
  json::Object message{{"execute", command}};
  if (!arguments.empty()) message.emplace_back("arguments", std::move(arguments));
  return json::write(std::move(message));
}

}  // namespace cupel::machine
