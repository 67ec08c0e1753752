// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/registry_login.hpp"

#include "pipeline/groovy/bytes.hpp"
#include "pipeline/interpreter/credentials.hpp"
#include "pipeline/interpreter/masks.hpp"
#include "pipeline/interpreter/with_container.hpp"

namespace cupel::pipeline {
namespace {

using namespace std::chrono_literals;

Outcome<UsernamePassword> login_of(const std::string& id, Context& context) {
  auto* store = context.run.services.credentials;
  if (!store)
    return raise("hudson.AbortException",
                 "Could not find credentials matching {}: this run has no credentials", id);
  const auto found = store->find(id);
  if (!found) return raise("hudson.AbortException", "{}", found.error().text());
  if (const auto* login = std::get_if<UsernamePassword>(&*found)) return *login;
  return raise("hudson.AbortException",
               "the credentials '{}' are a {}, but a registry needs a username with a password", id,
               kind_name(*found));
}

}  // namespace

Outcome<RegistryKey> registry_key(const std::string& url, const std::string& credentials,
                                  Context& context) {
  const auto machine = TRY(require_machine(context));
  return RegistryKey{url, credentials,
                     machine->workspace_tmp() + "/" + TRY(container_name(context)) + "-login"};
}

std::string auth_file(const std::string& directory) { return directory + "/config.json"; }

Outcome<void> log_in(const RegistryKey& key, Context& context) {
  const auto machine = TRY(require_machine(context));
  const auto login = TRY(login_of(key.credentials, context));
  auto& masks = context.run.masks;
  masks.add("the password of " + key.credentials, login.password);
  masks.add("the login of " + key.credentials, base64(login.username + ":" + login.password));
  auto done = place::log_in(machine->place(),
                            {key.url, login.username, login.password, auth_file(key.directory)},
                            context.stop);
  if (done) return {};
  log_out(key.directory, context);
  return tl::unexpected(failure_of(std::move(done.error()), context));
}

void log_out(const std::string& directory, const Context& context) {
  const auto machine = machine_of(context);
  if (!machine) return;
  place::Command command;
  command.argv = {"rm", "-rf", "--", directory};
  command.directory = "/";
  const auto removed = place::run_captured(machine->place(), command, Stop{}.within(30s));
  if (!removed || removed->exit.status != 0)
    context.note("Warning: the registry's login in " + directory + " could not be removed");
}

}  // namespace cupel::pipeline
