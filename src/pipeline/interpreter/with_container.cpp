// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/with_container.hpp"

#include "base/digest.hpp"
#include "base/text.hpp"
#include "pipeline/interpreter/container_node.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/registry_login.hpp"

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
  return Outcome<std::string>(to_text(name));
}

std::string qualified_name(const std::string& image, const std::string& registry_url) {
  const auto host = place::registry_host(registry_url);
  if (host.empty() || image.starts_with(host + "/")) return image;
  return host + "/" + image;
}

std::string container_mark(Context& context) {
  const auto machine = machine_of(context);
  auto mark = machine ? machine->own_variable("CUPEL_RUN", context) : std::nullopt;
  return mark ? *mark : context.variable("BUILD_TAG").value_or("");
}

void at_end_of(HeldNode& machine, const Context& context,
               std::function<void(place::Place&, const Stop&)> tidy) {
  const auto& turns = context.run.interpreter.turns();
  machine.at_end([&turns, tidy = std::move(tidy)](place::Place& place) {
    if (!turns.broken()) tidy(place, Stop{}.within(removal_patience));
  });
}

void remove_containers(place::Place& place, const std::vector<std::string>& filter,
                       const Stop& stop) {
  std::vector<std::string> list = {"ps", "-a", "-q", "--no-trunc"};
  list.insert(list.end(), filter.begin(), filter.end());
  const auto listed = place::podman(place, list, stop);
  if (!listed || listed->empty()) return;
  std::vector<std::string> remove = {"rm", "-f", "-i", "-v", "-t", "0"};
  for (auto& id : split(*listed, '\n')) remove.push_back(std::move(id));
  static_cast<void>(place::podman(place, remove, stop));
}

Outcome<std::string> provide(const ImageWish& wish, Context& context) {
  const auto machine = TRY(require_machine(context));
  place::ImageOrder order;
  order.image = qualified_name(wish.image, wish.registry_url);
  order.pull = wish.pull;
  order.registry_url = wish.registry_url;
  order.directory = machine->workspace();
  std::optional<RegistryKey> key;
  if (!wish.registry_credentials.empty())
    key = TRY(registry_key(wish.registry_url, wish.registry_credentials, context));
  else if (const auto around = context.overrides.find("REGISTRY_AUTH_FILE");
           around != context.overrides.end())
    order.auth_file = around->second;
  const auto live = [&](const StepId&, Attempt&) -> Outcome<Value> {
    if (key) TRY(log_in(*key, context));
    if (key) order.auth_file = auth_file(key->directory);
    auto provided = place::provide_image(machine->place(), order, context.stop);
    if (key) log_out(key->directory, context);
    return Value(TRY(outcome(std::move(provided), context)));
  };
  const auto value =
      TRY(context.run.interpreter.perform({"image " + order.image, ""}, context, live));
  return Outcome<std::string>(to_text(value));
}

Outcome<std::string> build(const BuildWish& wish, Context& context) {
  const auto machine = TRY(require_machine(context));
  place::ImageBuild order;
  order.tag = "localhost/" + TRY(container_name(context));
  order.file = wish.file;
  order.directory = wish.directory;
  order.arguments = wish.arguments;
  order.mark = container_mark(context);
  std::optional<RegistryKey> key;
  if (!wish.registry_credentials.empty())
    key = TRY(registry_key(wish.registry_url, wish.registry_credentials, context));
  at_end_of(*machine, context, [tag = order.tag](place::Place& place, const Stop& stop) {
    static_cast<void>(place::podman(place, {"rmi", "-f", tag}, stop));
  });
  const auto live = [&](const StepId&, Attempt&) -> Outcome<Value> {
    if (key) TRY(log_in(*key, context));
    if (key) order.auth_file = auth_file(key->directory);
    const auto sink = [&](place::Stream stream, std::string_view bytes) {
      context.run.observer.output(context.path, stream, bytes);
    };
    auto built = place::build_image(machine->place(), order, sink, context.stop);
    if (key) log_out(key->directory, context);
    TRY(outcome(std::move(built), context));
    return Value(order.tag);
  };
  const auto value =
      TRY(context.run.interpreter.perform({"image from " + wish.file, ""}, context, live));
  return Outcome<std::string>(to_text(value));
}

namespace {

/// The workspace, and what `ws` and `dir` made of it, as far as it is elsewhere.
std::vector<std::string> mounts_of(const HeldNode& machine, const Context& context) {
  std::vector<std::string> mounts = {machine.workspace(), machine.workspace_tmp()};
  const auto add = [&](const std::string& directory) {
    for (const auto& mount : mounts)
      if ((directory + "/").starts_with(mount + "/")) return;
    if (directory != "/" && directory.starts_with('/')) mounts.push_back(directory);
  };
  if (const auto moved = context.overrides.find("WORKSPACE"); moved != context.overrides.end()) {
    add(moved->second);
    add(moved->second + "@tmp");
  }
  add(context.directory);
  return mounts;
}

}  // namespace

Outcome<Value> with_container(const std::string& image, const std::string& arguments,
                              Context& context, const ContextBody& body) {
  const auto machine = TRY(require_machine(context));
  place::ContainerOrder order;
  order.image = image;
  order.name = TRY(container_name(context));
  order.mark = container_mark(context);
  order.mounts = mounts_of(*machine, context);
  order.directory = machine->workspace();
  order.arguments = TRY(Outcome<std::vector<std::string>>(place::shell_words(arguments)));
  auto container = TRY(HeldContainer::start(machine, order, context));
  context.note("Running in a container of " + image);
  auto inner = context;
  inner.node = container.node();
  inner.overrides.erase("PATH");
  auto result = body(inner);
  container.remove(context);
  return result;
}

}  // namespace cupel::pipeline
