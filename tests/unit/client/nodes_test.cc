// The authorities' notice about nodes, from the command line to what a reader pins.
#include "client/command/command.h"
#include "client/keys.h"
#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/os/files.h"
#include "tests/unit/client/support.h"

namespace suyuan {
namespace {

class NodesCommand : public ::testing::Test {
 protected:
  NodesCommand() {
    const Genesis genesis{.origin = "example.org/trace",
                          .log_key = test::fixed_key(1).key,
                          .nodes = {{.name = "node-1", .key = test::node_key().key}},
                          .authorities = {{.name = "customs", .key = key("customs")},
                                          {.name = "registrar", .key = key("registrar")}},
                          .quorum = 2};
    EXPECT_TRUE(write_file(leaf(), write_leaf(LeafKind::genesis, 1'000, *write_genesis(genesis)),
                           FileMode::shared));
  }
  std::string leaf() const { return folder_.file("genesis.leaf"); }
  PublicKey key(const std::string& name) const {
    const auto made = make_key_file(folder_.file(name + ".key"), name, "");
    EXPECT_TRUE(made);
    return *made;
  }
  int run(std::vector<std::string> words) {
    words.insert(words.begin(), {"suyuan", "--genesis", leaf(), "nodes"});
    std::vector<const char*> arguments;
    for (const auto& word : words) arguments.push_back(word.c_str());
    ::testing::internal::CaptureStdout();
    const int code = run_program(static_cast<int>(arguments.size()), arguments.data());
    said_ = ::testing::internal::GetCapturedStdout();
    return code;
  }
  bool said(const std::string& what) const { return said_.find(what) != std::string::npos; }
  int make(const std::string& file, std::vector<std::string> more, const std::string& by) {
    more.insert(more.begin(), {"make", folder_.file(file), "--key", folder_.file(by + ".key")});
    return run(more);
  }
  int sign(const std::string& file, const std::string& by) {
    return run({"sign", folder_.file(file), "--key", folder_.file(by + ".key"), "--yes"});
  }
  std::string text(const std::string& file) const {
    const auto text = read_file(folder_.file(file), limits::kNoteBytesMax);
    return text ? *text : std::string();
  }
  std::string second() const {
    return "node-2=" + to_base64(test::fixed_key(7).key.view());
  }
  const test::Folder folder_;
  std::string said_;
};

TEST_F(NodesCommand, OneMakesTheFileOthersSignItAndAReaderPinsIt) {
  ASSERT_EQ(make("a.note", {"--add", second()}, "registrar"), 0);
  const auto alone = with_rules(load_pinned(leaf()).value(), text("a.note"));
  ASSERT_FALSE(alone);
  EXPECT_EQ(alone.error().code, Code::SIGNATURE_LINES) << "two must sign";
  ASSERT_EQ(sign("a.note", "customs"), 0);
  EXPECT_NE(sign("a.note", "customs"), 0) << "each once";
  EXPECT_EQ(run({"show", folder_.file("a.note")}), 0);

  ASSERT_TRUE(write_file(rules_path(leaf()), text("a.note"), FileMode::shared));
  const auto pinned = load_pinned(leaf());
  ASSERT_TRUE(pinned);
  EXPECT_EQ(pinned->rules.number, 1U);
  ASSERT_EQ(pinned->genesis.nodes.size(), 2U);
  EXPECT_EQ(pinned->genesis.nodes[1].name, "node-2");
  EXPECT_EQ(pinned->id, pinned_from_leaf(pinned->leaf)->id) << "it is the same ledger";

  ASSERT_EQ(make("b.note", {"--remove", "node-1", "--next-rules"}, "customs"), 0);
  const auto next = parse_rules_notice(text("b.note"));
  ASSERT_TRUE(next);
  EXPECT_EQ(next->rules.number, 2U) << "the next after the one that is pinned";
  EXPECT_EQ(next->rules.version, 2U);
  EXPECT_EQ(next->rules.nodes.size(), 1U);
}

TEST_F(NodesCommand, WhoSignsIsShownFirstWhatItChangesAndWhoseSignaturesAreGood) {
  ASSERT_EQ(make("a.note", {"--add", second(), "--days", "3"}, "registrar"), 0);
  (void)key("stranger");
  ASSERT_EQ(sign("a.note", "stranger"), 0);
  const std::string before = text("a.note");
  EXPECT_NE(run({"sign", folder_.file("a.note"), "--key", folder_.file("customs.key")}), 0);
  EXPECT_EQ(text("a.note"), before) << "nothing is signed without --yes";
  EXPECT_TRUE(said("new node") && said("node-2 ")) << said_;
  EXPECT_TRUE(said("to be posted by") && said("example.org/trace")) << said_;
  EXPECT_TRUE(said("stranger: not a key of the pinned genesis") && said("1 signed; 2 "
                                                                        "must")) << said_;

  ASSERT_EQ(make("b.note", {"--add", second(), "--remove", "node-1"}, "registrar"), 0);
  EXPECT_TRUE(said("node removed")) << said_;
  ASSERT_EQ(make("c.note", {"--add", "node-1=" + to_base64(test::fixed_key(7).key.view())},
                 "registrar"),
            0);
  EXPECT_TRUE(said("node, new key")) << said_;
}

TEST_F(NodesCommand, SaysWhatCannotBe) {
  EXPECT_NE(make("a.note", {"--remove", "node-9"}, "registrar"), 0) << "there is none";
  EXPECT_NE(make("a.note", {"--remove", "node-1"}, "registrar"), 0) << "none would be left";
  EXPECT_NE(make("a.note", {"--add", "node-2"}, "registrar"), 0) << "a key belongs to it";
  EXPECT_NE(make("a.note", {"--add", "node-2=" + to_base64(test::node_key().key.view())},
                 "registrar"),
            0)
      << "it is node-1's";
  EXPECT_FALSE(file_exists(folder_.file("a.note")));
}

TEST_F(NodesCommand, ANoticeOfAnotherLedgerOrThatTooFewSignedIsNotPinned) {
  const PinnedLedger pinned = load_pinned(leaf()).value();
  ASSERT_EQ(make("a.note", {"--add", second()}, "registrar"), 0);
  (void)key("stranger");
  ASSERT_EQ(sign("a.note", "stranger"), 0);
  const auto two = with_rules(pinned, text("a.note"));
  ASSERT_FALSE(two);
  EXPECT_EQ(two.error().code, Code::SIGNATURE_LINES) << "a stranger's counts nothing";
  ASSERT_EQ(sign("a.note", "customs"), 0);
  EXPECT_TRUE(with_rules(pinned, text("a.note"))) << "nor does it spoil those of others";
  EXPECT_EQ(with_rules(test::ledger(), text("a.note")).error().code, Code::LEDGER_MISMATCH);
}

}  // namespace
}  // namespace suyuan
