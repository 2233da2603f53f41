// A node and its witnesses, each in a process and folder of its own: what is published meets the
// policy while enough of them run, and a node that shows another tree gets neither their
// cosignatures nor its clients.
#include <gtest/gtest.h>

#include <fstream>

#include "client/evidence.h"
#include "client/memory.h"
#include "client/trust.h"
#include "ledger/base/text.h"
#include "ledger/os/files.h"
#include "tests/e2e/running_node.h"
#include "tests/support/node_process.h"
#include "tests/support/witness_process.h"

namespace suyuan::test {
namespace {

using suyuan::testing::WitnessProcess;

constexpr auto kPatience = std::chrono::seconds(30);

class Witnessing : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(run_program({SUYUAN_NODE_PROGRAM, "init", "--data", data(), "--origin",
                           "test.example/log"}),
              0);
    ledger_ = load_pinned(data() + "/genesis.leaf").value();
    const NoteKey log = {.name = ledger_->genesis.origin, .key = ledger_->genesis.log_key};
    std::string policy = "log " + write_note_key(log) + "\n";
    for (const std::string name : {"a", "b", "c"}) {
      const auto key = make_witness(folder(name), "witness.example/" + name);
      ASSERT_TRUE(key);
      ASSERT_TRUE(watch_log(folder(name), write_note_key(log)));
      witnesses_.push_back(std::make_unique<WitnessProcess>(folder(name)));
      policy += "witness " + name + " " + write_note_key(*key) + " " +
                witnesses_.back()->url() + "\n";
    }
    policy += "group two 2 a b c\nquorum two\n";
    policy_ = parse_policy(policy).value();
    ASSERT_TRUE(write_file(folder_.path() + "/policy", policy, FileMode::shared));
  }

  std::string folder(const std::string& name) const { return folder_.path() + "/" + name; }
  std::string data() const { return folder("node"); }
  std::unique_ptr<NodeProcess> start(const std::string& of) const {
    return std::make_unique<NodeProcess>(
        SUYUAN_NODE_PROGRAM, of, std::vector<std::string>{},
        std::vector<std::string>{"--policy", folder("policy"), "--seal-interval-ms", "1"});
  }
  // As a dishonest operator does: an honest node asks its witnesses at its start, and ends where
  // they know more. They are away while it starts.
  std::unique_ptr<NodeProcess> start_unasked(const std::string& of) {
    // It serves where none of them answers in time: then it is started once more.
    constexpr int kTimedOut = 124;
    int ended = kTimedOut;
    for (int i = 0; i < 3 && ended == kTimedOut; ++i) {
      ended = run_program({"timeout", "20", SUYUAN_NODE_PROGRAM, "serve", "--data", of, "--rpc",
                           "127.0.0.1:0", "--http", "127.0.0.1:0", "--policy", folder("policy")});
    }
    EXPECT_EQ(ended, 3);
    std::vector<uint16_t> ports;
    for (auto& witness : witnesses_) {
      ports.push_back(witness->port());
      witness.reset();
    }
    auto node = start(of);
    const std::string names = "abc";
    for (size_t i = 0; i < ports.size(); ++i) {
      witnesses_[i] = std::make_unique<WitnessProcess>(folder(names.substr(i, 1)), ports[i]);
    }
    return node;
  }
  // The newest checkpoint of a node, once it covers `least` leaves.
  CheckpointProof newest(const NodeProcess& node, uint64_t least, uint64_t old_size = 0) const {
    const auto connection = Connection::open({.node = node.rpc_address()});
    EXPECT_TRUE(connection);
    const auto give_up = std::chrono::steady_clock::now() + kPatience;
    while (std::chrono::steady_clock::now() < give_up) {
      auto answer = (*connection)->checkpoint(old_size);
      if (answer.value && answer.head.size >= least) return *std::move(answer.value);
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ADD_FAILURE() << "no checkpoint of " << least << " leaves";
    return {};
  }
  // Something new in the log, so that it is sealed again.
  void grow(const NodeProcess& node, const std::string& of, const std::string& party) const {
    const std::string key = folder(party + ".key");
    const std::vector<std::string> common = {"--node", node.rpc_address(), "--genesis",
                                             of + "/genesis.leaf"};
    std::vector<std::string> keygen = {SUYUAN_PROGRAM, "keygen", party, "--out", key};
    std::vector<std::string> enter = {SUYUAN_PROGRAM, "register", "--key",  key,    "--name",
                                      party,          "--role",   "producer", "--out",
                                      folder(party + ".request.json")};
    std::vector<std::string> approve = {SUYUAN_PROGRAM, "approve",
                                        folder(party + ".request.json"), "--key",
                                        of + "/keys/registrar.key"};
    for (auto* command : {&enter, &approve}) {
      command->insert(command->end(), common.begin(), common.end());
    }
    ::setenv("XDG_CONFIG_HOME", folder("config-" + party).c_str(), 1);
    ASSERT_EQ(run_program(keygen), 0);
    ASSERT_EQ(run_program(enter), 0);
    ASSERT_EQ(run_program(approve), 0);
  }
  // Its newest checkpoint, once it has grown and so many have signed. A witness may be late, since
  // it is not waited for long: then the node grows again.
  CheckpointProof grow_until_signed(const NodeProcess& node, const std::string& of,
                                    const std::string& party, size_t signers,
                                    uint64_t old_size = 0) const {
    const auto give_up = std::chrono::steady_clock::now() + kPatience;
    CheckpointProof shown = newest(node, 2);
    for (int i = 0; !shown.note.empty() && std::chrono::steady_clock::now() < give_up; ++i) {
      const uint64_t before = size_of(shown.note);
      grow(node, of, party + std::to_string(i));
      shown = newest(node, before + 2, old_size);  // the party and the seal
      if (!shown.note.empty() && cosigners(shown.note) >= signers) return shown;
    }
    ADD_FAILURE() << "no checkpoint that " << signers << " have signed";
    return shown;
  }
  static uint64_t size_of(const std::string& note) {
    return parse_checkpoint(split_note(note)->text)->head.size;
  }
  size_t cosigners(const std::string& note) const {
    const auto split = split_note(note);
    return verify_lines(*split, witness_keys(policy_))->size();
  }

  TempFolder folder_;
  std::optional<PinnedLedger> ledger_;
  Policy policy_;
  std::vector<std::unique_ptr<WitnessProcess>> witnesses_;
};

TEST_F(Witnessing, TwoOfThreeAreEnoughAndOneIsNot) {
  const auto node = start(data());
  const auto all = grow_until_signed(*node, data(), "one", 3);
  EXPECT_EQ(cosigners(all.note), 3U);
  EXPECT_TRUE(accept_checkpoint(all.note, policy_));
  // A reader skips the line of nobody.
  EXPECT_NE(all.note.find("grease.invalid/"), std::string::npos);

  witnesses_[0].reset();
  const auto two = grow_until_signed(*node, data(), "two", 2, size_of(all.note));
  EXPECT_EQ(cosigners(two.note), 2U);
  EXPECT_TRUE(check_shown(all.note, two, policy_)) << "a proof from the older one comes along";

  witnesses_[1].reset();
  const auto one = grow_until_signed(*node, data(), "three", 1);
  const auto refused = accept_checkpoint(one.note, policy_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, CheckpointFault::quorum_missing);
}

// A second ledger with the same keys: an old copy of the folder that grew another way.
TEST_F(Witnessing, AnotherTreeGetsNoCosignatureAndNoClient) {
  {
    const auto node = start(data());
    newest(*node, 2);
    node->end(SIGTERM);
  }
  std::filesystem::copy(data(), folder("copy"), std::filesystem::copy_options::recursive);
  const Memory memory(folder("checkpoint"));
  const auto ask = [](const NodeProcess& node) {
    return [&node](uint64_t old_size) {
      return (*Connection::open({.node = node.rpc_address()}))->checkpoint(old_size);
    };
  };
  {
    const auto node = start(data());
    grow_until_signed(*node, data(), "one", 2);
    ASSERT_TRUE(memory.meet(policy_, ask(*node)));
    node->end(SIGTERM);
  }
  const auto copy = start_unasked(folder("copy"));
  // It goes back.
  const auto back = memory.meet(policy_of_log(ledger_->id.origin, ledger_->genesis.log_key),
                                ask(*copy));
  ASSERT_FALSE(back);
  ASSERT_TRUE(back.error().evidence) << back.error().error.message;
  EXPECT_EQ(back.error().evidence->kind, EvidenceKind::rollback);
  // It grows another way: the witnesses do not follow, and the client neither.
  const uint64_t seen = memory.newest_size();
  for (uint64_t size = size_of(newest(*copy, 2).note); size < seen; size += 2)
    grow(*copy, folder("copy"), "other" + std::to_string(size));
  const auto other = newest(*copy, seen);
  EXPECT_EQ(cosigners(other.note), 0U);
  EXPECT_FALSE(memory.meet(policy_, ask(*copy)));
  const auto split = memory.meet(policy_of_log(ledger_->id.origin, ledger_->genesis.log_key),
                                 ask(*copy));
  ASSERT_FALSE(split);
  ASSERT_TRUE(split.error().evidence);
  EXPECT_EQ(split.error().evidence->kind, EvidenceKind::split);
  const auto kept = keep_evidence_file(folder("evidence"), *split.error().evidence);
  ASSERT_TRUE(kept);
  const auto finding = judge_evidence(parse_evidence(read_file(*kept, 1 << 20).value()).value(),
                                      policy_, *ledger_);
  EXPECT_EQ(finding.weight, EvidenceWeight::proves);
}

// The whole program: the same refusal at a command line, with its exit code and its file.
TEST_F(Witnessing, ACommandRefusesANodeThatGoesBack) {
  {
    const auto node = start(data());
    newest(*node, 2);
    node->end(SIGTERM);
  }
  std::filesystem::copy(data(), folder("copy"), std::filesystem::copy_options::recursive);
  ::setenv("XDG_CONFIG_HOME", folder("config").c_str(), 1);
  const auto command = [this](const NodeProcess& node, const std::string& what) {
    return run_program({SUYUAN_PROGRAM, "--node", node.rpc_address(), "--policy",
                        folder("policy"), what});
  };
  {
    const auto node = start(data());
    ASSERT_EQ(command(*node, "trust"), 0);
    grow_until_signed(*node, data(), "one", 2);
    ::setenv("XDG_CONFIG_HOME", folder("config").c_str(), 1);
    EXPECT_EQ(command(*node, "parties"), 0);
    node->end(SIGTERM);
  }
  const auto copy = start_unasked(folder("copy"));
  EXPECT_EQ(command(*copy, "parties"), 4);
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder("config/suyuan/evidence"))) {
    EXPECT_EQ(run_program({SUYUAN_PROGRAM, "verify", entry.path().string()}), 4);
    ++files;
  }
  EXPECT_EQ(files, 1U);
}

}  // namespace
}  // namespace suyuan::test
