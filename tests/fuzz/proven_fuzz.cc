// Every verifier of something signed or proven: it takes the honest one, and nothing that the input
// makes of it. A byte of 0 leaves a part as it is.
#include "ledger/batch/receipt.h"
#include "ledger/crypto/key_file.h"
#include "ledger/proof/tlog_proof.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/proof/keys.h"

namespace suyuan {
namespace {

using testing::HashSpan;
using testing::Hashes;

constexpr size_t kLeaves = 23;
constexpr size_t kPathMax = 70;
constexpr size_t kSigned = 9;  // leaves of the tree that is signed
constexpr size_t kProven = 4;  // the leaf proven in it
constexpr uint64_t kTimeS = 100;
constexpr std::string_view kLeafData = "suyuan-leaf-4";  // leaves_of

struct World {
  const Hashes leaves = testing::leaves_of(kLeaves);
  const HashSpan signed_leaves = HashSpan(leaves).first(kSigned);
  Hashes roots;  // by size
  Hashes pool;   // what a liar can name: leaves, subtrees, roots
  const Policy policy = parse_policy(testing::two_of_three()).value();
  const TlogProof proof{.index = kProven,
                        .path = testing::naive_inclusion(signed_leaves, kProven),
                        .checkpoint =
                            testing::cosigned_checkpoint(signed_leaves, kSigned, "bc", kTimeS)};
  const std::string proof_text = write_tlog_proof(proof);
  const std::string checkpoint =
      write_checkpoint(testing::checkpoint_of(signed_leaves, kSigned));
  const NoteKey witness = testing::witness('b').key(NoteKeyType::cosignature);
  const NoteLine cosignature = testing::cosigned_by(testing::witness('b'), checkpoint, kTimeS);
  const LedgerId ledger{.origin = "ledger.example/test", .genesis = leaves[0]};
  const NamedKeyPair node{.name = "node-a", .pair = key_from_seed(Bytes(kSeedBytes, 'n'))};
  std::string receipt;

  World() {
    for (size_t size = 0; size <= kLeaves; ++size)
      roots.push_back(testing::naive_root(HashSpan(leaves).first(size)));
    pool = roots;
    for (size_t width = 1; width <= kLeaves; width *= 2) {
      for (size_t at = 0; at + width <= kLeaves; at += width)
        pool.push_back(testing::naive_root(HashSpan(leaves).subspan(at, width)));
    }
    receipt = sign_receipt(
        {.ledger = ledger, .size = kSigned, .root = roots[kSigned], .time_ms = 7}, node.name,
        node.pair.secret, node.pair.key);
  }
};

const World& world() {
  static const World made;
  return made;
}

// What the input decides. At its end everything stays as it is.
class Choices {
 public:
  explicit Choices(BytesView input) : rest_(input) {}
  bool done() const { return rest_.empty(); }
  uint8_t next() {
    if (rest_.empty()) return 0;
    const auto byte = static_cast<uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }
  Hash pick(const Hash& honest) {
    const size_t choice = next();
    return choice == 0 ? honest : world().pool[(choice - 1) % world().pool.size()];
  }
  Hashes path(const Hashes& honest) {
    const size_t choice = next();
    Hashes path = honest;
    if (choice != 0) path.resize(choice % kPathMax);
    for (Hash& hash : path) hash = pick(hash);
    return path;
  }
  // Changes bytes, at two bytes' place by a third.
  void edit(std::string& text) {
    while (!done()) {
      const size_t high = next();
      const size_t place = (high << 8 | next()) % text.size();
      text[place] = static_cast<char>(text[place] ^ next());
    }
  }

 private:
  BytesView rest_;
};

void check_inclusion(Choices choices) {
  const size_t size = 1 + choices.next() % kLeaves;
  const size_t index = choices.next();
  const bool is_inside = index < size;
  const Hash& right = world().leaves[is_inside ? index : 0];
  const Hashes honest = is_inside ? testing::naive_inclusion(
                                        HashSpan(world().leaves).first(size), index)
                                  : Hashes{};
  const Hash leaf = choices.pick(right);
  const Hashes path = choices.path(honest);
  SUYUAN_CHECK(includes({.size = size, .root = world().roots[size]}, index, leaf, path) ==
               (is_inside && leaf == right && path == honest));
}

void check_consistency(Choices choices) {
  const size_t newer = 1 + choices.next() % kLeaves;
  const size_t older = choices.next() % (kLeaves + 1);
  const bool has_path = older > 0 && older < newer;
  const Hashes honest = has_path ? testing::naive_consistency(
                                       HashSpan(world().leaves).first(newer), older)
                                 : Hashes{};
  const TreeHead old_head{.size = older, .root = choices.pick(world().roots[older])};
  const Hashes path = choices.path(honest);
  SUYUAN_CHECK(consistent(old_head, {.size = newer, .root = world().roots[newer]}, path) ==
               (older <= newer && old_head.root == world().roots[older] && path == honest));
}

void check_proof_file(Choices choices) {
  std::string text = world().proof_text;
  choices.edit(text);
  const auto proof = parse_tlog_proof(text);
  const bool is_proven =
      proof && verify_tlog_proof(*proof, world().leaves[kProven], world().policy).proven;
  SUYUAN_CHECK(is_proven == (text == world().proof_text));
}

void check_a_cosignature(Choices choices) {
  std::string text = world().checkpoint;
  NoteLine line = world().cosignature;
  line.key_id ^= choices.next();
  switch (choices.next() % 3) {
    case 0: choices.edit(line.signature); break;
    case 1: choices.edit(line.name); break;
    default: choices.edit(text);
  }
  const auto time_s = verify_cosignature(text, line, world().witness);
  SUYUAN_CHECK(time_s.has_value() == (text == world().checkpoint && line == world().cosignature));
  SUYUAN_CHECK(!time_s || *time_s == kTimeS);
}

void check_a_receipt(Choices choices) {
  const uint64_t leaf = kProven ^ choices.next();
  const Hashes& honest = world().proof.path;
  Hashes path = choices.path(honest);
  std::string note = world().receipt;
  choices.edit(note);
  const bool is_honest = leaf == kProven && path == honest && note == world().receipt;
  const auto receipt = parse_receipt(note, leaf, std::move(path));
  const std::vector<NamedKey> nodes = {
      {.name = world().node.name, .key = world().node.pair.key}};
  const bool is_taken =
      receipt && check_receipt(*receipt, kLeafData, world().ledger, nodes).has_value();
  SUYUAN_CHECK(is_taken == is_honest);
}

}  // namespace
}  // namespace suyuan

// The first byte says which verifier.
std::vector<std::string> suyuan::fuzz::seeds() {
  std::vector<std::string> all;
  for (char which = 0; which < 5; ++which) all.emplace_back(1, which);
  for (const char size : {'\0', '\7', '\10', '\17', '\20', '\26'}) {
    for (const char other : {'\0', '\1', '\4', '\10', '\20', '\26'}) {
      all.push_back({0, size, other, 0, 0, 0, 0, 0, 0, 0});
      all.push_back({1, size, other, 0, 0, 0, 0, 0, 0, 0});
    }
  }
  all.push_back({2, 0, 40, 1});
  all.push_back({3, 0, 1, 0, 3, 1});
  all.push_back({4, 0, 0, 0, 0, 0, 0, 0, 30, 1});
  return all;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  Choices choices(fuzz::text(data, size));
  switch (choices.next() % 5) {
    case 0: check_inclusion(choices); break;
    case 1: check_consistency(choices); break;
    case 2: check_proof_file(choices); break;
    case 3: check_a_cosignature(choices); break;
    default: check_a_receipt(choices);
  }
  return 0;
}
