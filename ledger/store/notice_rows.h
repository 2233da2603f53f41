// What notices write beside the log (formats.md 8, 12): the place of their links, and rows in meta.
//
//   "erased/" place ‖ section digest  u64 leaf of the notice that ordered it
//   "absent/" place ‖ section digest  empty: another node, from which the log was taken, had the
//                                     section no more
//   "purge/" key of a section's row   empty: it was erased, and its bytes may be in files still
#pragma once

#include "ledger/store/schema.h"

namespace suyuan {

// Of the link that a notice makes in a chain, {its leaf, kNoticeEvent}: no batch has so many
// events.
inline constexpr uint32_t kNoticeEvent = 0xFFFFFFFF;

inline constexpr std::string_view kErasedRows = "erased/";
inline constexpr std::string_view kAbsentRows = "absent/";
inline constexpr std::string_view kPurgeRows = "purge/";

inline Bytes erased_prefix(Place place) { return Bytes(kErasedRows) + place_key(place); }
inline Bytes erased_key(Place place, const Hash& digest) {
  return erased_prefix(place).append(digest.view());
}
inline Bytes absent_key(Place place, const Hash& digest) {
  return (Bytes(kAbsentRows) + place_key(place)).append(digest.view());
}

}  // namespace suyuan
