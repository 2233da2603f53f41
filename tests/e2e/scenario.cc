#include "tests/e2e/scenario.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "client/acts.h"
#include "client/seal.h"
#include "ledger/batch/sign.h"
#include "ledger/os/files.h"
#include "proto/event_codec.h"

namespace suyuan::test {
namespace {

constexpr size_t kFileBytesMax = 1 << 20;
constexpr uint64_t kFarFuture = 4'000'000'000'000;
constexpr int64_t kFirstDay = 1'780'000'000'000;  // 2026-05-28, before the first event

template <class T, class E>
T must(Expected<T, E> result) {
  if constexpr (std::is_same_v<E, Errors>) {
    for (size_t i = 0; !result && i < result.error().size(); ++i)
      ADD_FAILURE() << to_text(result.error()[i]);
  } else {
    if (!result) ADD_FAILURE() << to_text(result.error());
  }
  SUYUAN_CHECK(result.has_value());
  return std::move(result).value();
}

std::string text_of(const boost::json::value& value, const char* name) {
  return std::string(value.at(name).as_string());
}

}  // namespace

Scenario& Scenario::get() {
  static Scenario scenario;
  return scenario;
}

Scenario::Scenario() {
  const std::string data = std::string(SUYUAN_SOURCE_DIR) + "/tests/scenario";
  running_ = std::make_unique<RunningNode>(folder_.path(), kFirstDay, ServeOptions{});
  connection_ = must(Connection::open({.node = running_->rpc_address()}));
  register_all(data);
  post_all(data);
}

void Scenario::register_all(const std::string& data) {
  const auto no_passphrase = [](const std::string&) { return std::string(); };
  keys_.emplace("registrar", must(load_key(running_->registrar_key_file(), no_passphrase)));
  const std::string key_folder = folder_.path() + "/party-keys";
  must(make_folder(key_folder));
  const auto submissions =
      boost::json::parse(must(read_file(data + "/submissions.json", kFileBytesMax)));
  for (const auto& submission : submissions.as_array()) {
    const std::string party = text_of(submission, "party");
    const std::string path = key_folder + "/" + party + ".key";
    if (keys_.contains(party)) continue;
    must(make_key_file(path, party, ""));
    keys_.emplace(party, must(load_key(path, no_passphrase)));
  }
  for (const char* file : {"parties", "products", "sites"}) {
    auto acts =
        must(parse_acts(must(read_file(data + "/registry/" + file + ".json", kFileBytesMax))));
    must(add_keys_from(key_folder, running_->ledger().id, no_passphrase, acts));
    std::vector<UnsignedEvent> events;
    for (const auto& act : acts) events.push_back(must(seal_act(act, random_salt)).event);
    auto submission =
        must(sign_batch(running_->ledger().id, PayloadType::registry_capnp, std::move(events),
                        kFarFuture, random_fixed<Nonce>(), signer_of(keys_.at("registrar"))));
    must(connection_->submit(submission).outcome);
  }
}

void Scenario::post_all(const std::string& data) {
  const auto submissions =
      boost::json::parse(must(read_file(data + "/submissions.json", kFileBytesMax)));
  for (const auto& submission : submissions.as_array()) {
    running_->set_clock(from_rfc3339(text_of(submission, "recordedTime"))->ms);
    const auto events = must(read_file(data + "/" + text_of(submission, "file"), kFileBytesMax));
    const auto receipt = must(post(text_of(submission, "party"), events).outcome);
    EXPECT_TRUE(receipt.findings.empty())
        << text_of(submission, "id") << " is flagged: " << receipt.findings[0].reason;
  }
}

SubmitAnswer Scenario::post(const std::string& party, const std::string& events_json) {
  std::vector<JsonEvent> events;
  for (auto& row : parse_events(events_json)) events.push_back(must(std::move(row.event)));
  return post(party, std::move(events));
}

SubmitAnswer Scenario::post(const std::string& party, std::vector<JsonEvent> events) {
  std::vector<UnsignedEvent> sealed;
  for (auto& event : events)
    sealed.push_back(must(seal_event(std::move(event), party, random_salt)).event);
  const auto submission =
      must(sign_batch(running_->ledger().id, PayloadType::event_capnp, std::move(sealed),
                      kFarFuture, random_fixed<Nonce>(), signer_of(keys_.at(party))));
  return connection_->submit(submission);
}

std::set<std::string> Scenario::ids_of(const std::vector<EventView>& events) {
  std::set<std::string> ids;
  for (const auto& view : events) {
    const auto event = must(decode_event(view.payload));
    for (const auto& node : event.extensions) {
      if (node.name == "suyuan:scenario") ids.insert(node.value);
    }
  }
  return ids;
}

CodeQuestion Scenario::ask(const std::string& code, const std::string& at) {
  CodeQuestion question{.code = code};
  question.limit = 1000;
  if (!at.empty()) question.as_of.at_ms = from_rfc3339(at)->ms;
  return question;
}

}  // namespace suyuan::test
