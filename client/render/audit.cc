#include "client/render/audit.h"

#include "client/text/phrases.h"
#include "client/trust.h"
#include "ledger/base/text.h"
#include "proto/jsontext/writer.h"

namespace suyuan {
namespace {

std::string number(uint64_t value) { return std::to_string(value); }

int64_t as_of_ms(const AuditReport& report) {
  if (!report.as_of_s) return report.sealed_ms;
  return std::min(report.sealed_ms, static_cast<int64_t>(*report.as_of_s) * 1000);
}

// The log time is then that of the last entry; otherwise nobody has seen it.
bool read_whole(const AuditReport& report) { return report.counts.leaves == report.head.size; }

std::string place_text(const AuditFault& fault, const Paper& paper) {
  std::vector<std::string> parts;
  if (fault.leaf) parts.push_back(paper.say(Say::audit_entry, {number(*fault.leaf)}));
  if (fault.event) parts.push_back(paper.say(Say::audit_event, {number(*fault.event)}));
  if (!fault.field.empty()) parts.push_back(fault.field);
  if (!fault.file.empty()) parts.push_back(fault.file);
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : ", ") + part;
  return shown(text);
}

void put_counts(Paper& paper, const AuditReport& report) {
  const AuditCounts& counts = report.counts;
  paper.labelled(Say::status_entries, number(counts.leaves));
  paper.labelled(Say::audit_batches, number(counts.batches));
  paper.labelled(Say::audit_signatures, number(counts.signatures));
  paper.labelled(Say::audit_acts,
                 paper.say(Say::audit_acts_of, {number(counts.acts), number(report.parties)}));
  paper.labelled(Say::status_events, number(counts.events));
  paper.labelled(Say::audit_payloads,
                 paper.say(Say::audit_payloads_of, {number(counts.open), number(counts.withheld),
                                                    number(counts.erased)}));
  if (counts.notices != 0) paper.labelled(Say::audit_notices, number(counts.notices));
  paper.labelled(Say::audit_links, number(counts.links));
  paper.labelled(Say::status_codes, number(counts.codes));
  paper.labelled(Say::audit_seals, number(counts.seals));
  if (report.replay) {
    const std::string leaves = number(report.replay->leaves);
    const std::string rows = number(report.replay->rows);
    paper.labelled(Say::audit_replay, report.replay->rows == 0
                                          ? paper.say(Say::audit_replay_of, {leaves})
                                          : paper.say(Say::audit_rows_of, {leaves, rows}));
  }
  if (!report.store) return;
  paper.labelled(Say::audit_store,
                 paper.say(Say::audit_store_of,
                           {number(report.store->links), number(report.store->codes)}));
}

void put_fault(Paper& paper, const AuditFault& fault) {
  paper.labelled(Say::audit_result,
                 std::string(paper.say(Say::audit_wrong)) + ": " + std::string(word(fault.check)),
                 Tone::warning);
  paper.labelled(Say::audit_place, place_text(fault, paper), Tone::strong);
  paper.labelled(Say::audit_rule_is, audit_rule(fault.check, paper.style().lang));
  paper.labelled(Say::audit_found, shown(fault.message));
  paper.line(paper.say(Say::audit_stopped));
}

void put_fault(JsonWriter& out, const AuditFault& fault) {
  out.key("fault");
  out.begin_object();
  out.field("check", word(fault.check));
  out.field("rule", rule(fault.check));
  if (fault.leaf) out.key("leaf"), out.number(*fault.leaf);
  if (fault.event) out.key("event"), out.number(uint64_t{*fault.event});
  out.field("field", fault.field);
  out.field("file", fault.file);
  out.field("message", fault.message);
  out.end_object();
}

void put_counts(JsonWriter& out, const AuditReport& report) {
  const AuditCounts& counts = report.counts;
  out.key("counts");
  out.begin_object();
  for (const auto& [name, value] : {std::pair{"leaves", counts.leaves},
                                    {"batches", counts.batches},
                                    {"seals", counts.seals},
                                    {"events", counts.events},
                                    {"open", counts.open},
                                    {"withheld", counts.withheld},
                                    {"erased", counts.erased},
                                    {"acts", counts.acts},
                                    {"notices", counts.notices},
                                    {"signatures", counts.signatures},
                                    {"links", counts.links},
                                    {"codes", counts.codes},
                                    {"parties", report.parties},
                                    {"bytesRead", report.bytes_read}}) {
    out.key(name);
    out.number(value);
  }
  if (report.store) {
    out.key("storedLinks");
    out.number(report.store->links);
  }
  if (report.replay) {
    out.key("replayed");
    out.number(report.replay->leaves);
    out.key("derivedRows");
    out.number(report.replay->rows);
  }
  out.end_object();
}

}  // namespace

std::vector<NotChecked> not_checked(const AuditReport& report, const AuditSource& source,
                                    Lang lang) {
  std::vector<NotChecked> all;
  const auto add = [&](std::string_view code, Say what,
                       std::initializer_list<std::string_view> values = {}) {
    all.push_back({code, say(what, lang, values)});
  };
  add("TRUTH", Say::not_truth);
  if (!report.replay) {
    add("EFFECT", Say::not_effect);
  } else if (report.replay->withheld_at) {
    add("EFFECT", Say::not_effect_from, {number(*report.replay->withheld_at)});
  }
  add("SECTIONS", Say::not_sections);
  if (source.node_folder) {
    const bool findings = report.replay && report.replay->rows != 0;
    const bool rows = findings && report.replay->all_rows;
    add("DERIVED", rows ? Say::not_receipts : findings ? Say::not_facts : Say::not_derived);
  }
  if (read_whole(report)) {
    add("FRESHNESS", Say::not_fresh, {time_text(as_of_ms(report))});
  } else {
    add("FRESHNESS", Say::not_fresh_part);
  }
  if (!source.pinned) add("IDENTITY", Say::not_pinned);
  if (report.witnesses == 0) {
    add("WITNESSES", Say::not_witnessed);
  } else if (!report.replayer) {
    add("REPLAYER", Say::not_replayed);
  }
  if (report.counts.withheld != 0)
    add("WITHHELD", Say::not_withheld, {number(report.counts.withheld)});
  if (report.counts.erased != 0) add("ERASED", Say::not_erased, {number(report.counts.erased)});
  if (report.resumed_from != 0)
    add("RESUMED", Say::not_again, {number(report.resumed_from), shown(source.state_file)});
  if (source.later != 0) add("LATER", Say::not_later, {number(source.later)});
  for (const auto& suspect : report.suspects) {
    add("SUSPECT_KEY", Say::not_suspect,
        {suspect.party, to_base64(suspect.key.view()), number(suspect.from)});
  }
  return all;
}

std::string render_audit(const AuditReport& report, const AuditSource& source, const Style& style) {
  Paper paper(style);
  paper.labelled(Say::audit_source, shown(source.name));
  if (!report.ledger.origin.empty()) {
    paper.labelled(Say::status_ledger, shown(report.ledger.origin), Tone::strong);
    paper.labelled(Say::status_fingerprint, fingerprint(report.ledger));
  }
  if (report.head.size != 0) {
    const std::string size = number(report.head.size);
    paper.labelled(Say::audit_checkpoint,
                   read_whole(report)
                       ? paper.say(Say::audit_tree, {size, time_text(report.sealed_ms)})
                       : paper.say(Say::audit_tree_part, {size}));
  }
  if (report.as_of_s) {
    paper.labelled(Say::audit_witnesses,
                   paper.say(Say::audit_witnessed,
                             {number(report.witnesses),
                              time_text(static_cast<int64_t>(*report.as_of_s) * 1000)}));
  }
  if (report.resumed_from != 0) {
    paper.labelled(Say::audit_resumed,
                   paper.say(Say::audit_resumed_at, {number(report.resumed_from)}));
  }
  put_counts(paper, report);
  if (report.fault) {
    put_fault(paper, *report.fault);
  } else {
    paper.labelled(Say::audit_result, paper.say(Say::audit_clean), Tone::good);
  }
  paper.line();
  paper.line(paper.tone(paper.say(Say::audit_not), Tone::strong));
  for (const auto& one : not_checked(report, source, style.lang)) {
    bool first = true;
    for (const auto& line : wrapped(one.text, style.view.columns - 2)) {
      paper.line((first ? "- " : "  ") + line);
      first = false;
    }
  }
  return paper.take();
}

std::string audit_json(const AuditReport& report, const AuditSource& source) {
  JsonWriter out;
  out.begin_object();
  out.field("result", report.fault ? "wrong" : "clean");
  out.field("source", source.name);
  if (!report.ledger.origin.empty()) {
    out.field("origin", report.ledger.origin);
    out.field("fingerprint", fingerprint(report.ledger));
  }
  out.key("size");
  out.number(report.head.size);
  out.field("root", to_base64(report.head.root.view()));
  if (read_whole(report)) out.field("sealed", to_rfc3339({.ms = report.sealed_ms}));
  if (report.as_of_s)
    out.field("asOf", to_rfc3339({.ms = static_cast<int64_t>(*report.as_of_s) * 1000}));
  out.key("witnesses");
  out.number(uint64_t{report.witnesses});
  out.key("resumedFrom");
  out.number(report.resumed_from);
  if (report.fault) put_fault(out, *report.fault);
  put_counts(out, report);
  out.key("notChecked");
  out.begin_array();
  for (const auto& one : not_checked(report, source, Lang::en)) {
    out.begin_object();
    out.field("code", one.code);
    out.field("text", one.text);
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return std::move(out).str();
}

}  // namespace suyuan
