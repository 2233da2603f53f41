#include "proto/epcis/event_hash.h"

namespace suyuan {

std::optional<std::string> event_hash_of(JsonValue, std::optional<JsonValue>) { return {}; }

}  // namespace suyuan
