// SPDX-License-Identifier: Apache-2.0
#include "base/json.hpp"
#include "base/text.hpp"
#include "pipeline/interpreter/outbox.hpp"
#include "pipeline/steps/makers.hpp"
#include "pipeline/steps/notify.hpp"
#include "pipeline/steps/signatures.hpp"

namespace cupel::pipeline::steps {

Outcome<void> notify(const Notification& notification, StepContext& context) {
  json::Object more;
  for (const auto& [name, value] : notification.more) more.emplace_back(name, context.hide(value));
  const json::Object line = {{"step", notification.step},
                             {"to", context.hide(notification.to)},
                             {"subject", context.hide(notification.subject)},
                             {"text", context.hide(notification.text)},
                             {"arguments", std::move(more)}};
  TRY(context.files().append_artifact("notifications.jsonl", json::write(line) + "\n"));
  auto* outbox = context.services().outbox;
  auto sent = outbox ? outbox->send(notification, context.stop())
                     : Result<Outbox::Sent>(Outbox::Sent::not_configured);
  // A message that does not arrive is no failure of the pipeline, as in Jenkins.
  if (!sent) {
    if (context.stop().requested()) return tl::unexpected(context.failure(std::move(sent.error())));
    context.print("ERROR: " + notification.step + ": " + sent.error().text());
    context.files().add_remark("Notification by " + notification.step + ": failed to send");
  } else if (*sent == Outbox::Sent::not_configured) {
    context.print(notification.step + ": recorded in notifications.jsonl, not sent");
    context.files().add_remark("Notification by " + notification.step + ": recorded, not sent");
  } else {
    context.files().add_remark("Notification by " + notification.step + ": sent");
  }
  return {};
}

namespace {

/// How one notifier is called.
struct Form {
  const char* name;
  const char* unnamed;  ///< "" if all arguments have names
  const char* text;     ///< the parameter that holds the message
  const char* to;       ///< ... whom or where it goes; may be ""
  const char* subject;  ///< ... may be ""
  const char* about;
  const char* others = nullptr;  ///< all further names, by blanks; null: any
};

constexpr std::array forms = {
    Form{"mail", "", "body", "to", "subject", "Sends a mail",
         "bcc cc charset from mimeType replyTo"},
    Form{"emailext", "", "body", "to", "subject", "Sends a mail (Email Extension)",
         "attachLog attachmentsPattern compressLog from mimeType postsendScript presendScript "
         "recipientProviders replyTo saveOutput"},
    Form{"slackSend", "message", "message", "channel", "", "Sends a message to Slack",
         "attachments baseUrl blocks botUser color failOnError iconEmoji notifyCommitters "
         "sendAsText teamDomain timestamp token tokenCredentialId username"},
    Form{"slackUploadFile", "filePath", "initialComment", "channel", "", "Sends a file to Slack"},
    Form{"hipchatSend", "message", "message", "room", "", "Sends a message to HipChat"},
    Form{"mattermostSend", "message", "message", "channel", "", "Sends a message to Mattermost"},
    Form{"rocketSend", "message", "message", "channel", "", "Sends a message to Rocket.Chat"},
    Form{"office365ConnectorSend", "webhookUrl", "message", "webhookUrl", "",
         "Sends a card to Microsoft Teams"},
    Form{"googlechatNotification", "url", "message", "url", "", "Sends a message to Google Chat"},
    Form{"discordSend", "webhookURL", "description", "webhookURL", "title",
         "Sends a message to Discord"},
    Form{"telegramSend", "message", "message", "chatId", "", "Sends a message to Telegram"},
    Form{"githubNotify", "", "description", "context", "status", "Sets a commit's state at GitHub"},
    Form{"setGitHubPullRequestStatus", "", "message", "context", "state",
         "Sets a pull request's state at GitHub"},
    Form{"updateGitlabCommitStatus", "", "state", "name", "", "Sets a commit's state at GitLab"},
    Form{"addGitLabMRComment", "comment", "comment", "", "", "Comments a merge request at GitLab"},
    Form{"bitbucketStatusNotify", "", "buildDescription", "buildKey", "buildState",
         "Sets a commit's state at Bitbucket"},
    Form{"publishChecks", "", "summary", "name", "title", "Publishes a check at GitHub"},
    Form{"jiraComment", "", "body", "issueKey", "", "Comments an issue in Jira"},
    Form{"jiraSendBuildInfo", "", "branch", "site", "", "Tells Jira of this build"},
    Form{"jiraSendDeploymentInfo", "", "environmentName", "site", "", "Tells Jira of a deployment"},
    Form{"jiraAddComment", "", "comment", "idOrKey", "", "Comments an issue in Jira"},
    Form{"notifyBitbucket", "", "buildStatus", "buildName", "",
         "Sets a commit's state at Bitbucket"},
    Form{"githubPRComment", "comment", "comment", "", "", "Comments a pull request at GitHub"},
    Form{"githubPRStatusPublisher", "", "statusMsg", "", "", "Sets a commit's state at GitHub"},
    Form{"zulipSend", "message", "message", "stream", "topic", "Sends a message to Zulip"},
    Form{"snsPublish", "", "message", "topicArn", "subject", "Sends a message to Amazon SNS"},
    Form{"influxDbPublisher", "", "customData", "selectedTarget", "", "Sends figures to InfluxDB"},
};

Parameters parameters_of(const Form& form) {
  Parameters parameters = {takes(form.text, Kind::any, "", "What it says")};
  if (*form.to) parameters.push_back(takes(form.to, Kind::any, "", "Whom or where it goes to"));
  if (*form.subject)
    parameters.push_back(takes(form.subject, Kind::any, "", "Its heading or state"));
  if (*form.unnamed && !std::any_of(parameters.begin(), parameters.end(),
                                    [&](const auto& one) { return one.name == form.unnamed; }))
    parameters.push_back(takes(form.unnamed, Kind::any, "", "Recorded as it is"));
  for (const auto& name : split(form.others ? form.others : "", ' '))
    if (!name.empty())
      parameters.push_back(takes(name, Kind::any, "", "Recorded as it is"));
  return parameters;
}

syntax::StepSignature signature_of(const Form& form) {
  auto signature = step(form.name, form.unnamed,
                        std::string(form.about) +
                            ": recorded in the artifact notifications.jsonl, and sent only where "
                            "[notify] of cupel.toml says how",
                        parameters_of(form));
  signature.open = form.others == nullptr;
  return signature;
}

class Notifier final : public SignedStep {
 public:
  explicit Notifier(const Form& form) : SignedStep(signature_of(form)), form_(form) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    Notification notification;
    notification.step = form_.name;
    for (const auto& [name, value] : arguments.all()) {
      if (value.is_null()) continue;
      auto text = TRY(Outcome<std::string>(to_text(value)));
      if (name == form_.text)
        notification.text = std::move(text);
      else if (name == form_.to)
        notification.to = std::move(text);
      else if (name == form_.subject)
        notification.subject = std::move(text);
      else
        notification.more[name] = std::move(text);
    }
    TRY(notify(notification, context));
    return answer(notification);
  }

 private:
  /// slackSend gives an object that pipelines ask for the thread.
  Outcome<Value> answer(const Notification& notification) const {
    if (std::string_view(form_.name) != "slackSend") return Value();
    auto map = std::make_shared<Map>();
    TRY(Outcome<void>(map->put(Value("channelId"), Value(notification.to))));
    TRY(Outcome<void>(map->put(Value("threadId"), Value())));
    TRY(Outcome<void>(map->put(Value("ts"), Value())));
    return Value(std::move(map));
  }

  const Form& form_;
};

/// gitlabCommitStatus('build') { ... }: tells how its body went.
class AroundBody final : public SignedStep {
 public:
  AroundBody(const char* name, const char* parameter, const char* about)
      : SignedStep(own_signature(name, parameter, about)) {}

  Outcome<Value> run(const Arguments& arguments, StepContext& context) const override {
    const auto& own = signature();
    Notification notification;
    notification.step = own.name;
    if (const auto* name = arguments.find(own.default_parameter))
      notification.to = TRY(Outcome<std::string>(to_text(*name)));
    auto inner = context.inner();
    auto result = context.run_body(inner);
    notification.text = result ? "success" : "failed";
    TRY(context.recorded(own.name + " end", Replay::once, [&](StepContext& end) -> Outcome<Value> {
      TRY(notify(notification, end));
      return Value();
    }));
    return result;
  }

 private:
  static syntax::StepSignature own_signature(const char* name, const char* parameter,
                                             const char* about) {
    auto made = block(name, parameter,
                      std::string(about) + ": recorded in the artifact notifications.jsonl",
                      {takes(parameter, Kind::any, "", "What the state is called")});
    made.open = true;
    return made;
  }
};

}  // namespace

void add_notifiers(std::vector<std::unique_ptr<Step>>& steps) {
  for (const auto& form : forms) steps.push_back(std::make_unique<Notifier>(form));
  steps.push_back(std::make_unique<AroundBody>("gitlabCommitStatus", "name",
                                               "Sets a commit's state at GitLab by its body"));
  steps.push_back(std::make_unique<AroundBody>("gitlabBuilds", "builds",
                                               "Sets commits' states at GitLab by its body"));
  steps.push_back(std::make_unique<AroundBody>("gitStatusWrapper", "gitHubContext",
                                               "Sets a commit's state at GitHub by its body"));
  steps.push_back(
      std::make_unique<AroundBody>("withChecks", "name", "Publishes a check by its body"));
}

}  // namespace cupel::pipeline::steps
