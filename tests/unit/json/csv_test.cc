#include "proto/json/csv.h"

#include <gtest/gtest.h>

#include "ledger/base/limits.h"

namespace suyuan {
namespace {

// Records as "row:field|field"; a bad one as "row!".
std::vector<std::string> records(std::string_view text) {
  std::vector<std::string> all;
  for (CsvReader reader(text); !reader.done();) {
    const auto fields = reader.next();
    std::string line = std::to_string(reader.row()) + (fields ? ":" : "!");
    if (fields) {
      for (size_t i = 0; i < fields->size(); ++i) line += (i == 0 ? "" : "|") + (*fields)[i];
    }
    all.push_back(line);
  }
  return all;
}
using Lines = std::vector<std::string>;

TEST(Csv, SplitsFieldsAndLines) {
  EXPECT_EQ(records("a,b,c\n1,,3\r\n,,"), (Lines{"1:a|b|c", "2:1||3", "3:||"}));
  EXPECT_EQ(records(""), Lines{});
}

TEST(Csv, ReadsQuotedFields) {
  EXPECT_EQ(records("\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\r\nx,\"\"\n"),
            (Lines{"1:a,b|say \"hi\"|two\nlines", "2:x|"}));
}

TEST(Csv, PassesOverEmptyLinesAndCountsThem) {
  EXPECT_EQ(records("a\n\n\r\nb\n\n"), (Lines{"1:a", "4:b"}));
}

TEST(Csv, GoesOnAfterABadQuote) {
  EXPECT_EQ(records("a\"b\nc\n\"d\"e\nf\n\"g\nh"), (Lines{"1!", "2:c", "3!", "4:f", "5!", "6:h"}));
}

TEST(Csv, BoundsFieldsAndColumns) {
  const std::string big(limits::kTextBytesMax + 1, 'a');
  EXPECT_EQ(records(big + "\nx"), (Lines{"1!", "2:x"}));
  EXPECT_EQ(records("\"" + big + "\"\nx"), (Lines{"1!", "2:x"}));
  EXPECT_EQ(records(std::string(200, ',') + "\nx"), (Lines{"1!", "2:x"}));
}

}  // namespace
}  // namespace suyuan
