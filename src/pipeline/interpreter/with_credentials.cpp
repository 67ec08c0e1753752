// SPDX-License-Identifier: Apache-2.0
#include "pipeline/interpreter/with_credentials.hpp"

#include "base/digest.hpp"
#include "base/overloaded.hpp"
#include "pipeline/interpreter/credentials.hpp"
#include "pipeline/interpreter/node_files.hpp"

namespace cupel::pipeline {
namespace {

using Kind = CredentialBinding::Kind;
using namespace std::chrono_literals;

/// The variables and files of the bindings made so far.
class Binder {
 public:
  Binder(std::string tag, Context& inner) : tag_(std::move(tag)), inner_(inner) {}

  Outcome<void> bind(const CredentialBinding& binding) {
    binding_ = &binding;
    auto credential = TRY(find(binding.id));
    if (binding.kind == Kind::environment) return bind_environment(credential);
    if (const auto* one = std::get_if<SecretText>(&credential); one && binding.kind == Kind::text)
      return secret(binding.variable, one->text);
    if (const auto* one = std::get_if<UsernamePassword>(&credential)) {
      if (binding.kind == Kind::username_password) {
        plain(binding.username_variable, one->username);
        return secret(binding.password_variable, one->password);
      }
      if (binding.kind == Kind::username_colon_password) return colon(binding.variable, *one);
    }
    if (const auto* one = std::get_if<SecretFile>(&credential)) {
      if (binding.kind == Kind::file) return file(binding.variable, one->name, one->bytes);
      if (binding.kind == Kind::zip) return unzipped(*one);
    }
    if (const auto* one = std::get_if<SshUserPrivateKey>(&credential))
      if (binding.kind == Kind::ssh_key)
        return key(*one, binding.key_file_variable, binding.username_variable,
                   binding.passphrase_variable);
    if (const auto* one = std::get_if<Certificate>(&credential))
      if (binding.kind == Kind::certificate) return certificate(*one);
    return raise("hudson.AbortException",
                 "Credentials '{}' is of type '{}' where '{}' was expected", binding.id,
                 kind_name(credential), wanted(binding.kind));
  }

 private:
  static std::string_view wanted(Kind kind) {
    switch (kind) {
      case Kind::environment: return "any";
      case Kind::text: return kind_name(SecretText{});
      case Kind::username_password:
      case Kind::username_colon_password: return kind_name(UsernamePassword{});
      case Kind::file:
      case Kind::zip: return kind_name(SecretFile{});
      case Kind::ssh_key: return kind_name(SshUserPrivateKey{});
      case Kind::certificate: return kind_name(Certificate{});
    }
    return "";
  }

  Outcome<Credential> find(const std::string& id) {
    auto* store = inner_.run.services.credentials;
    if (!store)
      return raise("hudson.AbortException",
                   "Could not find credentials entry with ID '{}': this run has no credentials",
                   id);
    auto found = store->find(id);
    if (!found) return raise("hudson.AbortException", "{}", found.error().text());
    return std::move(*found);
  }

  /// Jenkins' rule for each kind.
  Outcome<void> bind_environment(const Credential& credential) {
    const auto& name = binding_->variable;
    return std::visit(
        Overloaded{[&](const SecretText& one) { return secret(name, one.text); },
                   [&](const UsernamePassword& one) -> Outcome<void> {
                     plain(name + "_USR", one.username);
                     TRY(secret(name + "_PSW", one.password));
                     return colon(name, one);
                   },
                   [&](const SecretFile& one) { return file(name, one.name, one.bytes); },
                   [&](const SshUserPrivateKey& one) {
                     return key(one, name, name + "_USR", name + "_PSW");
                   },
                   [&](const Certificate&) -> Outcome<void> {
                     return raise("hudson.AbortException",
                                  "No suitable binding handler could be found for type {}",
                                  kind_name(Certificate{}));
                   }},
        credential);
  }

  void plain(const std::string& variable, const std::string& value) {
    if (!variable.empty()) inner_.overrides[variable] = value;
  }

  Outcome<void> secret(const std::string& variable, const std::string& value) {
    if (variable.empty()) return {};
    hide(variable, value);
    inner_.overrides[variable] = value;
    return {};
  }

  void hide(const std::string& variable, std::string_view value) {
    if (inner_.run.masks.add(variable, value) == Masks::Hidden::too_short)
      inner_.note(
          fmt::format("WARNING: the secret of {} is shorter than {} characters; it is not "
                      "hidden in the log",
                      variable, Masks::shortest));
  }

  Outcome<void> colon(const std::string& variable, const UsernamePassword& one) {
    // The whole is not hidden for itself: its password is.
    hide(variable, one.password);
    inner_.overrides[variable] = one.username + ":" + one.password;
    return {};
  }

  Outcome<void> file(const std::string& variable, const std::string& name, std::string_view bytes) {
    if (variable.empty()) return {};
    auto written = TRY(SecretFileOnNode::write(next_tag(), name, bytes, inner_));
    inner_.overrides[variable] = written.path();
    files_.push_back(std::move(written));
    return {};
  }

  Outcome<void> key(const SshUserPrivateKey& one, const std::string& file_variable,
                    const std::string& user_variable, const std::string& passphrase_variable) {
    hide(file_variable, one.private_key);
    // ssh refuses a key whose last line has no end.
    const auto text = one.private_key.ends_with('\n') ? one.private_key : one.private_key + "\n";
    TRY(file(file_variable, "ssh-key-" + file_variable, text));
    plain(user_variable, one.username);
    return secret(passphrase_variable, one.passphrase);
  }

  Outcome<void> certificate(const Certificate& one) {
    TRY(file(binding_->keystore_variable, "keystore-" + binding_->keystore_variable, one.keystore));
    plain(binding_->alias_variable, binding_->id);
    return secret(binding_->password_variable, one.password);
  }

  Outcome<void> unzipped(const SecretFile& one) {
    auto written = TRY(SecretFileOnNode::write(next_tag(), one.name, one.bytes, inner_));
    place::Command command;
    command.argv = {"sh", "-c", "umask 077; mkdir content && unzip -q \"$0\" -d content",
                    written.path()};
    command.directory = written.directory();
    auto output = place::run_captured(inner_.node->place(), command, inner_.stop);
    const auto directory = written.directory() + "/content";
    files_.push_back(std::move(written));
    if (!output) return tl::unexpected(Signal(std::move(output.error())));
    if (output->exit.status != 0)
      return raise("java.io.IOException", "unpack the credential '{}': {}", binding_->id,
                   output->err);
    inner_.overrides[binding_->variable] = directory;
    return {};
  }

  std::string next_tag() { return tag_ + "-" + std::to_string(files_.size()); }

  std::string tag_;
  Context& inner_;
  const CredentialBinding* binding_ = nullptr;
  std::vector<SecretFileOnNode> files_;
};

}  // namespace

std::string_view kind_name(const Credential& credential) {
  static constexpr std::array<std::string_view, 5> names = {
      "Secret text", "Username with password", "Secret file", "SSH Username with private key",
      "Certificate"};
  return names[credential.index()];
}

Outcome<Value> with_credentials(const std::vector<CredentialBinding>& bindings,
                                const std::string& tag, Context& inner,
                                const std::function<Outcome<Value>(Context&)>& body) {
  Binder binder(tag, inner);
  for (const auto& binding : bindings) TRY(binder.bind(binding));
  return body(inner);
}

Outcome<SecretFileOnNode> SecretFileOnNode::write(const std::string& tag, const std::string& name,
                                                  std::string_view bytes, Context& context) {
  if (!context.node)
    return raise("org.jenkinsci.plugins.workflow.steps.MissingContextVariableException",
                 "Required context class hudson.FilePath is missing\nPerhaps you forgot to "
                 "surround the step with a step that provides this, such as: node");
  const auto inside = os::fs::path("secretFiles") / digest_of(tag).brief();
  const auto root = TRY(os::TempDir::make("secret"));
  TRY(os::make_directories(root.path() / inside, 0700));
  TRY(os::write_file(root.path() / inside / name, bytes, 0600));
  const auto& base = context.node->workspace_tmp();
  SecretFileOnNode file(context.node, base + "/" + inside.string(), name);
  auto pushed = push_tree(context.node->place(), base, root.path(), context.stop);
  if (!pushed) return tl::unexpected(Signal(std::move(pushed.error())));
  return file;
}

SecretFileOnNode::~SecretFileOnNode() {
  if (!node_) return;
  place::Command command;
  command.argv = {"rm", "-rf", "--", directory_};
  command.directory = "/";
  // The body may have been interrupted: this must happen all the same. A node that is gone takes
  // the file with it.
  static_cast<void>(place::run_captured(node_->place(), command, Stop().within(20s)));
}

}  // namespace cupel::pipeline
