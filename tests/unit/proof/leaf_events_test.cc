#include "ledger/proof/leaf_events.h"

#include <gtest/gtest.h>

#include "ledger/event/record.h"
#include "tests/support/vectors.h"

namespace suyuan {
namespace {

namespace json = boost::json;

Bytes unhex(const json::value& hex) { return from_hex(testing::text_of(hex)).value(); }

PayloadState state_of(const std::string& word) {
  return word == "open"       ? PayloadState::open
         : word == "withheld" ? PayloadState::withheld
                              : PayloadState::erased;
}

TEST(LeafEvents, AreThoseOfTheVectors) {
  const auto vectors = testing::own_vectors("tiles.json");
  for (const auto& row : vectors.at("leaf_events").as_array()) {
    const Bytes file = unhex(row.at("file"));
    const auto decoded = decode_leaf_events(file);
    ASSERT_TRUE(decoded) << row.at("name") << to_text(decoded.error());
    const auto& events = row.at("events").as_array();
    ASSERT_EQ(decoded->size(), events.size());
    Bytes again;
    for (size_t i = 0; i < events.size(); ++i) {
      const LeafEvent& event = (*decoded)[i];
      EXPECT_EQ(event.record, unhex(events[i].at("record")));
      EXPECT_TRUE(decode_record(event.record));
      EXPECT_EQ(event.state, state_of(testing::text_of(events[i].at("state"))));
      if (event.state == PayloadState::open) {
        EXPECT_EQ(event.salt, testing::hex_of<Salt>(events[i].at("salt")));
        EXPECT_EQ(event.payload, unhex(events[i].at("payload")));
      }
      put_leaf_event(again, event);
    }
    EXPECT_EQ(again, file);
  }
}

TEST(LeafEvents, InAnotherFormAreRefused) {
  const auto vectors = testing::own_vectors("tiles.json");
  for (const auto& row : vectors.at("refused_leaf_events").as_array()) {
    Bytes file;
    if (row.as_object().contains("file")) {
      file = unhex(row.at("file"));
    } else {
      for (const auto& part : row.at("pattern").as_array()) {
        const Bytes piece = unhex(part.at(0));
        for (int64_t i = 0; i < part.at(1).as_int64(); ++i) file += piece;
      }
    }
    const auto decoded = decode_leaf_events(file);
    ASSERT_FALSE(decoded) << row.at("name");
    EXPECT_EQ(decoded.error().code, Code::CORRUPT) << row.at("name");
  }
}

TEST(LeafEvents, OfTheLargestBatchFit) {
  Bytes file;
  const Bytes record(limits::kBatchBytesMax / limits::kBatchEventsMax - Salt::kSize, 'r');
  for (size_t i = 0; i < limits::kBatchEventsMax; ++i)
    put_leaf_event(file, {.record = record, .state = PayloadState::open});
  EXPECT_EQ(file.size(), limits::kLeafEventsBytesMax);
  const auto decoded = decode_leaf_events(file);
  ASSERT_TRUE(decoded) << to_text(decoded.error());
  EXPECT_EQ(decoded->size(), limits::kBatchEventsMax);
  file += "x";
  EXPECT_EQ(decode_leaf_events(file).error().code, Code::TOO_LARGE);
}

TEST(LeafEvents, HoldTheLargestRecord) {
  Record largest;
  for (uint32_t i = 0; i < limits::kCodesPerEventMax; ++i) {
    Hash key;
    key.data[0] = static_cast<uint8_t>(i >> 8);
    key.data[1] = static_cast<uint8_t>(i);
    largest.code_keys.push_back(key);
  }
  const Bytes record = encode_record(largest);
  EXPECT_EQ(record.size(), limits::kRecordBytesMax);
  Bytes file;
  put_leaf_event(file, {.record = record, .state = PayloadState::withheld});
  EXPECT_EQ(decode_leaf_events(file).value().at(0).record, record);
}

}  // namespace
}  // namespace suyuan
