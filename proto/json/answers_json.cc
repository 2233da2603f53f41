#include "proto/json/answers_json.h"

#include "ledger/base/text.h"
#include "ledger/batch/note.h"
#include "ledger/event/record.h"
#include "proto/epcis/event_hash.h"
#include "proto/json/event_json.h"
#include "proto/json/fields.h"
#include "proto/json/notice_json.h"
#include "proto/json/registry_json.h"
#include "proto/submission_codec.h"

namespace suyuan {
namespace {

void write_place(JsonWriter& out, const Place& place) {
  number_field(out, "leaf", place.leaf);
  number_field(out, "event", place.event);
}

void write_finding(JsonWriter& out, const Finding& finding) {
  out.field("flag", word(finding.flag));
  out.field("meaning", meaning(finding.flag));
  write_place(out, finding.event);
  out.field("reason", finding.reason);
  out.field("codes", finding.codes);
  objects_field(out, "related", finding.related, write_place);
}

void write_held(JsonWriter& out, const Held& held) {
  out.key("held");
  out.begin_object();
  texts_field(out, "nodes", held.nodes);
  number_field(out, "of", held.of);
  if (!held.checkpoint.empty()) {
    out.field("checkpoint", held.checkpoint);
    hashes_field(out, "path", held.path);
  }
  out.end_object();
}

void write_code_head(JsonWriter& out, const CodeHead& head) {
  out.field("code", head.code);
  number_field(out, "count", head.head.count);
  out.field("link", to_base64(head.head.link.view()));
}

void write_payload(JsonWriter& out, const EventView& view, const BatchNote& note) {
  switch (view.state) {
    case PayloadState::withheld:
      out.field("payloadState", "withheld");
      if (view.audience != EventAudience::everyone) out.field("withheld", word(view.audience));
      if (const auto record = decode_record(view.record)) {
        out.field("payloadHash", to_base64(record->payload.view()));
      }
      return;
    case PayloadState::erased:
      return out.field("payloadState", "erased");
    case PayloadState::open:
      break;
  }
  out.field("payloadState", "open");
  out.field("salt", to_base64(view.salt.view()));
  out.field("payload", to_base64(view.payload));
  const auto value = decode_any_payload(note.type, view.payload);
  if (!value) return;
  if (const auto* event = std::get_if<TraceEvent>(&*value)) {
    if (note.type == PayloadType::epcis_json) {
      if (const auto hash = event_hash(view.payload)) out.field("fingerprint", *hash);
    }
    out.key("event");
    write_event(out, *event);
  } else {
    out.key("act");
    write_act(out, std::get<RegistryEvent>(*value));
  }
}

void write_view(JsonWriter& out, const EventView& view) {
  out.key("place");
  out.begin_object();
  write_place(out, view.place);
  out.end_object();
  time_field(out, "logTime", view.time_ms);
  if (view.place.event == kNoticeEvent) return write_notice_json(out, view);
  if (const auto note = parse_batch_note(view.note)) {
    out.field("party", note->batch.party);
    out.field("signer", note->batch.signer);
    out.field("with", note->batch.with);
    out.field("type", word(note->batch.type));
    write_payload(out, view, note->batch);
  }
  out.field("note", view.note);
  out.field("record", to_base64(view.record));
  if (!view.path.empty()) hashes_field(out, "path", view.path);
  if (!view.findings.empty()) objects_field(out, "findings", view.findings, write_finding);
  if (view.withdrawn_by) number_field(out, "withdrawnBy", *view.withdrawn_by);
  if (!view.erased.empty()) {
    objects_field(out, "erased", view.erased, [](JsonWriter& inner, const ErasedSection& erased) {
      inner.field("digest", to_base64(erased.digest.view()));
      number_field(inner, "notice", erased.notice);
    });
  }
  if (view.sections.empty()) return;
  objects_field(out, "sections", view.sections, [](JsonWriter& inner, const OpenSection& section) {
    number_field(inner, "index", section.index);
    inner.field("salt", to_base64(section.salt.view()));
    inner.field("bytes", to_base64(section.bytes));
  });
}

void write_step(JsonWriter& out, const TraceStep& step) {
  write_place(out, step.place);
  if (step.withheld) {
    time_field(out, "eventTime", step.event_time_ms);
    out.field("relation", word(step.relation));
    out.field("via", step.via);
    out.field("withheld", word(EventAudience::partner));
    return;
  }
  time_field(out, "eventTime", step.event_time_ms);
  out.field("kind", word(step.kind));
  out.field("step", step.step);
  out.field("relation", word(step.relation));
  out.field("via", step.via);
  if (step.no_effect) flag_field(out, "noEffect", true);
  if (step.withdrawn_by) number_field(out, "withdrawnBy", *step.withdrawn_by);
}

void write_state(JsonWriter& out, const ThingState& state) {
  out.field("code", state.code);
  flag_field(out, "exists", state.exists);
  out.field("disposition", state.disposition);
  out.field("custodian", state.custodian);
  out.field("inside", state.inside);
  out.field("insideAll", state.inside_all);
  out.field("location", state.location);
  out.field("lot", state.lot);
  out.field("balance", state.balance);
  out.field("uom", state.uom);
}

// {"head": {...}, "<name>": <what write writes>}
template <class Write>
std::string answer(const AnswerHead& head, std::string_view name, Write write) {
  JsonWriter out;
  out.begin_object();
  out.key("head");
  out.begin_object();
  number_field(out, "size", head.size);
  time_field(out, "logTime", head.time_ms);
  out.field("code", head.code);
  out.end_object();
  out.key(name);
  write(out);
  out.end_object();
  return std::move(out).str();
}

template <class Write>
std::string answer_object(const AnswerHead& head, std::string_view name, Write write) {
  return answer(head, name, [&](JsonWriter& out) {
    out.begin_object();
    write(out);
    out.end_object();
  });
}

template <class T, class Write>
std::string answer_page(const AnswerHead& head, std::string_view name, const Page<T>& page,
                        Write write) {
  return answer_object(head, name, [&](JsonWriter& out) {
    array_field(out, "items", page.items, write);
    out.field("next", page.next);
  });
}

}  // namespace

std::string to_json(const AnswerHead& head, const BatchReceipt& receipt) {
  return answer_object(head, "receipt", [&](JsonWriter& out) {
    out.field("note", receipt.note);
    number_field(out, "leaf", receipt.leaf);
    hashes_field(out, "path", receipt.path);
    time_field(out, "logTime", receipt.time_ms);
    objects_field(out, "heads", receipt.heads, write_code_head);
    objects_field(out, "findings", receipt.findings, write_finding);
    flag_field(out, "repeated", receipt.repeated);
    write_held(out, receipt.held);
  });
}

std::string to_json(const AnswerHead& head, const EventView& event) {
  return answer_object(head, "event", [&](JsonWriter& out) { write_view(out, event); });
}

std::string to_json(const AnswerHead& head, const TracePage& page) {
  return answer_object(head, "trace", [&](JsonWriter& out) {
    objects_field(out, "steps", page.trace.steps, write_step);
    if (!page.events.empty()) objects_field(out, "events", page.events, write_view);
    texts_field(out, "containers", page.trace.containers);
    texts_field(out, "ancestors", page.trace.ancestors);
    texts_field(out, "origins", page.trace.origins);
    texts_field(out, "documents", page.trace.documents);
    out.field("next", page.next);
  });
}

std::string to_json(const AnswerHead& head, const ChainPage& page) {
  return answer_object(head, "chain", [&](JsonWriter& out) {
    out.key("head");
    out.begin_object();
    write_code_head(out, page.head);
    out.end_object();
    objects_field(out, "entries", page.entries, [](JsonWriter& inner, const ChainEntry& entry) {
      number_field(inner, "n", entry.n);
      write_place(inner, entry.link.place);
      inner.field("link", to_base64(entry.link.link.view()));
    });
    if (!page.events.empty()) objects_field(out, "events", page.events, write_view);
    out.field("next", page.next);
  });
}

std::string to_json(const AnswerHead& head, const ThingState& state) {
  return answer_object(head, "state", [&](JsonWriter& out) { write_state(out, state); });
}

std::string to_json(const AnswerHead& head, const Contents& contents) {
  return answer_object(head, "contents", [&](JsonWriter& out) {
    objects_field(out, "items", contents.items, [](JsonWriter& inner, const Contained& item) {
      inner.field("code", item.code);
      inner.field("parent", item.parent);
      number_field(inner, "depth", item.depth);
    });
    flag_field(out, "truncated", contents.truncated);
  });
}

std::string to_json(const AnswerHead& head, const std::vector<Holding>& holdings) {
  return answer(head, "custody", [&](JsonWriter& out) {
    out.begin_array();
    for (const auto& holding : holdings) {
      out.begin_object();
      out.field("custodian", holding.custodian);
      time_field(out, "from", holding.from_ms);
      write_place(out, holding.place);
      out.end_object();
    }
    out.end_array();
  });
}

std::string to_json(const AnswerHead& head, const Forward& forward) {
  return answer_object(head, "forward", [&](JsonWriter& out) {
    texts_field(out, "lots", forward.lots);
    objects_field(out, "units", forward.units, [](JsonWriter& inner, const ForwardUnit& unit) {
      inner.field("lot", unit.lot);
      write_state(inner, unit.state);
    });
    number_field(out, "unitsTotal", forward.units_total);
    out.field("next", forward.next);
  });
}

std::string to_json(const AnswerHead& head, const Recall& recall) {
  return answer_object(head, "recall", [&](JsonWriter& out) {
    texts_field(out, "lots", recall.lots);
    objects_field(out, "groups", recall.groups, [](JsonWriter& inner, const RecallGroup& group) {
      inner.field("custodian", group.custodian);
      inner.field("disposition", group.disposition);
      number_field(inner, "units", group.units);
      texts_field(inner, "examples", group.examples);
    });
    number_field(out, "unitsTotal", recall.units_total);
    texts_field(out, "agents", recall.agents);
    texts_field(out, "notify", recall.notify);
  });
}

std::string to_json(const AnswerHead& head, const std::vector<BalanceLine>& lines) {
  return answer(head, "balance", [&](JsonWriter& out) {
    out.begin_array();
    for (const auto& line : lines) {
      out.begin_object();
      write_place(out, line.place);
      time_field(out, "eventTime", line.event_time_ms);
      out.field("amount", line.amount.to_text());
      out.field("uom", line.uom);
      out.field("left", line.left.to_text());
      out.end_object();
    }
    out.end_array();
  });
}

std::string to_json(const AnswerHead& head, const Page<PartyState>& page) {
  return answer_page(head, "parties", page, write_party);
}

std::string to_json(const AnswerHead& head, const Page<ProductData>& page) {
  return answer_page(head, "products", page, write_product);
}

std::string to_json(const AnswerHead& head, const Page<SiteData>& page) {
  return answer_page(head, "sites", page, write_site);
}

std::string to_json(const AnswerHead& head, const Status& status) {
  return answer_object(head, "status", [&](JsonWriter& out) {
    out.field("genesis", to_base64(status.genesis_leaf));
    out.field("node", status.node);
    out.field("version", status.version);
    number_field(out, "rules", status.rules);
    number_field(out, "events", status.events);
    number_field(out, "chains", status.chains);
    number_field(out, "position", status.position);
    number_field(out, "queued", status.queued);
    out.field("readOnly", status.read_only);
    number_field(out, "publishedSize", status.published_size);
    if (status.published_size != 0) time_field(out, "publishedTime", status.published_time_ms);
  });
}

std::string to_json(const AnswerHead& head, const Challenge& challenge) {
  return answer_object(head, "challenge", [&](JsonWriter& out) {
    out.field("ledger", challenge.ledger.line());
    out.field("node", challenge.node);
    out.field("nonce", to_base64(challenge.nonce.view()));
    number_field(out, "until", static_cast<uint64_t>(challenge.until_ms));
  });
}

std::string to_json(const AnswerHead& head, const OpenedSession& session) {
  return answer_object(head, "session", [&](JsonWriter& out) {
    out.field("token", session.token);
    out.field("party", session.party);
    time_field(out, "until", session.until_ms);
  });
}

std::string to_json(const AnswerHead& head, const AccessPage& page) {
  return answer_object(head, "access", [&](JsonWriter& out) {
    objects_field(out, "entries", page.entries, [](JsonWriter& inner, const AccessEntry& entry) {
      number_field(inner, "number", entry.number);
      time_field(inner, "time", entry.time_ms);
      inner.field("party", entry.party);
      inner.field("keyId", entry.key_id);
      inner.field("question", entry.question);
      inner.field("code", entry.code);
      objects_field(inner, "places", entry.places, write_place);
      if (entry.more) flag_field(inner, "more", true);
    });
    number_field(out, "oldest", page.oldest);
  });
}

}  // namespace suyuan
