// The links of product chains, as the vectors have them.
#include <gtest/gtest.h>

#include "ledger/apply/log_writer.h"
#include "ledger/base/text.h"
#include "ledger/code/code.h"
#include "ledger/merkle/tree.h"
#include "tests/support/vectors.h"

namespace suyuan {
namespace {

using testing::hex_of;
using testing::text_of;

TEST(ChainVectors, AreReproduced) {
  const auto file = testing::own_vectors("chain_links.json");
  for (const auto& chain : file.at("chains").as_array()) {
    Hash link = hex_of<Hash>(chain.at("code_key"));
    uint64_t n = 0;
    for (const auto& one : chain.at("links").as_array()) {
      const Hash record = leaf_hash(text_of(one.at("record")));
      EXPECT_EQ(record, hex_of<Hash>(one.at("record_leaf_hash")));
      const Place place{.leaf = from_decimal(text_of(one.at("leaf"))).value(),
                        .event = one.at("event").to_number<uint32_t>()};
      link = chain_link(++n, link, place, record);
      EXPECT_EQ(n, one.at("n").to_number<uint64_t>());
      EXPECT_EQ(link, hex_of<Hash>(one.at("link"))) << text_of(chain.at("code")) << " " << n;
    }
  }
}

TEST(ChainVectors, HaveTheKeysOfTheirCodes) {
  const auto file = testing::own_vectors("chain_links.json");
  for (const auto& chain : file.at("chains").as_array()) {
    EXPECT_EQ(code_key(text_of(chain.at("code"))), hex_of<Hash>(chain.at("code_key")));
  }
}

}  // namespace
}  // namespace suyuan
