// SPDX-License-Identifier: Apache-2.0
#include "base/digest.hpp"
#include "base/text.hpp"
#include "pipeline/interpreter/credentials.hpp"
#include "pipeline/interpreter/interpreter.hpp"
#include "pipeline/interpreter/with_credentials.hpp"
#include "pipeline/steps/described.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {
namespace {

using Binding = CredentialBinding;

constexpr std::array<std::tuple<std::string_view, std::string_view, Binding::Kind>, 9> kinds = {{
    {"string", "StringBinding", Binding::Kind::text},
    {"usernamePassword", "UsernamePasswordMultiBinding", Binding::Kind::username_password},
    {"usernameColonPassword", "UsernamePasswordBinding", Binding::Kind::username_colon_password},
    {"file", "FileBinding", Binding::Kind::file},
    {"zip", "ZipFileBinding", Binding::Kind::zip},
    {"sshUserPrivateKey", "SSHUserPrivateKeyBinding", Binding::Kind::ssh_key},
    {"certificate", "CertificateMultiBinding", Binding::Kind::certificate},
    {"aws", "AmazonWebServicesCredentialsBinding", Binding::Kind::username_password},
    {"gitUsernamePassword", "GitUsernamePasswordBinding", Binding::Kind::username_password},
}};

/// What the plugins of these two name their variables, whatever is said or not.
void name_variables(const Described& object, Binding& binding, const Arguments& arguments) {
  const auto named = [&](const char* name, const char* otherwise) {
    auto text = arguments.text(name, otherwise);
    return text ? *text : std::string(otherwise);
  };
  if (object.kind == "aws" || object.kind == "AmazonWebServicesCredentialsBinding") {
    binding.username_variable = named("accessKeyVariable", "AWS_ACCESS_KEY_ID");
    binding.password_variable = named("secretKeyVariable", "AWS_SECRET_ACCESS_KEY");
  } else if (object.kind == "gitUsernamePassword" || object.kind == "GitUsernamePasswordBinding") {
    binding.username_variable = "GIT_USERNAME";
    binding.password_variable = "GIT_PASSWORD";
  }
}

/// git asks this for the login, so that it stands on no command line.
void answer_git(Context& bound) {
  bound.set_variable("GIT_TERMINAL_PROMPT", "0");
  bound.set_variable("GIT_CONFIG_COUNT", "1");
  bound.set_variable("GIT_CONFIG_KEY_0", "credential.helper");
  bound.set_variable("GIT_CONFIG_VALUE_0",
                     "!f() { test \"$1\" != get || printf 'username=%s\\npassword=%s\\n' "
                     "\"$GIT_USERNAME\" \"$GIT_PASSWORD\"; }; f");
}

Outcome<Binding::Kind> kind_of_binding(const std::string& name) {
  std::vector<std::string> known;
  for (const auto& [short_name, class_name, kind] : kinds) {
    if (name == short_name || name == class_name) return kind;
    known.emplace_back(short_name);
  }
  if (name == "dockerCert" || name == "DockerServerCredentialsBinding")
    return raise(
        "java.lang.UnsupportedOperationException",
        "withCredentials: dockerCert is not supported: there is no Docker daemon to reach");
  return raise("java.lang.IllegalArgumentException",
               "withCredentials: '{}' is no kind of binding; there are {}", name,
               join(known, ", "));
}

Outcome<Binding> binding_of(const Described& object) {
  const auto& arguments = object.arguments;
  Binding binding;
  binding.kind = TRY(kind_of_binding(object.kind));
  binding.id = TRY(arguments.text("credentialsId"));
  binding.variable = TRY(arguments.text("variable", ""));
  const auto named = [&](const char* name) { return arguments.text(name, ""); };
  binding.username_variable = TRY(named("usernameVariable"));
  binding.password_variable = TRY(named("passwordVariable"));
  binding.key_file_variable = TRY(named("keyFileVariable"));
  binding.passphrase_variable = TRY(named("passphraseVariable"));
  binding.keystore_variable = TRY(named("keystoreVariable"));
  binding.alias_variable = TRY(named("aliasVariable"));
  name_variables(object, binding, arguments);
  const auto needs_one = [&](const std::string& value, std::string_view name) -> Outcome<void> {
    if (!value.empty()) return {};
    return raise("java.lang.IllegalArgumentException",
                 "withCredentials: {} needs the argument '{}'", object.kind, name);
  };
  switch (binding.kind) {
    case Binding::Kind::username_password:
      TRY(needs_one(binding.username_variable, "usernameVariable"));
      TRY(needs_one(binding.password_variable, "passwordVariable"));
      break;
    case Binding::Kind::ssh_key:
      TRY(needs_one(binding.key_file_variable, "keyFileVariable"));
      break;
    case Binding::Kind::certificate:
      TRY(needs_one(binding.keystore_variable, "keystoreVariable"));
      break;
    default: TRY(needs_one(binding.variable, "variable"));
  }
  return binding;
}

/// As Jenkins says it: "$A or $B".
std::string masked_names(const std::vector<Binding>& bindings) {
  std::vector<std::string> names;
  for (const auto& one : bindings)
    for (const auto* name :
         {&one.variable, &one.username_variable, &one.password_variable, &one.key_file_variable,
          &one.passphrase_variable, &one.keystore_variable})
      if (!name->empty() && name != &one.username_variable) names.push_back("$" + *name);
  return join(names, " or ");
}

std::string tag_of(const StepContext& context) {
  return context.id().branch + "#" + std::to_string(context.id().ordinal);
}

/// withCredentials([string(credentialsId: 'token', variable: 'TOKEN')]) { ... }
class WithCredentials final : public SignedStep {
 public:
  WithCredentials()
      : SignedStep(block(
            "withCredentials", "bindings",
            "Gives secrets to its body in environment variables, hidden in the log: string, "
            "usernamePassword, usernameColonPassword, file, zip, sshUserPrivateKey, certificate, "
            "aws, gitUsernamePassword",
            {needs("bindings", Kind::list,
                   "One for each secret, as string(credentialsId: 'id', variable: 'NAME')")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    std::vector<Binding> bindings;
    for (const auto& object : TRY(all_described(arguments.find("bindings"), "withCredentials")))
      bindings.push_back(TRY(binding_of(object)));
    auto inner = context.inner();
    return with_credentials(
        bindings, tag_of(context), inner, [&](Context& bound) -> Outcome<Value> {
          if (!bindings.empty())
            context.print("Masking supported pattern matches of " + masked_names(bindings));
          for (const auto& one : bindings)
            if (one.username_variable == "GIT_USERNAME") answer_git(bound);
          return context.run_body(bound);
        });
  }
};

/// An ssh-agent on the node, ended by destroying it.
class Agent {
 public:
  Agent(std::shared_ptr<HeldNode> node, std::string socket, std::string pid)
      : node_(std::move(node)), socket_(std::move(socket)), pid_(std::move(pid)) {}
  ~Agent() {
    place::Command command;
    command.argv = {"sh", "-c", "kill \"$0\"; rm -f \"$1\"", pid_, socket_};
    command.directory = "/";
    // The body may have been interrupted: the keys must go all the same.
    static_cast<void>(
        place::run_captured(node_->place(), command, Stop().within(std::chrono::seconds(20))));
  }
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  const std::string& socket() const { return socket_; }
  const std::string& pid() const { return pid_; }

 private:
  std::shared_ptr<HeldNode> node_;  // shared: as the context's
  std::string socket_, pid_;
};

/// What stands between NAME= and the ';' in what ssh-agent prints.
std::string printed_value(const std::string& text, const std::string& name) {
  const auto begin = text.find(name + "=");
  if (begin == std::string::npos) return {};
  const auto from = begin + name.size() + 1;
  return text.substr(from, text.find(';', from) - from);
}

/// sshagent(['key-id']) { ... }
class SshAgent final : public SignedStep {
 public:
  SshAgent()
      : SignedStep(block("sshagent", "credentials",
                         "Runs its body with an ssh-agent of the node that has the keys",
                         {needs("credentials", Kind::list, "The ids of SSH credentials"),
                          takes("ignoreMissing", Kind::flag, "false",
                                "Whether an id that there is not is passed over")})) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto ids = TRY(arguments.texts("credentials"));
    const bool ignore = TRY(arguments.flag("ignoreMissing"));
    auto inner = context.inner();
    TRY(context.node());
    auto started = TRY(start_agent(inner, context));
    // On a node that was given back already: all that it was for is recorded.
    if (started.empty() && context.run().interpreter.turns().replaying())
      started = "SSH_AUTH_SOCK=gone; SSH_AGENT_PID=0;";
    const Agent agent(inner.node, printed_value(started, "SSH_AUTH_SOCK"),
                      printed_value(started, "SSH_AGENT_PID"));
    if (agent.socket().empty() || !parse_integer(agent.pid()))
      return raise("java.io.IOException", "sshagent: ssh-agent did not start on the node");
    inner.set_variable("SSH_AUTH_SOCK", agent.socket());
    inner.set_variable("SSH_AGENT_PID", agent.pid());
    context.print("[ssh-agent] Started.");
    for (const auto& id : ids) TRY(add_key(id, ignore, inner, context));
    auto result = context.run_body(inner);
    context.print("[ssh-agent] Stopped.");
    return result;
  }

 private:
  static Outcome<std::string> start_agent(const Context& inner, StepContext& context) {
    place::Command command;
    command.argv = {"ssh-agent", "-s"};
    command.environment = inner.variables();
    auto output = place::run_captured(inner.node->place(), command, inner.stop);
    if (!output) return tl::unexpected(context.failure(std::move(output.error())));
    return std::move(output->out);
  }

  static Outcome<void> add_key(const std::string& id, bool ignore, Context& inner,
                               StepContext& context) {
    auto* store = context.services().credentials;
    if (ignore && store) {
      const auto found = store->find(id);
      if (!found && found.error().fault() == Fault::not_found) {
        context.print("[ssh-agent] " + found.error().text());
        return {};
      }
    }
    Binding binding;
    binding.kind = Binding::Kind::ssh_key;
    binding.id = id;
    binding.key_file_variable = "CUPEL_SSH_KEY";
    binding.username_variable = "CUPEL_SSH_USER";
    binding.passphrase_variable = "CUPEL_SSH_PASSPHRASE";
    auto with_key = inner;
    auto added = with_credentials(
        {binding}, tag_of(context) + id, with_key, [&](Context& bound) -> Outcome<Value> {
          context.print("[ssh-agent] Using credentials " + bound.overrides["CUPEL_SSH_USER"] +
                        " (" + id + ")");
          return load_key(bound, context);
        });
    if (added) return {};
    return tl::unexpected(std::move(added.error()));
  }

  static Outcome<Value> load_key(Context& bound, StepContext& context) {
    // ssh-add asks a program for the passphrase; ours prints a variable.
    static constexpr const char* script =
        "umask 077; ask=\"$CUPEL_SSH_KEY.ask\"; "
        "printf '#!/bin/sh\\nprintf \"%%s\\\\n\" \"$CUPEL_SSH_PASSPHRASE\"\\n' > \"$ask\"; "
        "chmod 700 \"$ask\"; "
        "SSH_ASKPASS=\"$ask\" SSH_ASKPASS_REQUIRE=force DISPLAY=:0 ssh-add \"$CUPEL_SSH_KEY\" "
        "< /dev/null";
    place::Command command;
    command.argv = {"sh", "-c", script};
    command.environment = bound.variables();
    command.directory = "/";
    auto output = place::run_captured(bound.node->place(), command, bound.stop);
    if (!output) return tl::unexpected(context.failure(std::move(output.error())));
    if (output->exit.status != 0)
      return raise("java.io.IOException", "sshagent: ssh-add: {}", trim(output->err));
    return Value();
  }
};

}  // namespace

std::unique_ptr<Step> make_with_credentials() { return std::make_unique<WithCredentials>(); }
std::unique_ptr<Step> make_ssh_agent() { return std::make_unique<SshAgent>(); }

}  // namespace cupel::pipeline::steps
