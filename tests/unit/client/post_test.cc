#include "client/post.h"

#include "tests/unit/client/support.h"

namespace suyuan {
namespace {

// A ledger that answers as the test says.
class Posting : public ::testing::Test {
 protected:
  PostRow row(size_t number, const std::string& serial) {
    auto sealed = seal_event(test::event(serial), "nz-mfr", salts);
    EXPECT_TRUE(sealed);
    return {.row = number, .sealed = *std::move(sealed)};
  }
  std::vector<PostRow> rows(size_t count) {
    std::vector<PostRow> all;
    for (size_t i = 1; i <= count; ++i) all.push_back(row(i, "S" + std::to_string(i)));
    return all;
  }
  Poster poster(Journal& journal, std::vector<PostRow> all, PostRules rules = {}) {
    rules.until_ms = 9'000;
    return Poster({.ledger = pinned,
                   .signer = {.party = "nz-mfr", .secret = key.secret, .key = key.key},
                   .journal = journal,
                   .rules = rules,
                   .nonces =
                       [this] {
                         Nonce nonce;
                         nonce.data[0] = ++nonces;
                         return nonce;
                       }},
                  std::move(all));
  }
  std::unique_ptr<Journal> open() {
    auto journal = Journal::open(folder.file("journal"), pinned.id, "nz-mfr");
    EXPECT_TRUE(journal);
    return *std::move(journal);
  }
  SubmitAnswer taken(const Outgoing& out) {
    return {.head = {}, .outcome = test::receipt_of(pinned, out.submission.note)};
  }
  static SubmitAnswer refused(Code code, int32_t event) {
    return {.head = {},
            .outcome = Unexpected(Errors{{.code = code, .message = "no", .event = event}})};
  }

  test::Folder folder;
  const PinnedLedger pinned = test::ledger();
  const KeyPair key = test::fixed_key(9);
  SaltSource salts = test::counted_salts();
  uint8_t nonces = 0;
};

TEST_F(Posting, SplitsTheRowsIntoBatchesInTheirOrder) {
  const auto journal = Journal::none();
  Poster post = poster(*journal, rows(5), {.batch = 2});
  for (const size_t size : {2U, 2U, 1U}) {
    auto out = post.next();
    ASSERT_TRUE(out);
    EXPECT_EQ(out->submission.events.size(), size);
    EXPECT_EQ(post.done(*out, taken(*out)), std::nullopt);
  }
  EXPECT_FALSE(post.next());
  EXPECT_EQ(post.report().posted, 5U);
  EXPECT_EQ(post.report().batches, 3U);
  EXPECT_EQ(post.settled(), 5U);
}

TEST_F(Posting, PutsTheWholeFileIntoOneBatchOnRequest) {
  const auto journal = Journal::none();
  Poster post = poster(*journal, rows(5), {.batch = 2, .one_batch = true});
  const auto out = post.next();
  ASSERT_TRUE(out);
  EXPECT_EQ(out->submission.events.size(), 5U);
}

TEST_F(Posting, KeepsABatchWithinOneMebibyte) {
  std::vector<PostRow> all;
  for (size_t i = 1; i <= 3; ++i) {
    all.push_back(row(i, "S" + std::to_string(i)));
    for (size_t section = 0; section < 8; ++section) {
      all.back().sealed.event.body.sections.push_back(
          {.salt = {}, .bytes = std::string(64 << 10, 's')});
    }
  }
  const auto journal = Journal::none();
  Poster post = poster(*journal, std::move(all));
  size_t batches = 0;
  while (auto out = post.next()) {
    EXPECT_EQ(out->submission.events.size(), 1U);
    post.done(*out, taken(*out));
    ++batches;
  }
  EXPECT_FALSE(post.report().failed);
  EXPECT_EQ(batches, 3U);
}

TEST_F(Posting, PostsTheGoodRowsOfARefusedBatch) {
  const auto journal = Journal::none();
  Poster post = poster(*journal, rows(3));
  auto first = post.next();
  ASSERT_TRUE(first);
  post.done(*first, refused(Code::DUPLICATE_ID, 1));
  auto second = post.next();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->submission.events.size(), 2U);
  post.done(*second, taken(*second));
  EXPECT_FALSE(post.next());
  ASSERT_EQ(post.report().faults.size(), 1U);
  EXPECT_EQ(post.report().faults[0].row, 2U);
  EXPECT_EQ(post.report().posted, 2U);
  EXPECT_EQ(post.settled(), 3U);
}

TEST_F(Posting, WhatIsSaidToBeThereInABatchOfAnotherNoteIsKeptAndExplained) {
  const auto journal = Journal::none();
  for (const bool repeated : {true, false}) {
    Poster post = poster(*journal, rows(2));
    Poster other = poster(*journal, rows(2));
    const auto out = post.next();
    ASSERT_TRUE(out);
    auto before = taken(*other.next());
    before.outcome->repeated = repeated;
    post.done(*out, before);
    EXPECT_EQ(post.report().posted, 0U);
    ASSERT_TRUE(post.report().bad_receipt) << "only its word says that it is not dropped";
    const Error& why = post.report().bad_receipt->why;
    EXPECT_EQ(why.code, Code::ROOT_MISMATCH);
    EXPECT_EQ(why.message.find("already in the ledger") != std::string::npos, repeated);
  }
}

TEST_F(Posting, KeepsARefusedBatchWholeWhenStrict) {
  const auto journal = Journal::none();
  Poster post = poster(*journal, rows(3), {.strict = true});
  auto first = post.next();
  ASSERT_TRUE(first);
  post.done(*first, refused(Code::DUPLICATE_ID, 1));
  EXPECT_FALSE(post.next());
  EXPECT_EQ(post.report().posted, 0U);
}

TEST_F(Posting, TriesNoRowAgainWhenTheWholeBatchIsRefused) {
  const auto journal = Journal::none();
  Poster post = poster(*journal, rows(3));
  auto first = post.next();
  ASSERT_TRUE(first);
  post.done(*first, refused(Code::PARTY_UNKNOWN, -1));
  EXPECT_FALSE(post.next());
  ASSERT_EQ(post.report().faults.size(), 1U);
  EXPECT_EQ(post.report().faults[0].row, 0U);
}

TEST_F(Posting, SendsTheSameBatchAgainWhenTheNodeIsBusyAndWaitsLongerEachTime) {
  const auto journal = Journal::none();
  Poster post = poster(*journal, rows(1));
  auto out = post.next();
  ASSERT_TRUE(out);
  const auto first = post.done(*out, refused(Code::BUSY, -1));
  const auto second = post.done(*out, refused(Code::BUSY, -1));
  ASSERT_TRUE(first && second);
  EXPECT_GT(*second, *first);
  EXPECT_EQ(post.done(*out, taken(*out)), std::nullopt);
  EXPECT_EQ(post.report().posted, 1U);
}

// A log that grows by each batch that is sent.
class GrowingLog {
 public:
  explicit GrowingLog(const PinnedLedger& pinned)
      : pinned_(pinned), leaves_{leaf_hash(pinned.leaf)} {}
  BatchReceipt take(const std::string& note) {
    constexpr int64_t kTimeMs = 2'000;
    leaves_.push_back(leaf_hash(write_leaf(LeafKind::batch, kTimeMs, note)));
    const ReceiptText text{.ledger = pinned_.id,
                           .size = leaves_.size(),
                           .root = tree_hash(leaves_),
                           .time_ms = kTimeMs};
    return {.note = sign_receipt(text, "node-1", test::node_key().secret, test::node_key().key),
            .leaf = leaves_.size() - 1,
            .path = inclusion_path(leaves_, leaves_.size() - 1),
            .time_ms = kTimeMs,
            .heads = {}};
  }

 private:
  const PinnedLedger& pinned_;
  std::vector<Hash> leaves_;
};

// A run of more batches than it keeps receipts of: each is checked, also the one that comes last
// and is the oldest.
TEST_F(Posting, ReportsTheNewestReceiptsOfALongRun) {
  constexpr size_t kMore = 6;
  constexpr size_t kCount = Poster::kReceiptsReportedMax + kMore;
  const auto journal = Journal::none();
  for (const bool good : {true, false}) {
    GrowingLog log(pinned);
    Poster post = poster(*journal, rows(kCount), {.batch = 1});
    const auto first = post.next();
    ASSERT_TRUE(first);
    BatchReceipt late = log.take(first->submission.note);
    if (!good) late.path.assign(1, Hash{});
    for (size_t i = 1; i < kCount; ++i) {
      const auto out = post.next();
      ASSERT_TRUE(out) << i;
      EXPECT_EQ(post.done(*out, {.head = {}, .outcome = log.take(out->submission.note)}),
                std::nullopt);
    }
    post.done(*first, {.head = {}, .outcome = late});
    const auto& report = post.report();
    EXPECT_EQ(report.bad_receipt.has_value(), !good);
    EXPECT_EQ(report.posted, good ? kCount : kCount - 1);
    EXPECT_EQ(report.size, kCount + 1);
    EXPECT_EQ(report.receipts.size(), Poster::kReceiptsReportedMax);
    EXPECT_EQ(report.receipts.begin()->first, kMore + 2) << "of trees of 2 leaves and more";
    EXPECT_EQ(report.receipts.rbegin()->first, kCount + 1);
    EXPECT_FALSE(report.failed);
  }
}

TEST_F(Posting, GivesUpOnANodeThatStaysBusy) {
  const auto journal = open();
  Poster post = poster(*journal, rows(1));
  auto out = post.next();
  ASSERT_TRUE(out);
  size_t tries = 1;
  while (post.done(*out, refused(Code::BUSY, -1))) ASSERT_LT(++tries, 100U);
  ASSERT_TRUE(post.report().failed);
  EXPECT_EQ(post.report().failed->code, Code::BUSY);
  EXPECT_TRUE(post.report().faults.empty()) << "the rows are not bad";
}

// As a node with low limits answers a run with many batches in flight.
TEST_F(Posting, WaitsUnderALimitAsLongAsOthersOfTheRunGetThrough) {
  const auto journal = Journal::none();
  Poster post = poster(*journal, rows(30), {.batch = 1});
  const auto limited = post.next();
  ASSERT_TRUE(limited);
  while (const auto other = post.next()) {
    EXPECT_TRUE(post.done(*limited, refused(Code::RATE_LIMITED, -1)));
    EXPECT_FALSE(post.done(*other, taken(*other)));
  }
  EXPECT_EQ(post.report().batches, 29U);
  size_t tries = 0;
  while (post.done(*limited, refused(Code::RATE_LIMITED, -1))) ASSERT_LT(++tries, 100U);
  EXPECT_EQ(tries, 16U) << "nothing gets through any more";
  ASSERT_TRUE(post.report().failed);
  EXPECT_EQ(post.report().failed->code, Code::RATE_LIMITED);
}

TEST_F(Posting, WaitsAsLongAsTheNodeSaysOrNotAtAll) {
  const auto journal = Journal::none();
  Poster post = poster(*journal, rows(1));
  const auto out = post.next();
  ASSERT_TRUE(out);
  const auto limited = [&](uint32_t wait_ms) {
    SubmitAnswer answer = refused(Code::RATE_LIMITED, -1);
    answer.head.retry_after_ms = wait_ms;
    return post.done(*out, std::move(answer));
  };
  EXPECT_EQ(limited(20'000), 20'000U);
  EXPECT_EQ(limited(60'000), 60'000U);
  EXPECT_EQ(limited(3'600'000), std::nullopt);
  EXPECT_TRUE(post.report().failed);
}

TEST_F(Posting, CountsNoBatchWhoseReceiptProvesNothing) {
  const auto journal = open();
  Poster post = poster(*journal, rows(2), {.batch = 1});
  auto out = post.next();
  ASSERT_TRUE(out);
  SubmitAnswer answer = taken(*out);
  answer.outcome->path.clear();
  post.done(*out, std::move(answer));
  ASSERT_TRUE(post.report().bad_receipt);
  EXPECT_EQ(post.report().bad_receipt->note, out->submission.note);
  EXPECT_EQ(post.report().posted, 0U);
  EXPECT_FALSE(post.next()) << "nothing more goes to such a node";
}

TEST_F(Posting, ResumesWithTheBatchThatWasOnItsWayAndPostsNoRowTwice) {
  std::string interrupted;
  {
    const auto journal = open();
    Poster post = poster(*journal, rows(4), {.batch = 2});
    auto first = post.next();
    ASSERT_TRUE(first);
    post.done(*first, taken(*first));
    auto second = post.next();  // Sent, and then the program dies.
    ASSERT_TRUE(second);
    interrupted = second->submission.note;
  }
  const auto journal = open();
  Poster post = poster(*journal, rows(5), {.batch = 2});
  EXPECT_EQ(post.report().known, 2U);
  auto again = post.next();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->submission.note, interrupted) << "the same bytes: the ledger knows them";
  post.done(*again, taken(*again));
  auto rest = post.next();
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->submission.events.size(), 1U) << "the row that the file has since got";
  post.done(*rest, taken(*rest));
  EXPECT_FALSE(post.next());
  EXPECT_EQ(post.report().posted, 3U);
}

TEST_F(Posting, NamesTheRowsOfAResumedBatchThatIsRefused) {
  {
    const auto journal = open();
    Poster post = poster(*journal, rows(3));
    ASSERT_TRUE(post.next());
  }
  const auto journal = open();
  Poster post = poster(*journal, rows(3));
  auto again = post.next();
  ASSERT_TRUE(again);
  post.done(*again, refused(Code::DUPLICATE_ID, 2));
  ASSERT_EQ(post.report().faults.size(), 1U);
  EXPECT_EQ(post.report().faults[0].row, 3U);
  auto rest = post.next();
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->submission.events.size(), 2U);
}

TEST_F(Posting, PostsEqualRowsAsOftenAsTheFileHasThem) {
  std::vector<PostRow> all;
  all.push_back(row(1, "S1"));
  all.push_back(row(2, "S1"));
  const auto journal = open();
  Poster post = poster(*journal, std::move(all), {.batch = 1});
  auto first = post.next();
  ASSERT_TRUE(first);
  post.done(*first, taken(*first));
  EXPECT_TRUE(post.next());
}

TEST_F(Posting, SignsForAPartyThatDelegated) {
  const auto journal = Journal::none();
  Poster post = poster(*journal, rows(1), {.on_behalf_of = "nz-farm-1"});
  const auto out = post.next();
  ASSERT_TRUE(out);
  const auto note = parse_batch_note(out->submission.note);
  ASSERT_TRUE(note);
  EXPECT_EQ(note->batch.party, "nz-farm-1");
  EXPECT_EQ(note->batch.signer, "nz-mfr");
}

TEST_F(Posting, ReportsTheRowOfAFinding) {
  const auto journal = Journal::none();
  Poster post = poster(*journal, rows(2));
  auto out = post.next();
  ASSERT_TRUE(out);
  SubmitAnswer answer = taken(*out);
  answer.outcome->findings = {
      {.flag = Flag::BACKDATED, .event = {.leaf = 1, .event = 1}, .reason = "late", .codes = {},
       .related = {}}};
  post.done(*out, std::move(answer));
  ASSERT_EQ(post.report().findings.size(), 1U);
  EXPECT_EQ(post.report().findings[0].row, 2U);
}

}  // namespace
}  // namespace suyuan
