#include "proto/epcis/gdst.h"

#include <algorithm>
#include <array>

#include "ledger/base/text.h"
#include "proto/epcis/context.h"
#include "proto/epcis/epcis.h"
#include "proto/epcis/faults.h"
#include "proto/epcis/read.h"
#include "proto/jsontext/document.h"

namespace suyuan {
namespace ld {
namespace {

constexpr std::string_view kMasterData = "urn:epcglobal:cbv:mda";

constexpr std::string_view kOwner = "gdst:productOwner";
constexpr std::string_view kProvider = "cbvmda:informationProvider";
constexpr std::string_view kWelfare = "gdst:humanWelfarePolicy";
constexpr std::string_view kLot = "cbvmda:lotNumber";
constexpr std::string_view kBroodstock = "gdst:broodstockSource";
constexpr std::string_view kProtein = "gdst:proteinSource";
constexpr std::string_view kFarming = "gdst:aquacultureMethod";
constexpr std::string_view kProduction = "cbvmda:productionMethodForFishAndSeafoodCode";
constexpr std::string_view kCertification = "gdst:certificationType";
constexpr std::string_view kCatch = "cbvmda:vesselCatchInformationList";
constexpr std::string_view kFlag = "cbvmda:vesselFlagState";
constexpr std::string_view kCertificationSpace = "urn:gdst:certType:";
constexpr std::string_view kWelfareCertification = "urn:gdst:certType:humanPolicy";

// What a field says, and its words if GDST has a closed list of them. `hint` follows the words.
struct GdstField {
  std::string_view name;
  std::string_view says;
  std::array<std::string_view, 3> words = {};
  std::string_view hint = {};
};
constexpr GdstField kGdstFields[] = {
    {kOwner, "who owns the product"},
    {kProvider, "who provides these data"},
    {kWelfare,
     "which policy for the workers' welfare is in place",
     {"3P Audit", "Internal", "Internal policy"},
     "; a standard is named in a certification of type urn:gdst:certType:humanPolicy"},
    {kLot, "the lot number of what is made"},
    {kBroodstock, "where the broodstock comes from", {"Domestic", "Wild Sources"}},
    {kProtein, "what the protein of the feed comes from"},
    {kFarming, "by which method it was farmed"},
    {kProduction, "how the fish was produced", {"AQUACULTURE", "INLAND_FISHERY", "MARINE_FISHERY"}},
    {kCertification, "what is certified"},
    {kFlag, "under which flag the vessel sails"}};

// What an event of a step must state, and what its ilmd must if it makes things. `mark`: only an
// event whose ilmd states it is meant.
struct GdstStep {
  std::string_view title;
  EventType type;
  std::string_view step;
  std::array<std::string_view, 3> event;
  std::array<std::string_view, 3> ilmd = {};
  std::string_view mark = {};
};
// Of the steps that fit an event the first is meant. Newer data say "commissioning" of everything
// that comes into being; what it is, the ilmd tells.
constexpr GdstStep kGdstSteps[] = {
    {"hatching", EventType::object, "urn:gdst:bizStep:hatching", {kOwner, kProvider, kWelfare},
     {kBroodstock, kLot}},
    {"hatching", EventType::object, "commissioning", {kOwner, kProvider, kWelfare},
     {kBroodstock, kLot}, kBroodstock},
    {"fishing", EventType::object, "commissioning", {kOwner, kProvider, kWelfare}, {}, kCatch},
    {"harvest", EventType::object, "commissioning", {kOwner, kProvider}, {}, kProduction},
    {"feed mill", EventType::object, "commissioning", {kOwner, kProvider, kWelfare},
     {kProtein, kLot}},
    {"fishing", EventType::object, "urn:gdst:bizStep:fishingEvent", {kOwner, kProvider, kWelfare}},
    {"transshipment", EventType::object, "urn:gdst:bizStep:transshipment",
     {kOwner, kProvider, kWelfare}},
    {"landing", EventType::object, "urn:gdst:bizStep:landing", {kOwner, kProvider, kWelfare}},
    {"farm harvest", EventType::object, "urn:gdst:bizStep:farmHarvest", {kOwner, kProvider}},
    {"farm harvest", EventType::transformation, "urn:gdst:bizStep:farmHarvest",
     {kOwner, kProvider}, {kProduction, kFarming, kLot}},
    {"commingling", EventType::transformation, "urn:gdst:bizStep:commingling", {kOwner, kProvider},
     {kLot}},
    {"processing", EventType::transformation, "commissioning", {kOwner, kProvider}}};

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// The published examples spell GDST's words in several cases.
bool is_same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool is_country(std::string_view text) {
  return text.size() == 2 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

// A name in these two spaces with its usual prefix; empty: it is another name. Both spaces are in
// use with and without a character at their end.
std::string usual_name(const Context& context, const std::string& name) {
  if (name.find(':') == std::string::npos) return {};
  const std::string whole = context.expand(name);
  const auto after = [&whole](std::string_view space, std::string_view ends) {
    const size_t from = whole.find_first_not_of(ends, space.size());
    return from == std::string::npos ? std::string() : whole.substr(from);
  };
  if (whole.starts_with(kGdstSpace)) return "gdst:" + after(kGdstSpace, "/#");
  if (whole.starts_with(kMasterData)) return "cbvmda:" + after(kMasterData, ":#");
  return {};
}

const GdstField* find_field(std::string_view name) {
  const auto* found = std::ranges::find(kGdstFields, name, &GdstField::name);
  return found == std::end(kGdstFields) ? nullptr : found;
}

bool is_empty(JsonValue value) {
  switch (value.kind()) {
    case NodeKind::null: return true;
    case NodeKind::text: return value.value().empty();
    case NodeKind::object:
    case NodeKind::array: return value.size() == 0;
    case NodeKind::number:
    case NodeKind::boolean: return false;
  }
  return false;
}

// Judges one event. Its arguments outlive it.
class GdstCheck {
 public:
  GdstCheck(const JsonDocument& document, const Context& context)
      : document_(document), context_(context) {}

  Errors run(const TraceEvent& event) {
    const auto fits = [&](const GdstStep& step) {
      return step.type == event.type && is_same_word(step.step, event.step) &&
             (step.mark.empty() || ilmd_states(step.mark));
    };
    const auto* step = std::ranges::find_if(kGdstSteps, fits);
    if (step != std::end(kGdstSteps) && (step->step.starts_with("urn:gdst:") || names_gdst()))
      check_step(*step, event);
    check_values();
    return faults_.take();
  }

 private:
  bool ilmd_states(std::string_view name) const {
    const auto ilmd = document_.root().find("ilmd");
    return ilmd && states(*ilmd, name);
  }

  // Steps of CBV are for other goods too: an event that names nothing of GDST's is not meant.
  bool names_gdst() const {
    return std::ranges::any_of(document_.nodes(), [this](const JsonNode& node) {
      return usual_name(context_, node.name).starts_with("gdst:");
    });
  }

  void check_step(const GdstStep& step, const TraceEvent& event) {
    check_present(step, step.event, document_.root(), kEvent);
    const bool makes = event.type == EventType::transformation || event.action == Action::add;
    if (!makes) return;
    const At at_ilmd = kEvent.member("ilmd");
    check_present(step, step.ilmd, document_.root().find("ilmd"), at_ilmd);
  }

  void check_present(const GdstStep& step, const std::array<std::string_view, 3>& names,
                     std::optional<JsonValue> object, const At& at) {
    for (const std::string_view name : names) {
      if (name.empty() || (object && states(*object, name))) continue;
      if (name == kWelfare && certifies_welfare()) continue;
      faults_.add(Code::MISSING_FIELD, at.member(name),
                  "GDST, " + std::string(step.title) + ": state " + std::string(name) + ", " +
                      std::string(find_field(name)->says));
    }
  }

  // GDST asks for the policy and for its certification; published events have either or both.
  bool certifies_welfare() const {
    return std::ranges::any_of(document_.nodes(), [this](const JsonNode& node) {
      return is_same_word(node.value, kWelfareCertification) &&
             usual_name(context_, node.name) == kCertification;
    });
  }

  bool states(JsonValue object, std::string_view name) const {
    if (object.kind() != NodeKind::object) return false;
    for (const JsonValue member : object) {
      if (!is_empty(member) && usual_name(context_, member.name()) == name) return true;
    }
    return false;
  }

  // Fields with a closed list of words, wherever they are.
  void check_values() {
    const auto& nodes = document_.nodes();
    for (uint32_t i = 1; i < nodes.size() && !faults_.full(); ++i) {
      if (nodes[i].name.empty() || is_empty({nodes, i})) continue;
      const GdstField* field = find_field(usual_name(context_, nodes[i].name));
      if (field != nullptr) check_value(*field, i);
    }
  }

  // A list is judged by its entries: in JSON-LD one value and a list of one are the same.
  void check_value(const GdstField& field, uint32_t index) {
    const auto& nodes = document_.nodes();
    const JsonNode& node = nodes[index];
    if (node.kind == NodeKind::array) {
      for (uint32_t i = index + 1; i < node.end && !faults_.full(); i = nodes[i].end) {
        if (!is_empty({nodes, i})) check_value(field, i);
      }
      return;
    }
    const bool is_text = node.kind == NodeKind::text;
    if (is_text && is_word_of(field, node.value)) return;
    const std::string expected = words_of(field);
    if (expected.empty()) return;
    add_at(index, "GDST: " + (is_text ? quoted(node.value) : "this value") + " does not say " +
                      std::string(field.says) + "; write " + expected + std::string(field.hint));
  }

  static bool is_word_of(const GdstField& field, std::string_view text) {
    if (field.name == kFlag) return is_country(text);
    if (field.name == kCertification) {
      return text.size() > kCertificationSpace.size() &&
             is_same_word(text.substr(0, kCertificationSpace.size()), kCertificationSpace);
    }
    return std::ranges::any_of(field.words, [text](std::string_view word) {
      return !word.empty() && is_same_word(text, word);
    });
  }

  // What the field may say, in words; empty: anything.
  static std::string words_of(const GdstField& field) {
    if (field.name == kFlag) return "an ISO 3166-1 alpha-2 code, such as NZ";
    if (field.name == kCertification)
      return std::string(kCertificationSpace) + "<name>, such as urn:gdst:certType:fishingAuth";
    std::string words;
    for (const std::string_view word : field.words) {
      if (!word.empty()) words += (words.empty() ? "one of " : ", ") + std::string(word);
    }
    return words;
  }

  // Goes down from the event to the value.
  void add_at(uint32_t index, std::string message) {
    const auto& nodes = document_.nodes();
    std::vector<At> path;
    path.reserve(kEpcisDepthMax + 1);  // each place refers to the one before
    path.push_back(kEvent);
    for (uint32_t here = 0; here != index;) {
      uint32_t child = here + 1;
      size_t place = 0;
      for (; nodes[child].end <= index; child = nodes[child].end) ++place;
      const At& of = path.back();
      path.push_back(nodes[here].kind == NodeKind::array ? of.entry(place)
                                                         : of.member(nodes[child].name));
      here = child;
    }
    faults_.add(Code::INVALID_FIELD, path.back(), std::move(message));
  }

  const JsonDocument& document_;
  const Context& context_;
  Faults faults_;
};

}  // namespace
}  // namespace ld

bool is_gdst_space(std::string_view space) {
  if (!space.starts_with(kGdstSpace)) return false;
  const std::string_view end = space.substr(kGdstSpace.size());
  return end.empty() || end == "/" || end == "#";
}

Results<TraceEvent> check_gdst(BytesView payload) {
  auto parsed = ld::parse_event_checked(payload);
  if (!parsed) return Unexpected(std::move(parsed).error());
  TraceEvent& event = parsed->event;
  if (event.error) return std::move(event);
  Errors errors = ld::GdstCheck(parsed->document, parsed->context).run(event);
  if (!errors.empty()) return Unexpected(std::move(errors));
  return std::move(event);
}

}  // namespace suyuan
