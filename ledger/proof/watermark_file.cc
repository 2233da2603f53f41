#include "ledger/proof/watermark_file.h"

#include "ledger/base/coding.h"
#include "ledger/crypto/hash.h"

namespace suyuan {
namespace {

constexpr BytesView kMarkTag = "suyuan/watermark/v1\n";
constexpr size_t kMarkBodyBytes = 2 * sizeof(uint64_t) + Hash::kSize;

// Returns nullopt if it is torn, damaged, or was never written.
std::optional<Mark> decode_mark(BytesView slot) {
  Mark mark;
  Hash sum;
  Decoder in(slot);
  if (!in.get_u64(mark.epoch) || !in.get_u64(mark.tree.size) || !in.get_fixed(mark.tree.root) ||
      !in.get_fixed(sum)) {
    return std::nullopt;
  }
  if (sum != sha256({kMarkTag, slot.substr(0, kMarkBodyBytes)})) return std::nullopt;
  return mark;
}

}  // namespace

Bytes encode_mark(const Mark& mark) {
  Bytes slot;
  put_u64(slot, mark.epoch);
  put_u64(slot, mark.tree.size);
  slot += mark.tree.root.view();
  const Hash sum = sha256({kMarkTag, slot});
  slot += sum.view();
  return slot;
}

std::optional<MarkInSlot> newest_mark(BytesView file) {
  std::optional<MarkInSlot> newest;
  for (size_t slot = 0; slot < kMarkSlots; ++slot) {
    if (file.size() < slot * kMarkSlotStride) break;
    const auto mark = decode_mark(file.substr(slot * kMarkSlotStride));
    if (!mark || (newest && newest->mark.epoch >= mark->epoch)) continue;
    newest = {.mark = *mark, .slot = slot};
  }
  return newest;
}

}  // namespace suyuan
