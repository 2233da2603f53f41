#include "proto/json/notice_json.h"

#include "ledger/base/text.h"
#include "ledger/batch/notice.h"

namespace suyuan {

void write_notice_json(JsonWriter& out, const EventView& view) {
  const auto notice = parse_notice(view.note);
  if (const EraseNotice* erase = notice ? erasure_of(*notice) : nullptr; erase != nullptr) {
    out.field("party", erase->party);
    out.key("erases");
    out.begin_object();
    out.key("leaf");
    out.number(erase->leaf);
    out.key("event");
    out.number(uint64_t{erase->event});
    if (erase->section) out.field("section", to_base64(erase->section->view()));
    out.field("ground", word(erase->ground));
    out.end_object();
  }
  out.field("note", view.note);
}

}  // namespace suyuan
