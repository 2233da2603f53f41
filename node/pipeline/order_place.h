// A store's place in an ordered log that several nodes share: one row next to the ledger's head,
// committed with each group. A store without it shares no log.
#pragma once

#include <optional>

#include "ledger/order/order.h"
#include "ledger/store/schema.h"

namespace suyuan {

Change order_place_row(const OrderPlace& place);
// Errors: CORRUPT (an invalid place, or not the one that the ledger's head names).
Result<std::optional<OrderPlace>> read_order_place(const Reader& reader);
// Where the generation of a log began that a store comes from (node/peers/generation.h); {}: it
// comes from that log as it was founded, or from none. Errors: CORRUPT, IO.
Change generation_row(std::string_view log, const OrderPlace& base);
Result<OrderPlace> read_generation(const Reader& reader, std::string_view log);
// The newest group that erased something: once all nodes have it, the shared log keeps no group
// before it, so that none holds what was erased. 0: none.
Change erase_place_row(uint64_t position);
// In a store that erased something and has no place in the log yet: it becomes the place that the
// store comes to (node/peers/log_sync.h).
inline constexpr uint64_t kErasePlaceUnknown = UINT64_MAX;
uint64_t read_erase_place(const Reader& reader);
// The place of a ledger that has not shared a log until now: a log that continues it begins here.
// The same for all stores with the same leaves.
Result<OrderPlace> place_of_ledger(const Reader& reader);

}  // namespace suyuan
