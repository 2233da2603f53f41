#include "node/epcis/answer.h"

#include <algorithm>
#include <array>

#include "ledger/base/text.h"
#include "ledger/code/code.h"
#include "proto/epcis/terms.h"
#include "proto/jsontext/writer.h"

namespace suyuan::http::epcis {
namespace {

constexpr std::array<std::string_view, 6> kEpcLists = {
    "epcList", "childEPCs", "inputEPCList", "outputEPCList", "parentID", "epcClass"};
constexpr std::array<std::string_view, 4> kQuantityLists = {
    "quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"};
// Not a sensor's deviceID: the ledger reads it as a URI, so another spelling would be another one.
constexpr std::array<std::string_view, 5> kPairLists = {
    "sourceList", "destinationList", "bizTransactionList", "readPoint", "bizLocation"};
constexpr std::array<std::string_view, 5> kCodeMembers = {"epcClass", "id", "source",
                                                          "destination", "bizTransaction"};

template <size_t N>
bool is_in(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Writes one event into an answer's list.
class EventWriter {
 public:
  EventWriter(JsonWriter& out, EpcFormat format) : out_(out), format_(format) {}

  // `keeps_context`: its prefixes are not the document's.
  void write(JsonValue event, const api::EventText& about, bool keeps_context) {
    out_.begin_object();
    for (const JsonValue member : event) {
      if (member.name() == "@context" && !keeps_context) continue;
      if (member.name() == "recordTime" || ld::is_answer_term(member.name())) continue;
      out_.key(member.name());
      write_member(member);
    }
    out_.field("recordTime", std::optional<Moment>(Moment{.ms = about.record_time_ms}));
    out_.field(ld::kStatedBy, about.party);
    out_.field(ld::kStatedThrough, about.signer);
    out_.field(ld::kPlaceTerm, std::to_string(about.place.leaf) + "/" +
                                    std::to_string(about.place.event));
    out_.end_object();
  }

 private:
  void write_member(JsonValue member) {
    const std::string_view name = member.name();
    if (format_ != EpcFormat::digital_link) {
      out_.value(member);
    } else if (is_in(kEpcLists, name)) {
      write_codes(member);
    } else if (is_in(kQuantityLists, name) || is_in(kPairLists, name)) {
      write_objects(member);
    } else {
      out_.value(member);
    }
  }

  void write_code(JsonValue value) {
    if (value.kind() != NodeKind::text || !value.value().starts_with("urn:epc:"))
      return out_.value(value);
    const auto code = parse_code(value.value());
    out_.text(code ? code->text() : value.value());
  }

  void write_codes(JsonValue value) {
    if (value.kind() != NodeKind::array) return write_code(value);
    out_.begin_array();
    for (const JsonValue one : value) write_code(one);
    out_.end_array();
  }

  // Objects with a code in one of their members, or a list of them.
  void write_objects(JsonValue value) {
    if (value.kind() == NodeKind::array) {
      out_.begin_array();
      for (const JsonValue one : value) write_object(one);
      out_.end_array();
    } else {
      write_object(value);
    }
  }
  void write_object(JsonValue value) {
    if (value.kind() != NodeKind::object) return write_code(value);
    out_.begin_object();
    for (const JsonValue member : value) {
      out_.key(member.name());
      if (is_in(kCodeMembers, member.name()))
        write_code(member);
      else
        out_.value(member);
    }
    out_.end_object();
  }

  JsonWriter& out_;
  const EpcFormat format_;
};

// The prefixes that every event of the answer declares alike. A declaration of one event stays in
// it: it would change the meaning of the others' identifiers.
class SharedContext {
 public:
  explicit SharedContext(const std::vector<api::Prefixes>& of_events) {
    if (!of_events.empty()) shared_ = of_events.front();
    for (const auto& own : of_events) {
      std::erase_if(shared_, [&](const auto& one) {
        const auto found = own.find(one.first);
        return found == own.end() || found->second != one.second;
      });
    }
  }
  // Whether the document's context covers all of the event's own.
  bool says(const api::Prefixes& own) const { return own.size() == shared_.size(); }
  void write(JsonWriter& out) const {
    out.key("@context");
    out.begin_array();
    out.text(kContextAddress);
    if (!shared_.empty()) {
      out.begin_object();
      for (const auto& [name, space] : shared_) out.field(name, space);
      out.end_object();
    }
    out.end_array();
  }

 private:
  api::Prefixes shared_;
};

}  // namespace

Result<std::string> write_query_document(const AnswerHead& head,
                                         const std::vector<api::EventText>& events,
                                         EpcFormat format) {
  std::vector<JsonDocument> documents;
  std::vector<api::Prefixes> prefixes;
  for (const auto& event : events) {
    SUYUAN_TRY(document, parse_json(event.json));
    api::Prefixes own;
    for (const JsonValue member : document.root()) {
      if (member.name() == "@context") api::add_prefixes(member, own);
    }
    prefixes.push_back(std::move(own));
    documents.push_back(std::move(document));
  }
  const SharedContext context(prefixes);
  JsonWriter out;
  out.begin_object();
  context.write(out);
  out.field("type", "EPCISQueryDocument");
  out.field("schemaVersion", "2.0");
  out.field("creationDate", std::optional<Moment>(Moment{.ms = head.created_ms}));
  out.key("epcisBody");
  out.begin_object();
  out.key("queryResults");
  out.begin_object();
  out.field("queryName", head.query_name);
  out.field("subscriptionID", head.subscription_id);
  out.key("resultsBody");
  out.begin_object();
  out.key("eventList");
  out.begin_array();
  EventWriter writer(out, format);
  for (size_t i = 0; i < events.size(); ++i)
    writer.write(documents[i].root(), events[i], !context.says(prefixes[i]));
  out.end_array();
  for (int i = 0; i < 4; ++i) out.end_object();
  return std::move(out).str();
}

std::string write_collection(const std::vector<std::string>& members) {
  JsonWriter out;
  out.begin_object();
  out.field("@context", kContextAddress);
  out.field("type", "Collection");
  out.key("member");
  out.begin_array();
  for (const auto& member : members) out.text(member);
  out.end_array();
  out.end_object();
  return std::move(out).str();
}

}  // namespace suyuan::http::epcis
