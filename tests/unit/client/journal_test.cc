#include "client/journal.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

#include "client/keys.h"
#include "ledger/os/files.h"
#include "tests/unit/client/support.h"

namespace suyuan {
namespace {

struct Signed {
  Hash content;
  Submission submission;
};

Signed signed_event(const std::string& serial) {
  const PinnedLedger pinned = test::ledger();
  const KeyPair key = test::fixed_key(9);
  auto sealed = seal_event(test::event(serial), "nz-mfr", test::counted_salts());
  EXPECT_TRUE(sealed);
  const Signer signer{.party = "nz-mfr", .secret = key.secret, .key = key.key};
  auto submission = sign_batch(pinned.id, PayloadType::event_capnp, {sealed->event}, 9'000,
                               Nonce{}, signer);
  EXPECT_TRUE(submission);
  return {sealed->content, *std::move(submission)};
}

class JournalFile : public ::testing::Test {
 protected:
  std::unique_ptr<Journal> open() {
    auto journal = Journal::open(path, pinned.id, "nz-mfr");
    EXPECT_TRUE(journal) << journal.error().message;
    return *std::move(journal);
  }
  void append_raw(const std::string& text) {
    const auto before = read_file(path, 1 << 20);
    ASSERT_TRUE(before && write_file(path, *before + text, FileMode::secret));
  }
  test::Folder folder;
  const std::string path = folder.file("events.json.suyuan-journal");
  const PinnedLedger pinned = test::ledger();
};

TEST_F(JournalFile, GivesBackABatchWithoutOutcomeAsItWasSigned) {
  const Signed one = signed_event("A1");
  ASSERT_TRUE(open()->add({one.content}, one.submission));
  const auto batches = open()->take_open();
  ASSERT_EQ(batches.size(), 1U);
  EXPECT_EQ(batches[0].submission, one.submission);
  EXPECT_EQ(batches[0].contents, (std::vector<Hash>{one.content}));
}

TEST_F(JournalFile, ForgetsNoAcknowledgedEvent) {
  const Signed one = signed_event("A1");
  {
    const auto journal = open();
    const auto number = journal->add({one.content}, one.submission);
    ASSERT_TRUE(number);
    ASSERT_TRUE(journal->settle(*number, test::receipt_of(pinned, one.submission.note)));
  }
  const auto journal = open();
  EXPECT_TRUE(journal->take_open().empty());
  EXPECT_TRUE(journal->take_known(one.content));
  EXPECT_FALSE(journal->take_known(one.content)) << "one event answers for one row";
}

TEST_F(JournalFile, LetsARefusedEventBePostedAgain) {
  const Signed one = signed_event("A1");
  {
    const auto journal = open();
    const auto number = journal->add({one.content}, one.submission);
    ASSERT_TRUE(number && journal->refuse(*number, Code::PARTY_UNKNOWN));
  }
  const auto journal = open();
  EXPECT_TRUE(journal->take_open().empty());
  EXPECT_FALSE(journal->take_known(one.content));
}

TEST_F(JournalFile, DropsALineThatACrashCutShort) {
  const Signed one = signed_event("A1");
  ASSERT_TRUE(open()->add({one.content}, one.submission));
  append_raw("batch 1 abc");
  EXPECT_EQ(open()->take_open().size(), 1U);
  const Signed two = signed_event("A2");
  ASSERT_TRUE(open()->add({two.content}, two.submission));
  EXPECT_EQ(open()->take_open().size(), 2U);
}

TEST_F(JournalFile, RefusesALineOfAnotherProgram) {
  open();
  append_raw("batch 7 x {}\n");
  const auto journal = Journal::open(path, pinned.id, "nz-mfr");
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().code, Code::CORRUPT);
}

TEST_F(JournalFile, RefusesTheJournalOfAnotherLedgerOrParty) {
  open();
  const auto other_party = Journal::open(path, pinned.id, "nz-lab");
  ASSERT_FALSE(other_party);
  EXPECT_EQ(other_party.error().code, Code::LEDGER_MISMATCH);
  EXPECT_FALSE(Journal::open(path, test::ledger("other.example/log").id, "nz-mfr"));
}

TEST_F(JournalFile, IsOpenToOneProgramAtATime) {
  const auto first = open();
  const auto second = Journal::open(path, pinned.id, "nz-mfr");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::BUSY);
}

TEST_F(JournalFile, IsReadableByItsOwnerAlone) {
  open();
  struct stat status {};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(JournalFile, IsSyncedBeforeAddReturns) {
  const Signed one = signed_event("A1");
  const auto journal = open();
  ASSERT_TRUE(journal->add({one.content}, one.submission));
  const auto text = read_file(path, 1 << 20);
  ASSERT_TRUE(text);
  EXPECT_NE(text->find("\nbatch 0 "), std::string::npos);
  EXPECT_TRUE(text->ends_with("\n"));
}

TEST_F(JournalFile, TakesNothingAfterALineThatTheDiskCutShort) {
  const Signed one = signed_event("A1");
  const Signed two = signed_event("A2");
  {
    const auto journal = open();
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit room{.rlim_cur = read_file(path, 1 << 20)->size() + 20,
                      .rlim_max = before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &room), 0);
    EXPECT_FALSE(journal->add({one.content}, one.submission));
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);  // The disk has room again.
    EXPECT_FALSE(journal->add({two.content}, two.submission));
  }
  const auto journal = open();
  EXPECT_TRUE(journal->take_open().empty());
  EXPECT_TRUE(journal->add({two.content}, two.submission));
}

}  // namespace
}  // namespace suyuan
