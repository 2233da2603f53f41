// Answers about what a thing is, contains, went through and became.
#include "proto/answer_wire.h"
#include "proto/rpc_codec.h"

namespace suyuan {

void read(Reading& in, wire::ThingState::Reader from, ThingState& to) {
  in.text(from.getCode(), "code", to.code);
  to.exists = from.getExists();
  in.text(from.getDisposition(), "disposition", to.disposition);
  in.text(from.getCustodian(), "custodian", to.custodian);
  in.text(from.getInside(), "inside", to.inside);
  read_texts(in, from.getInsideAll(), "insideAll", to.inside_all);
  in.text(from.getLocation(), "location", to.location);
  in.text(from.getLot(), "lot", to.lot);
  if (from.hasBalance()) in.decimal(from.getBalance(), "balance", to.balance.emplace());
  in.text(from.getUom(), "uom", to.uom);
}

void write(const ThingState& state, wire::ThingState::Builder to) {
  using To = wire::ThingState::Builder;
  put(to, &To::setCode, state.code);
  to.setExists(state.exists);
  put(to, &To::setDisposition, state.disposition);
  put(to, &To::setCustodian, state.custodian);
  put(to, &To::setInside, state.inside);
  put_texts(to, &To::initInsideAll, state.inside_all);
  put(to, &To::setLocation, state.location);
  put(to, &To::setLot, state.lot);
  put(to, &To::initBalance, state.balance);
  put(to, &To::setUom, state.uom);
}

void read(Reading& in, wire::Contained::Reader from, Contained& to) {
  in.text(from.getCode(), "code", to.code);
  in.text(from.getParent(), "parent", to.parent);
  to.depth = from.getDepth();
}

void write(const Contained& item, wire::Contained::Builder to) {
  put(to, &wire::Contained::Builder::setCode, item.code);
  put(to, &wire::Contained::Builder::setParent, item.parent);
  to.setDepth(item.depth);
}

void read(Reading& in, wire::Holding::Reader from, Holding& to) {
  in.text(from.getCustodian(), "custodian", to.custodian);
  to.from_ms = from.getFrom();
  read(in, from.getPlace(), to.place);
}

void write(const Holding& holding, wire::Holding::Builder to) {
  put(to, &wire::Holding::Builder::setCustodian, holding.custodian);
  to.setFrom(holding.from_ms);
  write(holding.place, to.initPlace());
}

void read(Reading& in, wire::ForwardUnit::Reader from, ForwardUnit& to) {
  in.text(from.getCode(), "code", to.code);
  in.text(from.getLot(), "lot", to.lot);
  read(in, from.getState(), to.state);
}

void write(const ForwardUnit& unit, wire::ForwardUnit::Builder to) {
  put(to, &wire::ForwardUnit::Builder::setCode, unit.code);
  put(to, &wire::ForwardUnit::Builder::setLot, unit.lot);
  write(unit.state, to.initState());
}

void read(Reading& in, wire::Forward::Reader from, Forward& to) {
  read_texts(in, from.getLots(), "lots", to.lots);
  in.list(from.getUnits(), "units", to.units);
  to.units_total = from.getUnitsTotal();
  in.text(from.getNext(), "next", to.next);
}

void write(const Forward& forward, wire::Forward::Builder to) {
  put_texts(to, &wire::Forward::Builder::initLots, forward.lots);
  put(to, &wire::Forward::Builder::initUnits, forward.units);
  to.setUnitsTotal(forward.units_total);
  put(to, &wire::Forward::Builder::setNext, forward.next);
}

void read(Reading& in, wire::RecallGroup::Reader from, RecallGroup& to) {
  in.text(from.getCustodian(), "custodian", to.custodian);
  in.text(from.getDisposition(), "disposition", to.disposition);
  to.units = from.getUnits();
  read_texts(in, from.getExamples(), "examples", to.examples);
}

void write(const RecallGroup& group, wire::RecallGroup::Builder to) {
  using To = wire::RecallGroup::Builder;
  put(to, &To::setCustodian, group.custodian);
  put(to, &To::setDisposition, group.disposition);
  to.setUnits(group.units);
  put_texts(to, &To::initExamples, group.examples);
}

void read(Reading& in, wire::Recall::Reader from, Recall& to) {
  read_texts(in, from.getLots(), "lots", to.lots);
  in.list(from.getGroups(), "groups", to.groups);
  to.units_total = from.getUnitsTotal();
  read_texts(in, from.getAgents(), "agents", to.agents);
  read_texts(in, from.getNotify(), "notify", to.notify);
  read_texts(in, from.getUnitLots(), "unitLots", to.unit_lots);
}

void write(const Recall& recall, wire::Recall::Builder to) {
  using To = wire::Recall::Builder;
  put_texts(to, &To::initLots, recall.lots);
  put(to, &To::initGroups, recall.groups);
  to.setUnitsTotal(recall.units_total);
  put_texts(to, &To::initAgents, recall.agents);
  put_texts(to, &To::initNotify, recall.notify);
  put_texts(to, &To::initUnitLots, recall.unit_lots);
}

void read(Reading& in, wire::BalanceLine::Reader from, BalanceLine& to) {
  read(in, from.getPlace(), to.place);
  to.event_time_ms = from.getEventTime();
  in.decimal(from.getAmount(), "amount", to.amount);
  in.text(from.getUom(), "uom", to.uom);
  in.decimal(from.getLeft(), "left", to.left);
}

void write(const BalanceLine& line, wire::BalanceLine::Builder to) {
  write(line.place, to.initPlace());
  to.setEventTime(line.event_time_ms);
  write(line.amount, to.initAmount());
  put(to, &wire::BalanceLine::Builder::setUom, line.uom);
  write(line.left, to.initLeft());
}

void to_wire(const Answer<ThingState>& value, wire::StateAnswer::Builder to) {
  write_answer(value, to, [&](const ThingState& state) { write(state, to.initState()); });
}
Answer<ThingState> from_wire(wire::StateAnswer::Reader from) {
  return read_answer<ThingState>(from, from.isState(), [&](Reading& in, ThingState& to) {
    read(in, from.getState(), to);
  });
}

void to_wire(const Answer<Contents>& value, wire::ContentsAnswer::Builder to) {
  write_answer(value, to, [&](const Contents& contents) {
    auto body = to.initContents();
    put(body, &wire::Contents::Builder::initItems, contents.items);
    body.setTruncated(contents.truncated);
  });
}
Answer<Contents> from_wire(wire::ContentsAnswer::Reader from) {
  return read_answer<Contents>(from, from.isContents(), [&](Reading& in, Contents& to) {
    in.list(from.getContents().getItems(), "items", to.items);
    to.truncated = from.getContents().getTruncated();
  });
}

void to_wire(const Answer<std::vector<Holding>>& value, wire::CustodyAnswer::Builder to) {
  write_answer(value, to, [&](const std::vector<Holding>& holdings) {
    auto list = to.initHoldings(static_cast<unsigned>(holdings.size()));
    for (unsigned i = 0; i < holdings.size(); ++i) write(holdings[i], list[i]);
  });
}
Answer<std::vector<Holding>> from_wire(wire::CustodyAnswer::Reader from) {
  return read_answer<std::vector<Holding>>(
      from, from.isHoldings(),
      [&](Reading& in, std::vector<Holding>& to) { in.list(from.getHoldings(), "holdings", to); });
}

void to_wire(const Answer<Forward>& value, wire::ForwardAnswer::Builder to) {
  write_answer(value, to, [&](const Forward& forward) { write(forward, to.initForward()); });
}
Answer<Forward> from_wire(wire::ForwardAnswer::Reader from) {
  return read_answer<Forward>(from, from.isForward(), [&](Reading& in, Forward& to) {
    read(in, from.getForward(), to);
  });
}

void to_wire(const Answer<Recall>& value, wire::RecallAnswer::Builder to) {
  write_answer(value, to, [&](const Recall& recall) { write(recall, to.initRecall()); });
}
Answer<Recall> from_wire(wire::RecallAnswer::Reader from) {
  return read_answer<Recall>(from, from.isRecall(), [&](Reading& in, Recall& to) {
    read(in, from.getRecall(), to);
  });
}

void to_wire(const Answer<std::vector<BalanceLine>>& value, wire::BalanceAnswer::Builder to) {
  write_answer(value, to, [&](const std::vector<BalanceLine>& lines) {
    auto list = to.initLines(static_cast<unsigned>(lines.size()));
    for (unsigned i = 0; i < lines.size(); ++i) write(lines[i], list[i]);
  });
}
Answer<std::vector<BalanceLine>> from_wire(wire::BalanceAnswer::Reader from) {
  return read_answer<std::vector<BalanceLine>>(
      from, from.isLines(),
      [&](Reading& in, std::vector<BalanceLine>& to) { in.list(from.getLines(), "lines", to); });
}

}  // namespace suyuan
