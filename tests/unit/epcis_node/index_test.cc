#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <thread>

#include "ledger/os/files.h"
#include "ledger/os/folders.h"
#include "node/epcis/search.h"

namespace suyuan::epcis {
namespace {

// Events e0, e1, ...: each at its own event time, in a leaf of its own.
class IndexTest : public ::testing::Test, protected EventSource {
 protected:
  IndexTest() {
    std::string pattern = std::filesystem::temp_directory_path() / "suyuan-index-XXXXXX";
    folder_ = ::mkdtemp(pattern.data());
    open();
  }
  ~IndexTest() override {
    index_.reset();
    std::filesystem::remove_all(folder_);
  }

  void open(const std::string& origin = "o") {
    index_.reset();
    index_ =
        Index::open(folder_ + "/index", {.origin = origin, .genesis = {}}, texts_.size()).value();
  }

  static std::string json_of(int64_t second, const std::string& step) {
    return R"({"type":"ObjectEvent","action":"ADD","bizStep":")" + step +
           R"(","eventTime":"1970-01-01T00:00:)" + (second < 10 ? "0" : "") +
           std::to_string(second) + R"(Z","epcList":["urn:x:)" + step + R"("],"example:rank":)" +
           std::to_string(100 - second) + "}";
  }
  void add(int64_t second, const std::string& step, std::vector<std::string> scopes) {
    texts_.push_back(json_of(second, step));
    ASSERT_TRUE(index_->add({event_of(texts_.size() - 1, std::move(scopes))}, texts_.size()));
  }
  // Adds the leaves that have no rows yet, in one write.
  Result<Done> follow() {
    std::vector<IndexedEvent> events;
    for (uint64_t leaf = index_->next_leaf(); leaf < texts_.size(); ++leaf)
      events.push_back(event_of(leaf, {kEveryone}));
    return index_->add(events, texts_.size());
  }
  IndexedEvent event_of(uint64_t leaf, std::vector<std::string> scopes) const {
    const auto document = parse_json(texts_[static_cast<size_t>(leaf)]).value();
    const auto flat = flatten(document.root()).value();
    return {.place = {.leaf = leaf, .event = 0},
            .event_time_ms = flat.event_time_ms,
            .record_time_ms = static_cast<int64_t>(leaf) * 1000,
            .scopes = std::move(scopes),
            .terms = terms_of(flat)};
  }
  // The rows of the index, which is closed.
  std::unique_ptr<SideStore> open_rows() {
    index_.reset();
    return open_side_store(folder_ + "/index", {.can_be_remade = true}).value();
  }
  Result<std::optional<EventText>> load(Place place) const override {
    if (log_is_damaged_) return fail(Code::CORRUPT, "the log is damaged");
    return std::optional<EventText>(EventText{.place = place,
                                              .json = texts_[static_cast<size_t>(place.leaf)]});
  }

  // Cuts the last byte off, or makes a number without end of it, in each row of one kind.
  void damage_rows(std::string_view kind, bool cut) {
    std::vector<SideRow> damaged;
    const auto rows = open_rows();
    Bytes after(kind);
    ++after.back();
    ASSERT_TRUE(rows->scan(kind, after, Direction::ascending, [&](BytesView key, BytesView value) {
      Bytes block(value);
      if (cut)
        block.pop_back();
      else
        block.back() = '\x80';
      damaged.push_back({.key = Bytes(key), .value = std::move(block)});
      return true;
    }));
    ASSERT_FALSE(damaged.empty());
    ASSERT_TRUE(rows->write(damaged, false));
  }
  std::string mark() const { return folder_ + "/index/damaged"; }

  // Leaves in the order of the answer, pages joined with '|'.
  std::string found(const std::map<std::string, std::string>& url, size_t limit = 10,
                    std::vector<std::string> scopes = {kEveryone}) {
    const auto query = make_query(url_parameters(url), {}).value();
    PageCursor from{.size = texts_.size()};
    std::string all;
    for (int guard = 0; guard < 20; ++guard) {
      const auto page = search(*index_, *this,
                               {.query = query, .scopes = scopes, .from = from, .limit = limit});
      if (!page) return std::string(info(page.error().code).name);
      for (const auto& event : page->events) all += std::to_string(event.place.leaf);
      if (!page->next) break;
      from = *page->next;
      all += "|";
    }
    return all;
  }

  std::string folder_;
  std::unique_ptr<Index> index_;
  std::vector<std::string> texts_;
  bool log_is_damaged_ = false;
};

TEST_F(IndexTest, OrdersByEventOrRecordTime) {
  for (const int64_t second : {3, 1, 2}) add(second, "storing", {kEveryone});
  EXPECT_EQ(found({}), "021");
  EXPECT_EQ(found({{"orderBy", "eventTime"}, {"orderDirection", "ASC"}}), "120");
  EXPECT_EQ(found({{"orderBy", "recordTime"}}), "210");
  EXPECT_EQ(found({{"orderBy", "recordTime"}, {"MATCH_epc", "urn:x:storing"}}), "210");
  EXPECT_EQ(found({{"orderBy", "example:rank"}, {"orderDirection", "ASC"}}), "021");
  EXPECT_EQ(found({{"GE_eventTime", "1970-01-01T00:00:02Z"}}), "02");
  EXPECT_EQ(found({{"LT_recordTime", "1970-01-01T00:00:02Z"}}), "10");
}

TEST_F(IndexTest, PagesJoinToTheWholeAndLimitsCut) {
  for (int64_t i = 0; i < 5; ++i) add(i, i % 2 == 0 ? "storing" : "shipping", {kEveryone});
  EXPECT_EQ(found({}, 2), "43|21|0");
  EXPECT_EQ(found({{"EQ_bizStep", "storing"}}, 2), "42|0");
  EXPECT_EQ(found({{"EQ_bizStep", "storing|shipping"}}, 5), "43210");
  EXPECT_EQ(found({{"orderBy", "recordTime"}, {"EQ_bizStep", "storing"}}, 2), "42|0");
  EXPECT_EQ(found({{"orderBy", "eventTime"}, {"eventCountLimit", "3"}}, 2), "43|2");
  EXPECT_EQ(found({{"maxEventCount", "4"}}), "TOO_LARGE");
  EXPECT_EQ(found({{"maxEventCount", "5"}}, 3), "432|10");
}

TEST_F(IndexTest, ReadsNoScopeButTheViewers) {
  add(1, "storing", {kEveryone});
  add(2, "storing", {"a", "b"});
  add(3, "storing", {"b"});
  EXPECT_EQ(found({}), "0");
  EXPECT_EQ(found({{"EQ_action", "ADD"}}, 10, {kEveryone, "a"}), "10");
  EXPECT_EQ(found({}, 10, {kEveryone, "a", "b"}), "210");
  const auto values = [&](std::vector<std::string> scopes) {
    return index_->values(ValueKind::epc, scopes, "", 99, 10).value().values.size();
  };
  EXPECT_EQ(values({"a"}), 1U);
  EXPECT_EQ(values({"c"}), 0U);
}

TEST_F(IndexTest, WhatIsAppendedDisturbsNoPage) {
  for (int64_t i = 0; i < 3; ++i) add(i * 2, "storing", {kEveryone});
  const auto query = make_query({}, {}).value();
  const SearchAsk ask{.query = query, .scopes = {kEveryone}, .from = {.size = 3}, .limit = 1};
  const auto first = search(*index_, *this, ask).value();
  add(3, "storing", {kEveryone});  // lies between the pages in event time
  SearchAsk next = ask;
  next.from = *first.next;
  EXPECT_EQ(search(*index_, *this, next).value().events.front().place.leaf, 1U);
}

TEST_F(IndexTest, KeepsItsPositionAndIsMadeAnewForAnotherLedger) {
  add(1, "storing", {kEveryone});
  open();
  EXPECT_EQ(index_->next_leaf(), 1U);
  EXPECT_EQ(found({}), "0");
  open("another");
  EXPECT_EQ(index_->next_leaf(), 0U);
  EXPECT_EQ(found({}), "");
}

TEST_F(IndexTest, IsBuiltAgainAtTheNextStartAfterADamagedBlockWasMet) {
  for (int64_t i = 0; i < 10; ++i) texts_.push_back(json_of(i, "storing"));
  ASSERT_TRUE(follow());
  damage_rows("B", false);
  open();
  EXPECT_EQ(index_->next_leaf(), 10U);

  for (int64_t i = 10; i < 20; ++i) texts_.push_back(json_of(i, "storing"));
  const auto added = follow();
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, Code::CORRUPT);
  EXPECT_NE(added.error().message.find("the next start builds it again"), std::string::npos);
  EXPECT_EQ(index_->next_leaf(), 10U);

  open();
  EXPECT_EQ(index_->next_leaf(), 0U);
  ASSERT_TRUE(follow());
  const std::string all = "191817161514131211109876543210";
  EXPECT_EQ(found({}, 30), all);
  EXPECT_EQ(found({{"MATCH_epc", "urn:x:storing"}}, 30), all);
  open();  // the mark is gone
  EXPECT_EQ(index_->next_leaf(), 20U);
  EXPECT_EQ(found({}, 30), all);
}

// By the events of a term, by an event's own row, and by a value: what only a question reads.
TEST_F(IndexTest, AQuestionThatMeetsADamagedRowMarksItForTheNextStart) {
  const auto by_term = [&] { return found({{"MATCH_epc", "urn:x:storing"}}, 30); };
  const auto by_value = [&] {
    const auto values = index_->values(ValueKind::epc, {kEveryone}, "", 99, 10);
    const auto has = index_->has_value(ValueKind::epc, {kEveryone}, "urn:x:storing", 99);
    EXPECT_EQ(values.has_value(), has.has_value());
    return std::string(values ? "" : info(values.error().code).name);
  };
  const std::vector<std::pair<std::string, std::function<std::string()>>> ways = {
      {"B", by_term}, {"E", by_term}, {"V", by_value}};
  for (const auto& [kind, ask] : ways) {
    for (int64_t i = 0; i < 10; ++i) texts_.push_back(json_of(i, "storing"));
    ASSERT_TRUE(follow());
    damage_rows(kind, true);
    open();
    EXPECT_EQ(index_->next_leaf(), texts_.size()) << kind << " is not read by opening";
    EXPECT_FALSE(index_->is_damaged());
    EXPECT_FALSE(file_exists(mark()));

    EXPECT_EQ(ask(), "CORRUPT") << kind;
    EXPECT_TRUE(index_->is_damaged()) << kind;
    EXPECT_TRUE(file_exists(mark())) << kind;

    open();
    EXPECT_EQ(index_->next_leaf(), 0U) << kind;
    EXPECT_FALSE(index_->is_damaged());
    ASSERT_TRUE(follow());
    EXPECT_NE(ask(), "CORRUPT") << kind;
    EXPECT_FALSE(file_exists(mark()));
  }
}

TEST_F(IndexTest, ADamagedRowIsWrittenDownOnceAndEveryErrorSaysWhatIsNext) {
  for (int64_t i = 0; i < 10; ++i) texts_.push_back(json_of(i, "storing"));
  ASSERT_TRUE(follow());
  damage_rows("E", true);
  open();
  std::vector<std::thread> readers;
  std::atomic<int> told = 0;
  for (int i = 0; i < 8; ++i) {
    readers.emplace_back([&] {
      EventRows rows = index_->event_rows();
      const auto row = rows.find({.leaf = 9, .event = 0});
      if (!row && row.error().message.find("the next start builds it again") != std::string::npos)
        ++told;
    });
  }
  for (auto& reader : readers) reader.join();
  EXPECT_EQ(told, 8);
  ASSERT_TRUE(file_exists(mark()));
  std::filesystem::remove(mark());
  EXPECT_FALSE(index_->event_rows().find({.leaf = 9, .event = 0}));
  EXPECT_FALSE(file_exists(mark())) << "it is written again at every question";
}

// Of the log, not of the index: building that again would mend nothing.
TEST_F(IndexTest, ADamagedEventOfTheLogDoesNotMarkTheIndex) {
  add(1, "storing", {kEveryone});
  log_is_damaged_ = true;
  EXPECT_EQ(found({}), "CORRUPT");
  EXPECT_FALSE(index_->is_damaged());
  EXPECT_FALSE(file_exists(mark()));
}

TEST_F(IndexTest, RowsWithoutAPositionAreRemoved) {
  add(1, "storing", {kEveryone});
  ASSERT_TRUE(open_rows()->write({{.key = "P", .value = std::nullopt}}, false));
  open();
  EXPECT_EQ(index_->next_leaf(), 0U);
  EXPECT_EQ(found({}), "");
  ASSERT_TRUE(follow());
  EXPECT_EQ(found({}), "0");
}

TEST_F(IndexTest, IsBuiltAgainIfItsPositionCannotBeRead) {
  add(1, "storing", {kEveryone});
  index_.reset();
  size_t damaged = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder_ + "/index")) {
    if (file.path().extension() != ".sst") continue;
    ASSERT_TRUE(overwrite_synced(file.path(), 0, Bytes(64, '\xff')));
    ++damaged;
  }
  ASSERT_GT(damaged, 0U);
  EXPECT_EQ(open_rows()->get("P").error().message.find("backup"), std::string::npos);
  open();
  EXPECT_EQ(index_->next_leaf(), 0U);
  ASSERT_TRUE(follow());
  EXPECT_EQ(found({}), "0");
}

// As a kill could leave it: some of its files gone, the mark still there.
TEST_F(IndexTest, AMarkedOneThatIsNotWholeIsBuiltAgain) {
  add(1, "storing", {kEveryone});
  index_.reset();
  ASSERT_TRUE(std::filesystem::remove(folder_ + "/index/CURRENT"));
  ASSERT_TRUE(place_file(mark(), "of the test\n"));
  open();
  EXPECT_EQ(index_->next_leaf(), 0U);
  EXPECT_FALSE(file_exists(mark()));
}

TEST_F(IndexTest, WhatAKillLeftOfRemovedRowsIsRemovedAtTheNextStart) {
  add(1, "storing", {kEveryone});
  const std::string left = folder_ + "/index.old";
  ASSERT_TRUE(place_file(left + "/000001.sst", "x"));
  open();
  EXPECT_FALSE(std::filesystem::exists(left));
  EXPECT_EQ(index_->next_leaf(), 1U) << "the rows are kept";
  open("another");
  EXPECT_FALSE(std::filesystem::exists(left));
}

TEST_F(IndexTest, AnEventOfManyPartnersAndValuesIsWrittenInParts) {
  std::vector<std::string> scopes;
  for (int i = 0; i < 40; ++i) scopes.push_back("p" + std::to_string(i));
  IndexedEvent event{.place = {.leaf = 0, .event = 0}, .scopes = scopes, .terms = {}};
  for (int i = 0; i < 4000; ++i)
    event.terms.push_back({.name = "epc", .text = "urn:x:" + std::to_string(10'000 + i)});
  texts_.push_back("{}");
  ASSERT_TRUE(index_->add({event}, 1));
  EXPECT_EQ(index_->values(ValueKind::epc, {"p39"}, "", 1, 4000).value().values.size(), 4000U);
  open();
  EXPECT_EQ(index_->next_leaf(), 1U);
}

TEST_F(IndexTest, FindsEachEventByItsPlaceWhereverItsRowBegins) {
  std::vector<Place> places;
  uint64_t leaf = 0;
  for (const uint32_t batch : {1U, 200U, 3U, 70U, 1U}) {
    std::vector<IndexedEvent> events;
    for (uint32_t i = 0; i < batch; i += 2) {  // the others are no trace events
      places.push_back({.leaf = leaf, .event = i});
      events.push_back({.place = places.back(),
                        .event_time_ms = i,
                        .record_time_ms = static_cast<int64_t>(leaf),
                        .scopes = {i % 6 == 0 ? kEveryone : "p" + std::to_string(i)},
                        .terms = {}});
    }
    leaf += 2;
    ASSERT_TRUE(index_->add(events, leaf));
  }
  for (const bool forward : {true, false}) {
    EventRows rows = index_->event_rows();
    for (const Place& place : places) {
      const auto row = rows.find(place).value();
      ASSERT_TRUE(row);
      EXPECT_EQ(row->event_time_ms, place.event);
      EXPECT_EQ(row->record_time_ms, static_cast<int64_t>(place.leaf));
      EXPECT_EQ(row->scopes.front().empty(), place.event % 6 == 0);
      EXPECT_FALSE(rows.find({.leaf = place.leaf, .event = place.event + 1}).value());
      EXPECT_FALSE(rows.find({.leaf = place.leaf + 1, .event = 0}).value());
    }
    if (forward) std::reverse(places.begin(), places.end());
  }
}

TEST_F(IndexTest, AValueIsThatOfItsFirstEvent) {
  const auto before = [&](uint64_t leaf) {
    return std::pair(
        index_->has_value(ValueKind::epc, {kEveryone}, "urn:x:storing", leaf).value(),
        index_->values(ValueKind::epc, {kEveryone}, "", leaf, 9).value().values.size());
  };
  for (int64_t i = 0; i < 4; ++i) {
    add(i, i == 0 ? "shipping" : "storing", {kEveryone});
    EXPECT_EQ(before(1), std::pair(false, size_t{1}));
    EXPECT_EQ(before(2), std::pair(i > 0, size_t{i > 0 ? 2U : 1U}));
    open();  // what it knew is forgotten
  }
  EXPECT_EQ(before(1), std::pair(false, size_t{1}));
  EXPECT_EQ(before(2), std::pair(true, size_t{2}));
}

// A stranger's large events must not take a reader's memory and time.
TEST_F(IndexTest, APageReadsNoMoreBytesThanItMay) {
  const std::string large(size_t{1} << 20, 'x');
  for (int64_t i = 0; i < 20; ++i) add(i % 10, "storing", {kEveryone});
  for (auto& text : texts_) {
    text.pop_back();
    text += R"(,"example:large":")" + large + "\"}";
  }
  EXPECT_EQ(found({{"EQ_example:none", "1"}}), "||");  // 20 MiB, nothing found, in three pages
  texts_.resize(10);
  EXPECT_EQ(found({{"EQ_example:none", "1"}}), "|");
  for (int64_t i = 0; i < 30; ++i) {
    add(i % 10, "storing", {kEveryone});
    texts_.back().insert(1, R"("example:large":")" + large + "\",");
  }
  EXPECT_EQ(found({{"orderBy", "example:rank"}}), "TOO_COMPLEX");
  EXPECT_EQ(found({{"maxEventCount", "100"}}), "TOO_COMPLEX");
}

TEST_F(IndexTest, AnEventThatCannotBeReadHidesNoOther) {
  for (int64_t i = 0; i < 3; ++i) add(i, "storing", {kEveryone});
  texts_[1] = "[";
  EXPECT_EQ(found({}), "20");
}

}  // namespace
}  // namespace suyuan::epcis
