// What must accompany what: the conditions of the JSON Schema, and those that it cannot express.
#include <algorithm>
#include <set>

#include "ledger/base/text.h"
#include "ledger/code/code.h"
#include "proto/epcis/read.h"

namespace suyuan::ld {
namespace {

bool is_code(std::string_view text) {
  const auto parsed = parse_code(text);
  return parsed && parsed->text() == text;
}

}  // namespace

// Members of ilmd and suyuan:ilmd form one tree, and so do extensions.
void EventReader::check_names(const Tree& tree, const At& at) {
  std::set<std::string_view> names;
  for (const TreeNode& node : tree) {
    if (node.depth == 0 && !names.insert(node.name).second) {
      return faults_.add(Code::INVALID_FIELD, at, quoted(node.name) + " is there twice");
    }
  }
}

void EventReader::check_rules() {
  const At at_time = kEvent.member("eventTime");
  const At at_zone = kEvent.member("eventTimeZoneOffset");
  const At at_action = kEvent.member("action");
  needs(has(Member::event_time), at_time, "an event says when it happened");
  needs(has(Member::time_zone), at_zone,
        "an event states the place's offset from UTC, such as \"+08:00\"");
  if (event_.type != EventType::transformation) {
    needs(has(Member::action), at_action,
          std::string(type_name(event_.type)) + " has an action: ADD, OBSERVE or DELETE");
  }
  check_what_is_there();
  const At at_ilmd = kEvent.member("ilmd");
  if (has(Member::ilmd) && event_.type == EventType::object && event_.action != Action::add) {
    faults_.add(Code::INVALID_FIELD, at_ilmd,
                "master data of instances and lots belong to their making: action ADD");
  }
  if (event_.error) {
    const At at_error = kEvent.member("errorDeclaration");
    const At at_ids = at_error.member("correctiveEventIDs");
    if (event_.error->reason == "did_not_occur" && !event_.error->corrective_event_ids.empty()) {
      faults_.add(Code::INVALID_FIELD, at_ids,
                  "no other event corrects what did_not_occur: leave the list out");
    }
  }
  check_names(event_.ilmd, at_ilmd);
  check_names(event_.extensions, kEvent.member("suyuan:extensions"));
  if (faults_.any()) return;
  find_lot();
  add_masses();
  name_place();
  if (!kind_stated_) event_.kind = kind_of(event_);
}

void EventReader::check_what_is_there() {
  const auto some = [](const std::vector<Item>& items) { return !items.empty(); };
  const bool removes = event_.action == Action::remove;
  const At at_parent = kEvent.member("parentID");
  const At at_children = kEvent.member("childEPCs");
  const At at_epcs = kEvent.member("epcList");
  switch (event_.type) {
    case EventType::object:
      return needs(has(Member::epcs) || some(event_.objects) ||
                       (!event_.sensors.empty() && has(Member::read_point)),
                   at_epcs, "an ObjectEvent has epcList or quantityList, or sensorElementList "
                            "with a readPoint");
    case EventType::transaction: {
      const At at_papers = kEvent.member("bizTransactionList");
      needs(has(Member::transactions), at_papers,
            "a TransactionEvent must name its business transactions");
      return needs(has(Member::epcs) || some(event_.objects) || removes, at_epcs,
                   "a TransactionEvent needs epcList or quantityList, except for DELETE");
    }
    case EventType::aggregation:
    case EventType::association: {
      const bool observes = event_.action == Action::observe;
      if (event_.type == EventType::association || !observes) {
        needs(has(Member::parent), at_parent,
              "what is joined or taken apart needs a parent, named by its identifier");
      }
      return needs(some(event_.children) || removes, at_children,
                   "only action DELETE may leave the children out: then all leave the parent");
    }
    case EventType::transformation: break;
  }
  const bool inputs = some(event_.inputs);
  const bool outputs = some(event_.outputs);
  const bool joined = has(Member::transformation_id);
  const At at_side = kEvent.member(inputs ? "outputEPCList" : "inputEPCList");
  needs((inputs && outputs) || (joined && (inputs || outputs)), at_side,
        "a TransformationEvent names inputs and outputs, or a transformationID and one of them");
}

// The ledger keeps a statement under the codes that it names. A statement that names no thing is
// about its documents or its place.
void EventReader::name_place() {
  const bool about_things = event_.type == EventType::object ||
                            event_.type == EventType::transaction;
  if (!about_things || !event_.objects.empty() || !event_.parent.empty()) return;
  if (event_.type == EventType::transaction) {
    for (const Reference& paper : event_.transactions) {
      // One document may be listed twice, under two types.
      const bool known = std::ranges::find(event_.objects, paper.id, &Item::code) !=
                         event_.objects.end();
      // A plain EPC is a thing, not a document.
      if (!known && is_code(paper.id) && !is_plain_epc(paper.id))
        event_.objects.push_back({.code = paper.id});
    }
  }
  const std::string& place = event_.read_point.empty() ? event_.biz_location : event_.read_point;
  if (event_.objects.empty() && !place.empty()) event_.objects.push_back({.code = place});
  const At at_epcs = kEvent.member("epcList");
  needs(!event_.objects.empty(), at_epcs,
        "the event names no thing, document or place, so nobody could ever find it");
}

}  // namespace suyuan::ld
