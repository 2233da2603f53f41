// Where in the JSON the parts of a value came from, so that a fault of the value can say where.
// Internal to this folder.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/event/event.h"

namespace suyuan::ld {

// Of each item of a list: its index in the list of EPCs or of quantities.
struct ItemOrigin {
  bool quantity = false;
  uint32_t index = 0;
};
using ItemOrigins = std::vector<ItemOrigin>;

struct Origins {
  ItemOrigins objects, children, inputs, outputs;
};

// `field` as faults_of names it ("objects[3].code"); as a JSON pointer ("/epcList/3").
std::string pointer_of(const Origins& origins, std::string_view field);

}  // namespace suyuan::ld
