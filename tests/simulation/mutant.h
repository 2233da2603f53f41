// Faults that the simulation must find. Each replaces something a node does by one mistake.
#pragma once

#include <cstdint>
#include <string_view>

namespace suyuan::sim {

enum class Mutant : uint8_t {
  none,
  acknowledges_before_sync,    // reports a commit as synced before it is
  acknowledges_before_append,  // answers a sender when the log has only been asked
  believes_a_retried_commit,   // reports a failed commit as done
  writes_half_a_commit,        // a crash leaves half of it
  drops_the_last_link,         // of a code's chain, on one node
  changes_a_payload,           // flips one bit of it, on one node
  forgets_duplicates,          // judges a repeated batch as new, on one node
  seals_without_a_code,        // omits a code from the map, on one node
  orders_otherwise,            // applies a group's batches in another order, on one node
  takes_its_own_time,          // uses its own clock instead of the group's, on one node
  leaves_a_group_out,          // the first one after a restart
  ignores_the_marks,           // continues from an older copy of the store
  publishes_before_sealing,    // publishes a checkpoint before its seal is committed
  signs_without_a_mark,        // publishes a checkpoint before the watermark is written
  marks_nothing_acknowledged,  // sends a receipt without writing the acknowledged mark
};
inline constexpr Mutant kLastMutant = Mutant::marks_nothing_acknowledged;
std::string_view word(Mutant mutant);

}  // namespace suyuan::sim
