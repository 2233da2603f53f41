// Proofs of the chain map: strict, and none found by chance proves anything. The first 32 bytes are
// the asked key, the rest is the proof.
#include "ledger/base/limits.h"
#include "ledger/merkle/map_proof.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  const auto bytes = fuzz::text(data, size);
  if (bytes.size() < Hash::kSize) return 0;
  const Hash key = Hash::from(bytes.substr(0, Hash::kSize));
  const auto proof = bytes.substr(Hash::kSize);

  const Hash root{};
  SUYUAN_CHECK(!proves_presence(root, {.key = key, .count = 1, .link = {}}, proof));
  SUYUAN_CHECK(!proves_absence(root, key, proof));

  if (const auto presence = decode_presence(proof)) SUYUAN_CHECK(encode(*presence) == proof);
  const auto absence = decode_absence(proof);
  if (!absence) return 0;
  SUYUAN_CHECK(encode(*absence) == proof && proof.size() <= limits::kMapProofBytesMax);
  if (!absence->other) return 0;
  // The root that it leads to: there the other key is, and ours only if the search goes its way.
  const MapEntry& other = *absence->other;
  const Hash made = climb(other.key.view(), map_leaf(other), absence->path);
  Bytes path;
  put_trie_path(path, absence->path);
  SUYUAN_CHECK(proves_presence(made, other, path));
  SUYUAN_CHECK(!proves_absence(made, other.key, proof));
  SUYUAN_CHECK(proves_absence(made, key, proof) ==
               (key != other.key && same_way(key.view(), other.key.view(), absence->path)));
  return 0;
}
