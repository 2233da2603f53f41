// RegistryEvent as a signed payload: canonical Cap'n Proto, one encoding for each value.
#pragma once

#include "ledger/base/error.h"
#include "ledger/registry/registry_event.h"

namespace suyuan {

// As decode_event and encode_event (proto/event_codec.h), for registry acts.
Result<RegistryEvent> decode_registry(BytesView payload);
Bytes encode_registry(const RegistryEvent& event);

}  // namespace suyuan
