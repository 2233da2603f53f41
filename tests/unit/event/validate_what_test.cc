// Rules of what: fields of each type, codes, quantities, lots.
#include <gtest/gtest.h>

#include "ledger/base/limits.h"
#include "tests/unit/event/events.h"

namespace suyuan {
namespace {

TEST(ObjectEvent, NeedsAnActionAndObjects) {
  auto event = object_event();
  event.action = Action::none;
  EXPECT_TRUE(has_fault(event, Code::MISSING_FIELD, "action"));
  event = object_event();
  event.objects.clear();
  EXPECT_TRUE(has_fault(event, Code::MISSING_FIELD, "objects"));
}

TEST(ObjectEvent, NamesItsThingsInObjectsAlone) {
  auto event = object_event();
  event.parent = kPallet;
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "parent"));
  event = object_event();
  event.children = {{.code = kOtherUnit}};
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "children"));
  event = object_event();
  event.inputs = {{.code = kLot}};
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "inputs"));
  event = object_event();
  event.outputs = {{.code = kLot}};
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "outputs"));
  event = object_event();
  event.losses = {{.reason = "spill", .quantity = {}, .uom = "KGM"}};
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "losses"));
  event = object_event();
  event.transformation_id = "urn:example:t1";
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "transformationID"));
}

TEST(AggregationEvent, NeedsAParentUnlessItObserves) {
  auto event = aggregation_event();
  event.parent.clear();
  EXPECT_TRUE(has_fault(event, Code::MISSING_FIELD, "parent"));
  event.action = Action::observe;
  EXPECT_TRUE(is_good(event));
  event.action = Action::remove;
  EXPECT_TRUE(has_fault(event, Code::MISSING_FIELD, "parent"));
}

TEST(AggregationEvent, NeedsChildrenUnlessItEmptiesTheParent) {
  auto event = aggregation_event();
  event.children.clear();
  EXPECT_TRUE(has_fault(event, Code::MISSING_FIELD, "children"));
  event.action = Action::observe;
  EXPECT_TRUE(has_fault(event, Code::MISSING_FIELD, "children"));
  event.action = Action::remove;
  EXPECT_TRUE(is_good(event));
}

TEST(AssociationEvent, AlwaysNeedsAParent) {
  auto event = aggregation_event();
  event.type = EventType::association;
  event.parent.clear();
  event.action = Action::observe;
  EXPECT_TRUE(has_fault(event, Code::MISSING_FIELD, "parent"));
}

TEST(TransactionEvent, NeedsObjectsOrAParent) {
  auto event = transaction_event();
  event.objects.clear();
  EXPECT_TRUE(has_fault(event, Code::MISSING_FIELD, "objects"));
  event.parent = kPallet;
  EXPECT_TRUE(is_good(event));
  event.objects = {{.code = kPallet}};
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "parent"));
}

TEST(TransformationEvent, HasNoAction) {
  auto event = transformation_event();
  event.action = Action::add;
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "action"));
}

TEST(TransformationEvent, NeedsBothListsOrAnIdThatJoinsThem) {
  auto event = transformation_event();
  event.outputs.clear();
  EXPECT_TRUE(has_fault(event, Code::MISSING_FIELD, "outputs"));
  event.transformation_id = "urn:example:t1";
  EXPECT_TRUE(is_good(event));
  event.inputs.clear();
  EXPECT_TRUE(has_fault(event, Code::MISSING_FIELD, "inputs"));
  event = transformation_event();
  event.inputs.clear();
  EXPECT_TRUE(has_fault(event, Code::MISSING_FIELD, "inputs"));
  event.transformation_id = "no uri";
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "transformationID"));
}

TEST(TransformationEvent, MakesNothingFromItself) {
  auto event = transformation_event();
  event.outputs.push_back({.code = kInputLot});
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "outputs[1].code"));
}

TEST(Codes, AreCanonical) {
  auto event = object_event();
  event.objects[0].code = "(01)09521104301011(21)3BGEJEE2QM52";
  EXPECT_TRUE(has_fault(event, Code::CODE_NOT_CANONICAL, "objects[0].code"));
  event.objects[0].code = "urn:suyuan:party:nz-mfr";
  EXPECT_TRUE(has_fault(event, Code::CODE_RESERVED, "objects[0].code"));
  event.objects[0].code.clear();
  EXPECT_TRUE(has_fault(event, Code::MISSING_FIELD, "objects[0].code"));
  event = aggregation_event();
  event.parent = "pallet 7";
  EXPECT_TRUE(has_fault(event, Code::CODE_SYNTAX, "parent"));
}

TEST(Codes, StandOnceInAList) {
  auto event = object_event();
  event.objects = {{.code = kUnit}, {.code = kOtherUnit}, {.code = kUnit}};
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "objects[2].code"));
}

TEST(Codes, AreNotBothParentAndChild) {
  auto event = aggregation_event();
  event.children.push_back({.code = kPallet});
  EXPECT_TRUE(has_fault(event, Code::CONTAINMENT_CYCLE, "parent"));
}

TEST(Codes, AreAtMostFourThousandAndNinetySix) {
  auto event = aggregation_event();
  event.children.clear();
  const std::string serial = "https://id.gs1.org/01/09521104301011/21/S";
  for (size_t i = 0; i + 1 < limits::kCodesPerEventMax; ++i) {
    event.children.push_back({.code = serial + std::to_string(i)});
  }
  EXPECT_TRUE(is_good(event));
  event.children.push_back({.code = kUnit});
  EXPECT_TRUE(has_fault(event, Code::TOO_MANY, ""));
}

TEST(Quantities, HaveAUnitAndAreNotNegative) {
  auto event = transformation_event();
  event.inputs[0].uom.clear();
  EXPECT_TRUE(has_fault(event, Code::MISSING_FIELD, "inputs[0].uom"));
  event.inputs[0].uom = "kg";
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "inputs[0].uom"));
  event.inputs[0].uom = "KGM";
  event.inputs[0].quantity = Decimal::parse("-1");
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "inputs[0].quantity"));
  event.inputs[0].quantity = std::nullopt;
  EXPECT_TRUE(has_fault(event, Code::MISSING_FIELD, "inputs[0].quantity"));
}

TEST(Quantities, CarryANetMassThatIsNotNegative) {
  auto event = transformation_event();
  event.outputs[0].net_kg = Decimal::parse("-0.5");
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "outputs[0].netKg"));
  event.outputs[0] = {.code = kLot, .net_kg = Decimal::parse("5")};
  EXPECT_TRUE(has_fault(event, Code::MISSING_FIELD, "outputs[0].quantity"));
}

TEST(Losses, SayWhyHowMuchAndInWhatUnit) {
  auto event = transformation_event();
  event.losses = {{.reason = "process_waste", .quantity = *Decimal::parse("120"), .uom = "KGM"}};
  EXPECT_TRUE(is_good(event));
  event.losses[0].uom.clear();
  EXPECT_TRUE(has_fault(event, Code::MISSING_FIELD, "losses[0].uom"));
  event.losses[0] = {.reason = "", .quantity = {}, .uom = "KGM"};
  EXPECT_TRUE(has_fault(event, Code::MISSING_FIELD, "losses[0].reason"));
  event.losses[0] = {.reason = "spill", .quantity = *Decimal::parse("-1"), .uom = "KGM"};
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "losses[0].quantity"));
  event.losses.assign(limits::kListMax + 1, {.reason = "spill", .quantity = {}, .uom = "KGM"});
  EXPECT_TRUE(has_fault(event, Code::TOO_MANY, "losses"));
}

TEST(Lots, AreStatedWhereUnitsAreMade) {
  auto event = object_event();
  event.lot = kLot;
  EXPECT_TRUE(is_good(event));
  event.action = Action::observe;
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "lot"));
  event = transformation_event();
  event.lot = kInputLot;
  EXPECT_TRUE(is_good(event));
}

TEST(Lots, AreLotsAndNotTheUnitsThemselves) {
  auto event = object_event();
  event.lot = kClass;
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "lot"));
  event.lot = "lot seven";
  EXPECT_TRUE(has_fault(event, Code::CODE_SYNTAX, "lot"));
  event.objects[0].code = event.lot = kLot;
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "lot"));
}

TEST(Ilmd, StandsWhereThingsAreMade) {
  auto event = object_event();
  event.ilmd = {{.kind = NodeKind::text, .name = "grade", .value = "A"}};
  EXPECT_TRUE(is_good(event));
  event.action = Action::observe;
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "ilmd"));
  event = aggregation_event();
  event.ilmd = {{.kind = NodeKind::text, .name = "grade", .value = "A"}};
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "ilmd"));
}

TraceEvent whole_lot() {
  auto event = object_event();
  event.kind = Kind::inspection;
  event.action = Action::observe;
  event.objects = {{.code = kLot}};
  event.whole_lot = true;
  return event;
}

TEST(WholeLot, IsSaidOfLotsAndClasses) {
  EXPECT_TRUE(is_good(whole_lot()));
  auto event = whole_lot();
  event.objects = {{.code = kClass}, {.code = "https://example.com/lots/7"}};
  EXPECT_TRUE(is_good(event));
  event.objects = {{.code = kLot}, {.code = kUnit}};
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "objects[1].code"));
}

TEST(WholeLot, IsAnObservationOrAnInspection) {
  auto event = whole_lot();
  event.kind = Kind::supply;
  EXPECT_TRUE(is_good(event));
  event.action = Action::add;
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "wholeLot"));
  event = aggregation_event();
  event.action = Action::observe;
  event.whole_lot = true;
  EXPECT_TRUE(has_fault(event, Code::INVALID_FIELD, "wholeLot"));
}

}  // namespace
}  // namespace suyuan
