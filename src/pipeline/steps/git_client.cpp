// SPDX-License-Identifier: Apache-2.0
#include "pipeline/steps/git_client.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "pipeline/interpreter/credentials.hpp"
#include "pipeline/interpreter/node_files.hpp"
#include "pipeline/interpreter/stage_frame.hpp"
#include "pipeline/interpreter/with_credentials.hpp"

namespace cupel::pipeline::steps {
namespace {

using Words = std::vector<std::string>;

/// $NAME and ${NAME} in names of branches, as Jenkins' git plugin resolves them.
std::string expand(const std::string& text, const Context& context) {
  std::string whole;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '$') {
      whole += text[i];
      continue;
    }
    const bool braces = i + 1 < text.size() && text[i + 1] == '{';
    auto end = i + (braces ? 2U : 1U);
    const auto begin = end;
    while (end < text.size() &&
           (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_'))
      ++end;
    const auto value = context.variable(text.substr(begin, end - begin));
    if (end == begin || !value || (braces && (end >= text.size() || text[end] != '}'))) {
      whole += text[i];
      continue;
    }
    whole += *value;
    i = braces ? end : end - 1;
  }
  return whole;
}

bool is_commit(std::string_view text) {
  return text.size() == 40 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// One checkout on one node.
class Checkout {
 public:
  Checkout(const GitOrder& order, StepContext& step, Context& context, std::string directory)
      : order_(order), step_(step), context_(context), directory_(std::move(directory)) {}

  Outcome<Value> run() {
    if (order_.wipe == GitOrder::Wipe::yes) TRY(wipe());
    TRY(fetch());
    const auto [commit, branch] = TRY(revision());
    step_.print(fmt::format("Checking out Revision {} ({})", commit, branch));
    TRY(check_out_commit(commit));
    auto facts = std::make_shared<Map>();
    const auto add = [&](const char* name, const std::string& value) -> Outcome<void> {
      return Outcome<void>(facts->put(Value(name), Value(value)));
    };
    TRY(add("GIT_COMMIT", commit));
    TRY(add("GIT_BRANCH", branch));
    TRY(add("GIT_URL", order_.url));
    if (!local_.empty()) TRY(add("GIT_LOCAL_BRANCH", local_));
    return Value(std::move(facts));
  }

 private:
  Outcome<place::Output> ask(const Words& words) {
    place::Command command;
    command.argv = {"git", "-C", directory_};
    command.argv.insert(command.argv.end(), words.begin(), words.end());
    return execute(std::move(command));
  }

  Outcome<place::Output> execute(place::Command command) {
    command.environment = context_.variables();
    command.environment["GIT_TERMINAL_PROMPT"] = "0";
    command.environment.try_emplace("GIT_SSH_COMMAND", "ssh -o BatchMode=yes");
    command.directory = "/";
    auto output = place::run_captured(context_.node->place(), command, context_.stop, 32U << 20);
    if (!output) {
      if (output.error().fault() == Fault::not_found)
        return raise("hudson.AbortException", "git is missing on the node {}: install it there",
                     context_.node->lease().node_name());
      return tl::unexpected(step_.failure(std::move(output.error())));
    }
    return std::move(*output);
  }

  /// The same where it must go well; `what` begins the complaint.
  Outcome<std::string> need(const Words& words, const std::string& what) {
    auto output = TRY(ask(words));
    if (output.exit.status == 0) return std::move(output.out);
    return raise("hudson.AbortException", "{}: {}", what, complaint(output));
  }

  std::string complaint(const place::Output& output) const {
    std::string why;
    for (const auto& line : split(output.err, '\n')) {
      if (why.empty() || line.starts_with("fatal: ")) why = std::string(trim(line));
      if (why.starts_with("fatal: ")) break;
    }
    if (why.starts_with("fatal: ")) why.erase(0, 7);
    return why.empty() ? fmt::format("git ended with status {}", output.exit.status)
                       : printable(why);
  }

  Outcome<void> wipe() {
    step_.print("Wiping out workspace first.");
    place::Command command;
    command.argv = {"find", directory_, "-mindepth", "1", "-delete"};
    TRY(execute(std::move(command)));
    return {};
  }

  Outcome<void> fetch() {
    place::Command init;
    init.argv = {"git", "init", "-q", directory_};
    const auto made = TRY(execute(std::move(init)));
    if (made.exit.status != 0)
      return raise("hudson.AbortException", "git init {}: {}", directory_, complaint(made));
    step_.print("Fetching changes from the remote Git repository");
    const auto known = TRY(ask({"remote", "set-url", order_.remote, order_.url}));
    if (known.exit.status != 0)
      TRY(need({"remote", "add", order_.remote, order_.url}, "git remote add"));
    Words words = {"fetch", "--force", "-q"};
    if (order_.tags == GitOrder::Tags::no)
      words.emplace_back("--no-tags");
    else if (!order_.depth)
      words.emplace_back("--tags");
    if (order_.depth) words.insert(words.end(), {"--depth", std::to_string(*order_.depth)});
    words.insert(words.end(), {"--", order_.remote});
    if (order_.refspec.empty())
      words.push_back(fmt::format("+refs/heads/*:refs/remotes/{}/*", order_.remote));
    else
      for (const auto& refspec : split(order_.refspec, ' '))
        if (!refspec.empty()) words.push_back(refspec);
    TRY(need(words,
             fmt::format("Error fetching remote repo '{}' ({})", order_.remote, order_.url)));
    return {};
  }

  /// The commit, and what it was found by.
  Outcome<std::pair<std::string, std::string>> revision() {
    auto wanted = order_.branches;
    if (wanted.empty()) wanted.emplace_back("**");
    for (auto& name : wanted) {
      name = expand(name, context_);
      if (name.empty() || name == "**" || name == "*") {
        if (auto found = TRY(any_branch())) return std::move(*found);
        continue;
      }
      if (name.front() == '-' || name.find('*', 2) != std::string::npos)
        return raise("hudson.AbortException", "git: '{}' is no name of one branch, tag or commit",
                     printable(name));
      if (name.starts_with("*/")) name.erase(0, 2);
      if (auto found = TRY(find(name))) return std::move(*found);
    }
    return raise("hudson.AbortException",
                 "Couldn't find any revision to build. Verify the repository and branch "
                 "configuration for this job. ({} has no '{}')",
                 order_.url, printable(join(wanted, "', '")));
  }

  Outcome<std::optional<std::string>> commit_of(const std::string& ref) {
    const auto answer = TRY(ask({"rev-parse", "--verify", "-q", ref + "^{commit}"}));
    const std::string commit(trim(answer.out));
    if (answer.exit.status != 0 || !is_commit(commit)) return std::optional<std::string>();
    return std::optional<std::string>(commit);
  }

  Outcome<std::optional<std::pair<std::string, std::string>>> find(const std::string& name) {
    using Found = std::pair<std::string, std::string>;
    auto short_name = name;
    for (const auto& prefix : {std::string("refs/heads/"), order_.remote + "/"})
      if (short_name.starts_with(prefix)) short_name.erase(0, prefix.size());
    const auto tracked = order_.remote + "/" + short_name;
    if (auto commit = TRY(commit_of("refs/remotes/" + tracked)))
      return std::optional(Found(*commit, tracked));
    if (name.starts_with("refs/"))
      if (auto commit = TRY(commit_of(name))) return std::optional(Found(*commit, name));
    if (auto commit = TRY(commit_of("refs/tags/" + short_name)))
      return std::optional(Found(*commit, "refs/tags/" + short_name));
    if (is_commit(name)) {
      // Perhaps no branch leads there: by itself, where the server gives it.
      if (!TRY(commit_of(name))) TRY(ask({"fetch", "-q", "--depth", "1", order_.remote, name}));
      if (auto commit = TRY(commit_of(name))) return std::optional(Found(*commit, "detached"));
    }
    if (name.size() >= 7 && name.find_first_not_of("0123456789abcdef") == std::string::npos)
      if (auto commit = TRY(commit_of(name))) return std::optional(Found(*commit, "detached"));
    return std::optional<Found>();
  }

  Outcome<std::optional<std::pair<std::string, std::string>>> any_branch() {
    using Found = std::pair<std::string, std::string>;
    const auto answer =
        TRY(ask({"for-each-ref", "--count=1", "--sort=-committerdate",
                 "--format=%(objectname) %(refname)", "refs/remotes/" + order_.remote}));
    const auto words = split(trim(answer.out), ' ');
    if (words.size() != 2) return std::optional<Found>();
    return std::optional(Found(words[0], words[1].substr(std::string("refs/remotes/").size())));
  }

  Outcome<void> check_out_commit(const std::string& commit) {
    if (!order_.sparse_paths.empty()) {
      Words words = {"sparse-checkout", "set", "--no-cone", "--"};
      words.insert(words.end(), order_.sparse_paths.begin(), order_.sparse_paths.end());
      TRY(need(words, "git sparse-checkout"));
    }
    if (order_.clean == GitOrder::Clean::before) TRY(need({"clean", "-ffdxq"}, "git clean"));
    Words words = {"-c", "advice.detachedHead=false", "checkout", "-q", "-f"};
    local_ = local_branch();
    if (!local_.empty()) words.insert(words.end(), {"-B", local_});
    words.push_back(commit);
    TRY(need(words, "git checkout"));
    if (order_.clean == GitOrder::Clean::after) TRY(need({"clean", "-ffdxq"}, "git clean"));
    if (order_.lfs == GitOrder::Lfs::yes) TRY(need({"lfs", "pull", order_.remote}, "git lfs"));
    if (order_.submodules == GitOrder::Submodules::no) return {};
    Words update = {"submodule", "update", "--init"};
    if (order_.submodules == GitOrder::Submodules::recursive) update.emplace_back("--recursive");
    TRY(need(update, "git submodule update"));
    return {};
  }

  /// LocalBranch without a name, or with **: that of the branch.
  std::string local_branch() const {
    if (!order_.local_branch) return {};
    const auto name = expand(*order_.local_branch, context_);
    if (!name.empty() && name != "**") return name;
    if (order_.branches.empty()) return {};
    const auto branch = expand(order_.branches[0], context_);
    return branch.substr(branch.rfind('/') + 1);
  }

  const GitOrder& order_;
  StepContext& step_;
  Context& context_;
  std::string directory_;
  std::string local_;
};

/// What git asks for the user and the password.
constexpr std::string_view ask_script =
    "#!/bin/sh\n"
    "case \"$1\" in\n"
    "Username*) printf '%s\\n' \"$CUPEL_GIT_USERNAME\" ;;\n"
    "*) printf '%s\\n' \"$CUPEL_GIT_PASSWORD\" ;;\n"
    "esac\n";

/// Runs `body` so that git finds the credential.
Outcome<Value> with_git_credentials(const GitOrder& order, StepContext& step, Context& inner,
                                    const ContextBody& body) {
  if (order.credentials.empty()) return body(inner);
  CredentialBinding binding;
  binding.id = order.credentials;
  const auto tag = fmt::format("git-{}", step.id().ordinal);
  auto* store = step.services().credentials;
  const auto known = store ? store->find(order.credentials) : Result<Credential>(SecretText{});
  const bool key = known && std::holds_alternative<SshUserPrivateKey>(*known);
  if (key) {
    binding.kind = CredentialBinding::Kind::ssh_key;
    binding.key_file_variable = "CUPEL_GIT_KEY";
  } else {
    binding.kind = CredentialBinding::Kind::username_password;
    binding.username_variable = "CUPEL_GIT_USERNAME";
    binding.password_variable = "CUPEL_GIT_PASSWORD";
  }
  return with_credentials({binding}, tag, inner, [&](Context& bound) -> Outcome<Value> {
    if (key) {
      bound.overrides["GIT_SSH_COMMAND"] =
          "ssh -o BatchMode=yes -o StrictHostKeyChecking=accept-new -o IdentitiesOnly=yes -i '" +
          bound.overrides["CUPEL_GIT_KEY"] + "'";
      return body(bound);
    }
    const auto directory = bound.node->workspace_tmp();
    const auto name = tag + "-ask.sh";
    auto pushed = push_text(bound.node->place(), directory, name, ask_script, 0700, bound.stop);
    if (!pushed) return tl::unexpected(step.failure(std::move(pushed.error())));
    bound.overrides["GIT_ASKPASS"] = directory + "/" + name;
    return body(bound);
  });
}

}  // namespace

Outcome<Value> check_out(GitOrder order, StepContext& context) {
  TRY(context.node());
  auto inner = context.inner();
  order.url = expand(order.url, inner);
  if (order.url.empty() || order.url.front() == '-' || order.url.find("::") != std::string::npos ||
      order.remote.starts_with('-'))
    return raise("hudson.AbortException", "git: '{}' is no remote of git", printable(order.url));
  for (const auto& refspec : split(order.refspec, ' '))
    if (refspec.starts_with('-'))
      return raise("hudson.AbortException", "git: '{}' is no refspec", printable(refspec));
  if (order.timeout_minutes)
    inner.stop = inner.stop.within(std::chrono::minutes(
        std::min<std::int64_t>(*order.timeout_minutes, std::int64_t{60} * 24 * 365)));
  const auto directory =
      order.directory.empty() ? context.directory() : TRY(context.resolve(order.directory));
  return with_git_credentials(order, context, inner, [&](Context& bound) {
    return Checkout(order, context, bound, directory).run();
  });
}

}  // namespace cupel::pipeline::steps
