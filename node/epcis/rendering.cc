#include "node/epcis/rendering.h"

#include "proto/epcis/write.h"
#include "proto/event_codec.h"

namespace suyuan::epcis {

Result<Rendered> render(const StoredPayload& payload) {
  const bool for_everyone = payload.audience == EventAudience::everyone;
  if (payload.type == PayloadType::epcis_json)
    return Rendered{.json = payload.bytes, .for_everyone = for_everyone};
  SUYUAN_TRY(event, decode_event(payload.bytes));
  return Rendered{.json = write_epcis(event), .for_everyone = for_everyone};
}

}  // namespace suyuan::epcis
