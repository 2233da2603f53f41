// Rows that notices write next to the log (formats.md 8, 12): the place of their links, and meta
// rows.
//
//   "erased/" place ‖ section digest  u64 leaf of the notice that ordered it
//   "absent/" place ‖ section digest  empty: the section was already missing on the node from
//                                     which the log was copied
//   "purge/" key of a section's row   empty: erased, but files may still hold its bytes
#pragma once

#include "ledger/store/schema.h"

namespace suyuan {

// The event index of a notice's link in a chain: {its leaf, kNoticeEvent}. No batch has that many
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
