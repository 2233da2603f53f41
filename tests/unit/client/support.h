// Fixed keys, a ledger and receipts for tests of the client, and a folder that cleans up after
// itself.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "client/seal.h"
#include "client/trust.h"
#include "ledger/batch/note.h"
#include "ledger/batch/receipt.h"
#include "ledger/code/code.h"
#include "ledger/merkle/tree.h"

namespace suyuan::test {

inline KeyPair fixed_key(uint8_t number) {
  return key_from_seed(std::string(kSeedBytes, static_cast<char>(number)));
}

inline const KeyPair& node_key() {
  static const KeyPair kKey = fixed_key(2);
  return kKey;
}

inline PinnedLedger ledger(const std::string& origin = "example.org/trace") {
  const Genesis genesis{.origin = origin,
                        .log_key = fixed_key(1).key,
                        .nodes = {{.name = "node-1", .key = node_key().key}},
                        .authorities = {{.name = "registrar", .key = fixed_key(3).key}}};
  auto text = write_genesis(genesis);
  EXPECT_TRUE(text);
  auto pinned = pinned_from_leaf(write_leaf(LeafKind::genesis, 1'000, *text));
  EXPECT_TRUE(pinned);
  return *std::move(pinned);
}

// Counted up: two runs of a test sign the same bytes.
inline SaltSource counted_salts() {
  return [count = uint8_t{0}]() mutable {
    Salt salt;
    salt.data.fill(++count);
    return salt;
  };
}

inline JsonEvent event(const std::string& serial) {
  JsonEvent out;
  out.event.type = EventType::object;
  out.event.kind = Kind::origin;
  out.event.action = Action::add;
  out.event.step = "commissioning";
  out.event.event_time = *from_rfc3339("2026-06-02T05:30:00+12:00");
  out.event.objects = {{.code = "https://id.gs1.org/01/09521104301011/21/" + serial}};
  return out;
}

// The receipt of a tree of two leaves: genesis and this note.
inline BatchReceipt receipt_of(const PinnedLedger& pinned, const std::string& note,
                               int64_t time_ms = 2'000) {
  const Hash leaves[] = {leaf_hash(pinned.leaf),
                         leaf_hash(write_leaf(LeafKind::batch, time_ms, note))};
  const ReceiptText text{
      .ledger = pinned.id, .size = 2, .root = tree_hash(leaves), .time_ms = time_ms};
  return {.note = sign_receipt(text, "node-1", node_key().secret, node_key().key),
          .leaf = 1,
          .path = {leaves[0]},
          .time_ms = time_ms,
          .heads = {}};
}

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "suyuan-client-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace suyuan::test
