// Events that contradict what the ledger holds, or that their party may not post (docs/state.md).
#include "tests/e2e/refusal_rows.h"

namespace suyuan::test {
namespace {

using testing::commission;
using testing::named;
using testing::observe;
using testing::pack;

// A batch of the party: its events; the last one is refused. What `before` gives is posted first,
// once for each wire's ledger.
Row row(std::string name, Code code, std::string field, std::string party,
        std::vector<TraceEvent> before, std::vector<TraceEvent> events) {
  const auto last = static_cast<int32_t>(events.size()) - 1;
  return {.name = std::move(name),
          .code = code,
          .event = last,
          .field = std::move(field),
          .submission = [=](SmallLedger& ledger) {
            if (!before.empty()) ledger.accept(party, before);
            return ledger.batch(party, events);
          }};
}

std::string can(const std::string& serial) { return "sgtin:" + kFormula + ":" + serial; }
std::string milk(const std::string& lot) { return "lot:" + kMilk + ":" + lot; }
const std::string kPallet1 = "sscc:395211040000010013";
const std::string kPallet2 = "sscc:395211040000010020";

TraceEvent inspected_by_a_maker() { return testing::inspect("09:30", "inspecting", {can("I1")}); }

TraceEvent corrected(TraceEvent event) {
  event.step = "storing";
  return testing::declared_wrong(std::move(event));
}

}  // namespace

std::vector<Row> state_rows() {
  const auto good = [](const std::string& serial) {
    return observe("09:00", "storing", {can(serial)});
  };
  const TraceEvent first = named(observe("09:00", "storing", {can("N1")}), "urn:x:n1");
  const TraceEvent second = named(observe("10:00", "storing", {can("N1")}), "urn:x:n1");
  const TraceEvent posted = named(observe("09:00", "inspecting", {can("W1")}), "urn:x:w1");
  return {
      row("an inspection by a maker", Code::UNAUTHORISED_ROLE, "step", "maker", {},
          {good("R1"), inspected_by_a_maker()}),
      row("a unit of another's product", Code::UNAUTHORISED_PRODUCT, "objects[0].code", "maker", {},
          {good("P1"), commission("09:00", {milk("L1") + " 5 KGM"})}),
      row("a serial made twice", Code::DUPLICATE_ID, "objects[1].code", "maker",
          {commission("09:00", {can("D1")})},
          {good("D0"), commission("10:00", {can("D2"), can("D1")})}),
      row("a can in two boxes", Code::DUPLICATE_PARENT, "children[0].code", "maker",
          {commission("09:00", {can("B1")}), pack("10:00", kPallet1, {can("B1")})},
          {good("B0"), pack("11:00", kPallet2, {can("B1")})}),
      row("a pallet inside its own case", Code::CONTAINMENT_CYCLE, "children[0].code", "maker",
          {pack("10:00", kPallet1, {"sscc:395211040000010037"})},
          {good("C0"), pack("11:00", "sscc:395211040000010037", {kPallet1})}),
      row("a pallet inside itself", Code::CONTAINMENT_CYCLE, "parent", "maker", {},
          {good("S0"), pack("11:00", kPallet1, {kPallet1})}),
      row("milk used that is used up", Code::ALREADY_CONSUMED, "inputs[0].code", "maker",
          {commission("09:00", {can("U1")}),
           testing::transform("10:00", {can("U1")}, {"lot:" + kFormula + ":U2 5 H87"})},
          {good("U0"),
           testing::transform("11:00", {can("U1")}, {"lot:" + kFormula + ":U3 5 H87"})}),
      row("more out than in", Code::MASS_BALANCE, "outputs", "farm", {},
          {observe("09:00", "storing", {milk("M0") + " 1 KGM"}),
           testing::transform("10:00", {"lot:09521103200018:X 10 KGM"}, {milk("M2") + " 11 KGM"})}),
      row("more used than there is", Code::MASS_BALANCE, "inputs[0].quantity", "farm",
          {commission("08:00", {milk("M3") + " 10 KGM"})},
          {observe("09:00", "storing", {milk("M3") + " 1 KGM"}),
           testing::transform("10:00", {milk("M3") + " 11 KGM"}, {milk("M4") + " 11 KGM"})}),
      row("an eventID with other bytes", Code::EVENT_ID_REUSED, "eventID", "maker", {first},
          {good("N0"), second}),
      row("an eventID twice in a batch", Code::EVENT_ID_REUSED, "eventID", "maker", {},
          {named(observe("09:00", "storing", {can("T1")}), "urn:x:t1"),
           named(observe("10:00", "storing", {can("T1")}), "urn:x:t1")}),
      row("a correction of nothing", Code::CORRECTION_INVALID, "eventID", "maker", {},
          {good("W0"),
           testing::declared_wrong(named(observe("09:00", "storing", {can("W0")}), "urn:x:w0"))}),
      row("a correction that says something else", Code::CORRECTION_INVALID, "objects[0].code",
          "maker", {posted}, {good("W2"), corrected(posted)}),
      row("an event of tomorrow", Code::EVENT_TIME_AHEAD, "eventTime", "maker", {},
          {good("E0"), observe("2026-06-03T00:00:00Z", "storing", {can("E1")})}),
  };
}

}  // namespace suyuan::test
