// Maps parts of a value back to their places in the JSON, for fault reports. Internal to this
// folder.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/event/event.h"

namespace suyuan::ld {

// For each item of a list: its index in the list of EPCs or of quantities.
struct ItemOrigin {
  bool quantity = false;
  uint32_t index = 0;
};
using ItemOrigins = std::vector<ItemOrigin>;

struct Origins {
  ItemOrigins objects, children, inputs, outputs;
};

// Converts a field of faults_of ("objects[3].code") to a JSON pointer ("/epcList/3").
std::string pointer_of(const Origins& origins, std::string_view field);

}  // namespace suyuan::ld
