// What the simulation must be able to find: each is one mistake, in place of what a node does.
#pragma once

#include <cstdint>
#include <string_view>

namespace suyuan::sim {

enum class Mutant : uint8_t {
  none,
  acknowledges_before_sync,   // a commit is said to be on disk before it is
  acknowledges_before_append,  // a sender is answered when the log has only been asked
  believes_a_retried_commit,  // a commit that failed is said to be done
  writes_half_a_commit,       // a crash leaves one half of it
  drops_the_last_link,        // of the chain of a code, on one node
  changes_a_payload,          // one bit of it, on one node
  forgets_duplicates,         // a batch sent twice is judged as if it were new, on one node
  seals_without_a_code,       // the map lacks a code, on one node
  orders_otherwise,           // a group's batches are applied in another order, on one node
  takes_its_own_time,         // the clock of the node in place of the group's, on one node
  leaves_a_group_out,         // the first one after a restart
  ignores_the_marks,          // a store that came back older is gone on from
  publishes_before_sealing,   // a checkpoint leaves the node before its seal is committed
  signs_without_a_mark,       // a checkpoint leaves the node before the watermark is written
  marks_nothing_acknowledged,  // a receipt leaves the node, and its mark was never written
};
inline constexpr Mutant kLastMutant = Mutant::marks_nothing_acknowledged;
std::string_view word(Mutant mutant);

}  // namespace suyuan::sim
