// The schemas and docs/formats.md are enough to use the ledger: a program that has nothing else
// registers, posts, checks, reads.
#include <gtest/gtest.h>

#include "ledger/os/files.h"
#include "node/folder/init.h"
#include "tests/e2e/running_node.h"
#include "tests/support/node_process.h"

namespace suyuan::test {
namespace {

// The line "secret <base64 of the seed>" of a key file that has no passphrase.
std::string seed_in(const std::string& key_file) {
  const auto text = read_file(key_file, 4096);
  SUYUAN_CHECK(text.has_value());
  const size_t at = text->find("\nsecret ") + 8;
  return text->substr(at, text->find('\n', at) - at);
}

TEST(OutsideClient, NeedsOnlyTheSchemasAndTheFormats) {
  const TempFolder folder;
  RunningNode node(folder.path(), 1'780'000'600'000);
  EXPECT_EQ(run_program({SUYUAN_OUTSIDE_CLIENT, node.rpc_address(),
                         DataFolder{folder.path()}.genesis(), seed_in(node.registrar_key_file())}),
            0);
}

}  // namespace
}  // namespace suyuan::test
