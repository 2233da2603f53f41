// All open EPCIS events, each file in a ledger where what it tells of is registered; and the traces
// of a reference tracer.
#include <set>
#include <sstream>

#include "ledger/code/code.h"
#include "tests/e2e/epcis_data.h"

namespace suyuan::test {
namespace {

// A ledger in which what one file tells of is registered: its party with every role of a trade, and
// the products that it names. Files tell of the same things in other ways, so each has its own.
class World : public EpcisData {
 public:
  explicit World(const std::string& file) : file_(file) {
    ledger_.running().set_clock(testing::ms("2026-11-25T00:00:00Z"));  // all of it lies before
    auto text = testing::file_text(file).value();
    if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
    look(json::parse(text));
    std::vector<RegistryEvent> acts;
    for (const auto& [gtin, uom] : products_) {
      if (gtin != kMilk && gtin != kFormula)
        acts.push_back(RegisterProduct{{.gtin = gtin, .name = gtin, .owner = "trader",
                                        .uom = uom}});
    }
    if (!acts.empty()) ledger_.accept(ledger_.acts("registrar", acts));
  }
  void TestBody() override {}

  void run() {
    auto text = testing::file_text(file_).value();
    if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
    const auto document = json::parse(text);
    for (const auto& event : events_in(document)) post_declared(document, event.as_object());
    post(file_);
    for (const auto& event : shared_ids_) post_as_second(document, event);
  }
  size_t captured() const { return captured_; }
  const std::string& refused() const { return refused_; }
  std::string reason(const std::string& event) const {
    const auto found = reasons_.find(event);
    return found == reasons_.end() ? "it was captured" : found->second;
  }

 private:
  // Two firms of one file gave the same eventID: each states its own events.
  void post_as_second(const json::value& document, const json::object& event) {
    if (second_.empty()) second_ = add_party("second", false);
    const auto ended =
        job(send("POST", "/capture", second_, json::serialize(alone(document, event))), second_);
    captured_ += ended.at("success").as_bool() ? 1U : 0U;
    EXPECT_TRUE(ended.at("success").as_bool()) << json::serialize(ended);
  }

  static json::object alone(const json::value& document, const json::object& event) {
    return {{"@context", document.at("@context")},
            {"type", "EPCISDocument"},
            {"schemaVersion", "2.0"},
            {"creationDate", "2020-01-01T00:00:00Z"},
            {"epcisBody", {{"eventList", json::array{event}}}}};
  }

  // What an error declaration withdraws came before it: where the file does not have it, it is
  // posted here, being the same event without the declaration.
  void post_declared(const json::value& document, json::object event) {
    const auto* id = event.if_contains("eventID");
    if (!event.contains("errorDeclaration")) return;
    for (const auto& other : events_in(document)) {
      const auto* same = other.as_object().if_contains("eventID");
      if (id != nullptr && same != nullptr && *same == *id &&
          !other.as_object().contains("errorDeclaration"))
        return;
    }
    event.erase("errorDeclaration");
    job(send("POST", "/capture", trader_, json::serialize(alone(document, event))), trader_);
  }

  // Every product that is named anywhere, and its unit where there is one.
  void look(const json::value& value, const std::string& uom = {}) {
    if (value.is_string()) {
      const auto code = parse_code(std::string_view(value.as_string()));
      if (!code || code->gtin().empty()) return;
      auto& known = products_.try_emplace(code->gtin(), "H87").first->second;
      if (!uom.empty()) known = uom;
    } else if (value.is_array()) {
      for (const auto& one : value.as_array()) look(one);
    } else if (value.is_object()) {
      const auto* unit = value.as_object().if_contains("uom");
      for (const auto& one : value.as_object()) {
        look(one.value(), unit != nullptr && unit->is_string() && one.key() == "epcClass"
                              ? std::string(unit->as_string())
                              : std::string());
      }
    }
  }

  const std::string file_;
  std::string second_;
  std::map<std::string, std::string> products_;
};

// The events of a file that are refused with one code, by their numbers in it. All of them are
// wrong by the standard alone:
// - INVALID_FIELD: its JSON Schema refuses it, where formats (URIs, times) are asserted.
// - CODE_SYNTAX, CODE_RESTRICTED: no identifier by GS1's rules.
struct RefusedEvents {
  std::string file;
  Code code;
  std::vector<int> events;
};
const std::vector<RefusedEvents> kRefusedExamples = {
    {"TransactionEvent_with_userExtensions.json", Code::INVALID_FIELD, {0}},
    {"epcisDocWithSensorComponent.json", Code::CODE_RESTRICTED, {0}},
};
const std::vector<RefusedEvents> kRefusedScenarios = {
    {"carbon-footprint.jsonld", Code::INVALID_FIELD, {0}},
    {"state-of-health.jsonld", Code::INVALID_FIELD, {0}},
    {"temperature-extreme.jsonld", Code::INVALID_FIELD, {0}},
    {"commissioning.jsonld", Code::INVALID_FIELD, {0}},
    {"software-update.jsonld", Code::INVALID_FIELD, {0}},
    {"harvesting.jsonld", Code::INVALID_FIELD, {0}},
    {"observation-recyclability.jsonld", Code::INVALID_FIELD, {0}},
    {"wheel-temperature-sensor.jsonld", Code::INVALID_FIELD, {0}},
    {"EPCISQUERYDOCUMENT_advanced_1.jsonld", Code::INVALID_FIELD, {0, 1}},
    {"EPCISQUERYDOCUMENT_advanced_10.jsonld", Code::INVALID_FIELD, {0, 1, 3, 5, 8}},
    {"EPCISQUERYDOCUMENT_advanced_13.jsonld", Code::CODE_SYNTAX, {0, 1}},
    {"EPCISQUERYDOCUMENT_advanced_4.jsonld", Code::CODE_SYNTAX, {0}},
    {"EPCISQUERYDOCUMENT_advanced_4.jsonld", Code::INVALID_FIELD, {1}},
    {"EPCISQUERYDOCUMENT_advanced_6.jsonld", Code::INVALID_FIELD, {0, 1}},
    {"EPCISQUERYDOCUMENT_with_errorDeclarations.jsonld", Code::INVALID_FIELD, {0, 1, 3, 5, 8}},
    {"EPCISQueryDocument.GDST.jsonld", Code::CODE_SYNTAX, {1, 2}},
    {"EPCISQueryDocument_with_masterdata.jsonld", Code::INVALID_FIELD, {0}},
    {"gdst_data_withmasterdata.jsonld", Code::CODE_SYNTAX, {7, 8, 13, 14, 15, 16}},
    {"traceback_tests.jsonld", Code::CODE_SYNTAX, {9, 10, 17, 18, 19, 20}},
};

// Valid by the standard (but for words as URN, which are taken), and refused because it contradicts
// itself or an event before it in its file; with what must be said of it. docs/epcis_rest.md, Open
// data, has the same rows.
struct Contradiction {
  std::string file;
  int event;
  Code code;
  std::string says;
};
const std::vector<Contradiction> kContradictions = {
    {"AssociationEvent.json", 1, Code::DUPLICATE_PARENT,
     "https://id.gs1.org/8004/400000112345 is inside https://id.gs1.org/8003/04012345555554987"},
    {"component-replacement.jsonld", 0, Code::INVALID_FIELD,
     "21/ABC123456\" is an input too: nothing is made from itself"},
    {"epcisdocument-example01.jsonld", 6, Code::INVALID_FIELD,
     "is an input too: nothing is made from itself"},
    {"fjordline-aurora-lifecycle.jsonld", 4, Code::DUPLICATE_ID,
     "21/AUR-2026-000001 came into being"},
    {"gdst_data_withmasterdata.jsonld", 10, Code::MASS_BALANCE,
     "11000 kg went in, outputs and losses are 12000 kg"},
    {"gdst_data_withmasterdata.jsonld", 11, Code::MASS_BALANCE,
     "10000 KGM of urn:gdst:example.org:product:lot:class:fisherman01.tunau.v1-0122-2022, of which "
     "9876 KGM is left"},
    {"traceback_tests.jsonld", 14, Code::MASS_BALANCE,
     "11000 kg went in, outputs and losses are 12000 kg"},
    {"traceback_tests.jsonld", 15, Code::MASS_BALANCE,
     "10000 KGM of urn:gdst:example.org:product:lot:class:fisherman01.tunau.v1-0122-2022, of which "
     "9876 KGM is left"},
};

// What is wrong in itself is told before what contradicts the ledger: no order of events.
std::multiset<std::string> lines_of(const std::string& text) {
  std::multiset<std::string> lines;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);) lines.insert(line);
  return lines;
}

std::multiset<std::string> lines_of(const std::vector<RefusedEvents>& refused,
                                    const std::set<std::string>& files) {
  std::multiset<std::string> lines;
  for (const auto& one : kContradictions) {
    if (!files.contains(one.file)) continue;
    lines.insert(one.file + " " + std::to_string(one.event) + " " +
                 std::string(info(one.code).name));
  }
  for (const auto& [file, code, events] : refused) {
    for (const int event : events)
      lines.insert(file + " " + std::to_string(event) + " " + std::string(info(code).name));
  }
  return lines;
}

void expect_captured(const std::string& folder, size_t expected,
                     const std::vector<RefusedEvents>& refusals) {
  const auto all = files_of(folder);
  if (all.empty()) GTEST_SKIP() << "the shared EPCIS data is not at hand: see SUYUAN_SHARED_DATA";
  size_t captured = 0;
  std::string refused;
  std::set<std::string> names;
  for (const auto& file : all) {
    if (file.find("/single/") != std::string::npos) continue;
    World world(file);
    world.run();
    captured += world.captured();
    refused += world.refused();
    const std::string name = file.substr(file.rfind('/') + 1);
    names.insert(name);
    for (const auto& one : kContradictions) {
      if (one.file != name) continue;
      EXPECT_NE(world.reason(one.file + " " + std::to_string(one.event)).find(one.says),
                std::string::npos)
          << one.file << " " << one.event << ": "
          << world.reason(one.file + " " + std::to_string(one.event));
    }
  }
  EXPECT_EQ(lines_of(refused), lines_of(refusals, names));
  EXPECT_EQ(captured, expected);
}

TEST(EpcisOpenData, ExamplesAreCapturedInFullButForWhatIsWrong) {
  expect_captured("events", 32, kRefusedExamples);
}

TEST(EpcisOpenData, ScenariosAreCapturedInFullButForWhatIsWrong) {
  expect_captured("scenarios", 83, kRefusedScenarios);
}

class EpcisExpected : public EpcisData {
 protected:
  using Set = std::set<std::string>;

  static Set set_of(const json::value& list) {
    Set all;
    for (const auto& one : list.as_array()) all.emplace(one.as_string());
    return all;
  }
  Set back(const std::string& code) {
    const auto answer = ledger_.rpc().trace({.code = code}, false);
    if (!answer.value) return {std::string(info(answer.value.error().code).name)};
    return {answer.value->trace.ancestors.begin(), answer.value->trace.ancestors.end()};
  }
  Set forward(const std::string& code) {
    const auto answer = ledger_.rpc().forward({.code = code, .limit = 1000});
    if (!answer.value) return {std::string(info(answer.value.error().code).name)};
    Set all(answer.value->lots.begin(), answer.value->lots.end());
    for (const auto& unit : answer.value->units) all.insert(unit.code);
    return all;
  }
  // Where the two are not equal, what is not in ours (-), and what is in ours alone (+).
  static std::string difference(const std::string& what, const Set& expected, const Set& found) {
    if (found == expected) return {};
    std::string text = what + "\n";
    const auto add = [&](const char* mark, const Set& of, const Set& without) {
      for (const auto& one : of) {
        if (!without.contains(one)) text += mark + short_name(one) + "\n";
      }
    };
    add("  - ", expected, found);
    add("  + ", found, expected);
    return text;
  }
  static std::string short_name(const std::string& code) {
    return code.substr(code.find_last_of(":/") + 1);
  }

  // The products of these files are registered beforehand.
  void post_public(const std::string& name) {
    for (const auto& posted : files_of("scenarios")) {
      if (!posted.ends_with("/" + name)) continue;
      job(send("POST", "/capture", trader_, testing::file_text(posted).value(),
               {{"GS1-Capture-Error-Behaviour", "proceed"}, {"Suyuan-Audience", "public"}}),
          trader_);
    }
  }

  void SetUp() override {
    std::vector<RegistryEvent> acts;
    for (const std::string gtin :
         {"04012345111118", "04012345222227", "04012345333336", "04012345444445",
          "09521234003007", "09521234008002", "09521234008019", "09521234008026",
          "09521234008033"}) {
      acts.push_back(
          RegisterProduct{{.gtin = gtin, .name = gtin, .owner = "trader", .uom = "KGM"}});
    }
    ledger_.accept(ledger_.acts("registrar", acts));
    ledger_.running().set_clock(testing::ms("2026-11-25T00:00:00Z"));  // all of it lies before
  }
};

// Where a trace is another than the reference's. docs/epcis_rest.md, Traces, says why.
constexpr std::string_view kDifferences = R"(traceback_tests 08600031303.0004 back
  - feedmill.1u.ff11252021
  - fisherman01.tunau.v1-0122-2022
  - fishfarm.1u.farmed-tuna-01192022
  - hatchery.1u.tf12012021
  - processor.10u.commingle-01232022
  - processor.2u.v1-0122-2022
  + CODE_SYNTAX
traceback_tests 08600031303.0004 forward
  - 08600031303.0005
  + CODE_SYNTAX
traceback_tests 08600031303.0005 back
  - 08600031303.0004
  - feedmill.1u.ff11252021
  - fisherman01.tunau.v1-0122-2022
  - fishfarm.1u.farmed-tuna-01192022
  - hatchery.1u.tf12012021
  - processor.10u.commingle-01232022
  - processor.2u.v1-0122-2022
  + CODE_SYNTAX
traceback_tests 08600031303.0005 forward
  + CODE_SYNTAX
traceback_tests feedmill.1u.ff11252021 forward
  - 08600031303.0004
  - 08600031303.0005
  - fishfarm.1u.farmed-tuna-01192022
  - processor.10u.commingle-01232022
  - processor.2u.v1-0122-2022
traceback_tests fisherman01.tunau.v1-0122-2022 forward
  - 08600031303.0004
  - 08600031303.0005
  - processor.10u.commingle-01232022
  - processor.2u.v1-0122-2022
traceback_tests fishfarm.1u.farmed-tuna-01192022 back
  - feedmill.1u.ff11252021
  - hatchery.1u.tf12012021
traceback_tests fishfarm.1u.farmed-tuna-01192022 forward
  - 08600031303.0004
  - 08600031303.0005
  - processor.10u.commingle-01232022
  - processor.2u.v1-0122-2022
traceback_tests hatchery.1u.tf12012021 forward
  - 08600031303.0004
  - 08600031303.0005
  - fishfarm.1u.farmed-tuna-01192022
  - processor.10u.commingle-01232022
  - processor.2u.v1-0122-2022
traceback_tests processor.10u.commingle-01232022 back
  - feedmill.1u.ff11252021
  - fisherman01.tunau.v1-0122-2022
  - fishfarm.1u.farmed-tuna-01192022
  - hatchery.1u.tf12012021
traceback_tests processor.10u.commingle-01232022 forward
  - 08600031303.0004
  - 08600031303.0005
traceback_tests processor.2u.v1-0122-2022 back
  - feedmill.1u.ff11252021
  - fisherman01.tunau.v1-0122-2022
  - fishfarm.1u.farmed-tuna-01192022
  - hatchery.1u.tf12012021
traceback_tests processor.2u.v1-0122-2022 forward
  - 08600031303.0004
  - 08600031303.0005
)";

TEST_F(EpcisExpected, TracesAreThoseOfTheReferenceButForWhatIsNamedHere) {
  const auto all = files_of("expected");
  if (all.empty()) GTEST_SKIP() << "the shared EPCIS data is not at hand: see SUYUAN_SHARED_DATA";
  std::string differences;
  for (const auto& file : all) {
    if (!file.ends_with(".json")) continue;
    const auto expected = json::parse(testing::file_text(file).value());
    const std::string name(expected.at("file").as_string());
    post_public(name);
    for (const auto& [key, node] : expected.at("nodes").as_object()) {
      const std::string code(key);
      const std::string what = name.substr(0, name.find('.')) + " " + short_name(code);
      differences += difference(what + " back", set_of(node.at("back")), back(code));
      differences += difference(what + " forward", set_of(node.at("forward")), forward(code));
    }
  }
  EXPECT_EQ(differences, kDifferences);
}

}  // namespace
}  // namespace suyuan::test
