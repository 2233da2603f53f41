// The seal: the last leaf of every published checkpoint. It commits to the chain map, and so to the
// head of every code's chain, over all leaves before it (formats.md 6).
//
//   suyuan/seal/v1
//   ledger <origin> <base64 of H(data of leaf 0)>
//   rules <version in force at this leaf>
//   previous <leaf of the previous seal, or ->
//   leaves <number of leaves before this one: its own index>
//   events <events so far>
//   chains <codes so far>
//   map <base64 of the chain map's root>
//
// A seal is not a signed note: the checkpoint over it is signed.
#pragma once

#include "ledger/apply/apply.h"
#include "ledger/registry/genesis.h"

namespace suyuan {

struct SealText {
  LedgerId ledger;
  uint64_t rules = 1;
  std::optional<uint64_t> previous = {};
  uint64_t leaves = 0;
  uint64_t events = 0;
  uint64_t chains = 0;
  Hash map;
  friend bool operator==(const SealText&, const SealText&) = default;
};

// Requires: a seal that parse_seal could return.
std::string write_seal(const SealText& seal);
// Parses strictly. Errors: NOTE_SYNTAX, also for numbers that contradict each other (events without
// codes, a previous seal at or after this leaf).
Result<SealText> parse_seal(std::string_view text);

// Appends the seal of all that is in `state`, whose chain map has the root `map`. It is a group of
// its own, without verdicts. Errors: IO, CORRUPT.
Result<Applied> apply_seal(const Reader& state, uint64_t position, int64_t time_ms,
                           const Hash& map);

// Returns the seal at a leaf. It must be of this ledger and of that leaf.
// Errors: CORRUPT, NOT_FOUND, IO.
Result<SealText> read_seal(const Reader& reader, const LedgerId& ledger, uint64_t leaf);

}  // namespace suyuan
