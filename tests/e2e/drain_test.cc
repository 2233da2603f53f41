// SIGTERM to a node at work: every batch is answered with a receipt that holds after the restart,
// or is not in the ledger.
#include <capnp/ez-rpc.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <condition_variable>
#include <csignal>
#include <map>
#include <mutex>
#include <thread>

#include "client/connection.h"
#include "client/keys.h"
#include "client/trust.h"
#include "ledger/batch/sign.h"
#include "ledger/os/files.h"
#include "node/folder/init.h"
#include "proto/ledger.capnp.h"
#include "proto/registry_codec.h"
#include "proto/rpc_codec.h"
#include "tests/e2e/running_node.h"
#include "tests/support/full_disk.h"
#include "tests/support/node_process.h"

namespace suyuan::test {
namespace {

constexpr size_t kInFlight = 64;
constexpr size_t kBeforeTheSignal = 200;

// Registers a party, in a batch of its own.
Submission registration(const LedgerId& ledger, const NamedKeyPair& registrar, size_t number) {
  const RegistryEvent act = RegisterParty{
      .party = {.id = "p" + std::to_string(number), .name = "A party", .roles = {Role::seller}},
      .keys = {}};
  std::vector<UnsignedEvent> events = {
      {.body = {.salt = random_fixed<Salt>(), .payload = encode_registry(act)},
       .codes = {code_of(act)}}};
  return *sign_batch(ledger, PayloadType::registry_capnp, std::move(events), 4'000'000'000'000,
                     random_fixed<Nonce>(), signer_of(registrar));
}

Hash id_of(const Submission& submission) {
  return batch_id(parse_batch_note(submission.note)->note.text);
}

// A client that registers parties without end, one in each batch, until the node is gone.
class Sender {
 public:
  Sender(LedgerId ledger, const NamedKeyPair& registrar)
      : ledger_(std::move(ledger)), registrar_(registrar) {}

  void run(const std::string& address) {
    auto connection = Connection::open({.node = address});
    SUYUAN_CHECK(connection.has_value());
    const auto next = [this]() -> std::optional<Outgoing> {
      if (refused_) return std::nullopt;
      auto submission = registration(ledger_, registrar_, number_);
      sent_.emplace(number_, id_of(submission));
      return Outgoing{.number = number_++, .submission = std::move(submission)};
    };
    const auto done = [this](const Outgoing& outgoing,
                             SubmitAnswer answer) -> std::optional<uint32_t> {
      const std::lock_guard lock(mutex_);
      if (answer.outcome)
        answered_.emplace(sent_.at(outgoing.number), *answer.outcome);
      else
        refused_ = answer.outcome.error().front();
      changed_.notify_one();
      return std::nullopt;
    };
    // UNAVAILABLE where the node closed the connection first.
    static_cast<void>((*connection)->submit_many({.next = next, .done = done}, kInFlight));
  }
  void wait_for_answers(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return answered_.size() >= count || refused_.has_value(); });
  }
  // After run() has returned.
  const std::map<size_t, Hash>& sent() const { return sent_; }
  const std::map<Hash, BatchReceipt>& answered() const { return answered_; }
  const std::optional<Error>& refused() const { return refused_; }  // the last that was

 private:
  const LedgerId ledger_;
  const NamedKeyPair& registrar_;
  size_t number_ = 0;
  std::map<size_t, Hash> sent_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::map<Hash, BatchReceipt> answered_;
  std::optional<Error> refused_;
};

const std::vector<std::string> kWithoutSeals = {"--seal-interval-ms", "0"};

// Made by the node program in a folder of its own.
class NewLedger {
 public:
  const TempFolder folder;
  const std::string data = made_in(folder.path() + "/node");
  const LedgerId id = pinned_from_leaf(*read_file(DataFolder{data}.genesis(), 1 << 14))->id;
  const NamedKeyPair registrar =
      *load_key(DataFolder{data}.authority_key("registrar"),
                [](const std::string&) { return std::string(); });

 private:
  static std::string made_in(std::string data) {
    SUYUAN_CHECK(run_program({SUYUAN_NODE_PROGRAM, "init", "--data", data}) == 0);
    return data;
  }
};

TEST(Drain, SigtermLosesNoAnswer) {
  const NewLedger ledger;
  const std::string& data = ledger.data;
  // Without seals, so that each leaf behind genesis is a batch.
  NodeProcess first(SUYUAN_NODE_PROGRAM, data, {}, kWithoutSeals);
  Sender sender(ledger.id, ledger.registrar);
  std::thread sending([&] { sender.run(first.rpc_address()); });
  sender.wait_for_answers(kBeforeTheSignal);
  const int status = first.end(SIGTERM);
  sending.join();
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "wait status " << status;
  EXPECT_GE(sender.answered().size(), kBeforeTheSignal);
  if (sender.refused()) {
    EXPECT_EQ(sender.refused()->code, Code::STOPPING);
  }

  NodeProcess second(SUYUAN_NODE_PROGRAM, data, {}, kWithoutSeals);
  const auto connection = Connection::open({.node = second.rpc_address()});
  ASSERT_TRUE(connection);
  EXPECT_EQ((*connection)->status().head.size, 1 + sender.answered().size());
  for (const auto& [number, id] : sender.sent()) {
    const auto found = (*connection)->receipt(id);
    const auto answered = sender.answered().find(id);
    EXPECT_EQ(found.value.has_value(), answered != sender.answered().end()) << "batch " << number;
    if (!found.value || answered == sender.answered().end()) continue;
    EXPECT_EQ(found.value->note, answered->second.note);
    EXPECT_EQ(found.value->path, answered->second.path);
  }
  EXPECT_EQ(WEXITSTATUS(second.end(SIGTERM)), 0);
}

// One call of many batches after the other, none of them waited for.
class CallsUnderWay {
 public:
  CallsUnderWay(const NewLedger& ledger, const std::string& address)
      : ledger_(ledger), client_(address) {}

  void send(size_t calls) {
    for (size_t i = 0; i < calls; ++i) {
      auto request = client_.getMain<wire::Ledger>().submitManyRequest();
      auto list = request.initSubmissions(kOfCall);
      for (unsigned k = 0; k < kOfCall; ++k) {
        const auto one = registration(ledger_.id, ledger_.registrar, ids_.size());
        ids_.push_back(id_of(one));
        to_wire(one, list[k]);
      }
      calls_.push_back(request.send());
    }
  }
  // The node has read what was sent: calls of one connection arrive in order.
  void wait_until_read() {
    client_.getMain<wire::Ledger>().statusRequest().send().wait(client_.getWaitScope());
  }
  // Of each batch in turn; nullopt: the connection ended before its call was answered.
  std::vector<std::optional<SubmitAnswer>> answers() {
    std::vector<std::optional<SubmitAnswer>> all;
    for (size_t i = 0; i < calls_.size(); ++i) {
      kj::runCatchingExceptions([&] {
        const auto response = calls_[i].wait(client_.getWaitScope());
        for (const auto one : response.getAnswers()) all.emplace_back(from_wire(one));
      });
      all.resize((i + 1) * kOfCall);
    }
    return all;
  }
  const std::vector<Hash>& ids() const { return ids_; }

  static constexpr unsigned kOfCall = 64;

 private:
  const NewLedger& ledger_;
  capnp::EzRpcClient client_;
  std::vector<Hash> ids_;
  std::vector<capnp::RemotePromise<wire::Ledger::SubmitManyResults>> calls_;
};

TEST(Drain, SigtermInTheMiddleOfCallsOfManyAnswersEachBatchOfThoseThatWereRead) {
  constexpr size_t kReadBefore = 6;
  constexpr size_t kSentAfter = 6;
  const NewLedger ledger;
  NodeProcess first(SUYUAN_NODE_PROGRAM, ledger.data, {}, kWithoutSeals);
  std::vector<Hash> ids;
  std::vector<std::optional<SubmitAnswer>> answers;
  {
    CallsUnderWay calls(ledger, first.rpc_address());
    calls.send(kReadBefore);
    calls.wait_until_read();
    ASSERT_EQ(::kill(first.pid(), SIGTERM), 0);
    calls.send(kSentAfter);
    answers = calls.answers();
    ids = calls.ids();
  }
  const int status = first.wait();
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "wait status " << status;

  NodeProcess second(SUYUAN_NODE_PROGRAM, ledger.data, {}, kWithoutSeals);
  const auto connection = Connection::open({.node = second.rpc_address()});
  ASSERT_TRUE(connection);
  ASSERT_EQ(answers.size(), ids.size());
  size_t taken = 0;
  for (size_t i = 0; i < ids.size(); ++i) {
    const auto found = (*connection)->receipt(ids[i]);
    const bool has_receipt = answers[i] && answers[i]->outcome;
    EXPECT_EQ(found.value.has_value(), has_receipt) << i;
    if (i < kReadBefore * CallsUnderWay::kOfCall) {
      EXPECT_TRUE(has_receipt) << i;
    }
    if (has_receipt) {
      ++taken;
      ASSERT_TRUE(found.value) << i;
      EXPECT_EQ(found.value->note, answers[i]->outcome->note) << i;
    } else if (answers[i]) {
      EXPECT_EQ(answers[i]->outcome.error().front().code, Code::STOPPING) << i;
    }
  }
  EXPECT_EQ((*connection)->status().head.size, 1 + taken);
}

TEST(Drain, ANodeThatCouldNotWriteEndsByItselfAndSaysSoByItsExitCode) {
  const NewLedger ledger;
  NodeProcess node(SUYUAN_NODE_PROGRAM, ledger.data);
  Sender sender(ledger.id, ledger.registrar);
  {
    const FullDisk full(node.pid());
    sender.run(node.rpc_address());
    EXPECT_TRUE(sender.answered().empty());
    const auto connection = Connection::open({.node = node.rpc_address()});
    ASSERT_TRUE(connection);
    const auto status = (*connection)->status();
    ASSERT_TRUE(status.value);
    EXPECT_NE(status.value->read_only, "");
  }
  const int status = node.end(SIGTERM);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 1) << "wait status " << status;

  NodeProcess again(SUYUAN_NODE_PROGRAM, ledger.data);
  EXPECT_EQ(WEXITSTATUS(again.end(SIGTERM)), 0);
}

}  // namespace
}  // namespace suyuan::test
