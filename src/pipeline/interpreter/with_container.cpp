// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/with_container.hpp"

#include "base/digest.hpp"
#include "pipeline/interpreter/container_node.hpp"
#include "pipeline/interpreter/credentials.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/masks.hpp"
#include "pipeline/interpreter/services.hpp"

namespace cupel::pipeline {
namespace {

using namespace std::chrono_literals;

constexpr auto removal_patience = 30s;

/// A Result of something that blocks, as an Outcome.
template <typename T>
Outcome<T> outcome(Result<T> result, const Context& context) {
  if (result) return Outcome<T>(std::move(result));
  return tl::unexpected(failure_of(std::move(result.error()), context));
}

}  // namespace

Signal failure_of(Error error, const Context& context) {
  const bool ended = error.fault() == Fault::stopped || error.fault() == Fault::timeout;
  if (ended && context.stop.requested()) return interrupt("", model::Verdict::aborted).value();
  auto exception = std::make_shared<Exception>("hudson.AbortException", error.text());
  exception->infrastructure = error.fault() == Fault::internal;
  return Throw{std::move(exception)};
}

std::shared_ptr<HeldNode> machine_of(const Context& context) {
  if (!context.node) return nullptr;
  return context.node->machine() ? context.node->machine() : context.node;
}

Outcome<std::shared_ptr<HeldNode>> require_machine(const Context& context) {
  if (auto machine = machine_of(context)) return machine;
  return raise("hudson.AbortException",
               "Required context class hudson.FilePath is missing\nPerhaps you forgot to surround "
               "the step with a step that provides this, such as: node");
}

Outcome<std::string> container_name(const Context& context) {
  const auto name = TRY(context.run.interpreter.observe(context, "container name", [] {
    return Outcome<Value>(Value("cupel-" + to_hex(random_bytes(8))));
  }));
  return *name.as_text();
}

std::string qualified_name(const std::string& image, const std::string& registry_url) {
  const auto host = place::registry_host(registry_url);
  if (host.empty() || image.starts_with(host + "/")) return image;
  return host + "/" + image;
}

Outcome<void> log_in(const std::string& registry_url, const std::string& credentials,
                     Context& context) {
  const auto machine = TRY(require_machine(context));
  if (!context.run.services.credentials)
    return raise("hudson.AbortException", "Could not find credentials matching {}", credentials);
  const auto found = TRY(Outcome<Credential>(context.run.services.credentials->find(credentials)));
  const auto* login = std::get_if<UsernamePassword>(&found);
  if (!login)
    return raise("hudson.AbortException",
                 "the credentials '{}' are a {}, but a registry needs a username with a password",
                 credentials, kind_name(found));
  context.run.masks.add("the password of " + credentials, login->password);
  auto registry = place::registry_host(registry_url);
  if (registry.empty()) registry = "docker.io";
  return outcome(
      place::log_in(machine->place(), {registry, login->username, login->password}, context.stop),
      context);
}

Outcome<std::string> provide(const ImageWish& wish, Context& context) {
  const auto machine = TRY(require_machine(context));
  if (!wish.registry_credentials.empty())
    TRY(log_in(wish.registry_url, wish.registry_credentials, context));
  return outcome(
      place::provide_image(machine->place(), qualified_name(wish.image, wish.registry_url),
                           wish.pull, context.stop),
      context);
}

Outcome<void> build(const BuildWish& wish, Context& context) {
  const auto machine = TRY(require_machine(context));
  const auto sink = [&](place::Stream stream, std::string_view bytes) {
    context.run.observer.output(context.path, stream, bytes);
  };
  return outcome(
      place::build_image(machine->place(), {wish.tag, wish.file, wish.directory, wish.arguments},
                         sink, context.stop),
      context);
}

Outcome<Value> with_container(const std::string& image, const std::string& arguments,
                              Context& context, const ContextBody& body) {
  const auto machine = TRY(require_machine(context));
  place::ContainerOrder order;
  order.image = image;
  order.name = TRY(container_name(context));
  order.mark = context.variable("BUILD_TAG").value_or("");
  order.mounts = {machine->workspace(), machine->workspace_tmp()};
  order.directory = machine->workspace();
  order.arguments = TRY(Outcome<std::vector<std::string>>(place::shell_words(arguments)));
  auto started =
      TRY(outcome(place::Container::start(machine->place(), order, context.stop), context));
  auto& container = *started;
  context.note("Running in a container of " + image);
  auto inner = context;
  inner.node = container_node(machine, std::move(started));
  inner.overrides.erase("PATH");
  auto result = body(inner);
  if (const auto removed = container.remove(Stop{}.within(removal_patience)); !removed)
    context.note("Warning: " + removed.error().text());
  return result;
}

}  // namespace cupel::pipeline
