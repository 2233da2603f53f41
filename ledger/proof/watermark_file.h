// The bytes of a watermark file (formats.md 12): two slots, 4,096 bytes apart, written in turn. A
// node writes it (node/ops/watermark.h); an audit of its folder reads it.
#pragma once

#include <array>
#include <optional>

#include "ledger/merkle/proof.h"

namespace suyuan {

struct Mark {
  uint64_t epoch = 0;  // number of the write; the slot with the higher one counts
  TreeHead tree;
  friend bool operator==(const Mark&, const Mark&) = default;
};

inline constexpr size_t kMarkSlots = 2;
inline constexpr size_t kMarkSlotStride = 4096;  // a torn write of one slot never reaches the other
inline constexpr size_t kMarkFileBytes = kMarkSlots * kMarkSlotStride;

struct MarkInSlot {
  Mark mark;
  size_t slot = 0;
};

Bytes encode_mark(const Mark& mark);
// Returns the mark that counts, nullopt if neither slot is readable. An intact file always has one.
std::optional<MarkInSlot> newest_mark(BytesView file);

}  // namespace suyuan
