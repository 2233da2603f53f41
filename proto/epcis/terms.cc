#include "proto/epcis/terms.h"

#include <algorithm>
#include <array>

namespace suyuan::ld {
namespace {

using Words = std::span<const std::string_view>;

// Each list ascends.
constexpr std::string_view kBizSteps[] = {
    "accepting", "arriving", "assembling", "collecting", "commissioning", "consigning",
    "creating_class_instance", "cycle_counting", "decommissioning", "departing", "destroying",
    "disassembling", "dispensing", "encoding", "entering_exiting", "holding", "inspecting",
    "installing", "killing", "loading", "other", "packing", "picking", "receiving", "removing",
    "repackaging", "repairing", "replacing", "reserving", "retail_selling", "sampling",
    "sensor_reporting", "shipping", "staging_outbound", "stock_taking", "stocking", "storing",
    "transporting", "unloading", "unpacking", "void_shipping"};
constexpr std::string_view kDispositions[] = {
    "active", "available", "completeness_inferred", "completeness_verified", "conformant",
    "container_closed", "container_open", "damaged", "destroyed", "dispensed", "disposed",
    "encoded", "expired", "in_progress", "in_transit", "inactive", "mismatch_class",
    "mismatch_instance", "mismatch_quantity", "needs_replacement", "no_pedigree_match",
    "non_conformant", "non_sellable_other", "partially_dispensed", "recalled", "reserved",
    "retail_sold", "returned", "sellable_accessible", "sellable_not_accessible", "stolen",
    "unavailable", "unknown"};
constexpr std::string_view kTransactionTypes[] = {
    "bol", "cert", "desadv", "inv", "pedigree", "po", "poc", "prodorder", "recadv", "rma",
    "testprd", "testres", "upevt"};
constexpr std::string_view kPartyTypes[] = {"location", "owning_party", "possessing_party"};
constexpr std::string_view kReasons[] = {"did_not_occur", "incorrect_data"};
constexpr std::string_view kComponents[] = {
    "altitude", "axial_distance", "azimuth", "easting", "elevation_angle", "height", "latitude",
    "longitude", "northing", "polar_angle", "spherical_radius", "x", "y", "z"};
constexpr std::string_view kMeasurements[] = {
    "AbsoluteHumidity", "AbsorbedDose", "AbsorbedDoseRate", "Acceleration", "Altitude",
    "AmountOfSubstance", "AmountOfSubstancePerUnitVolume", "Angle", "AngularAcceleration",
    "AngularMomentum", "AngularVelocity", "Area", "Capacitance", "Conductance", "Conductivity",
    "Count", "Density", "Dimensionless", "DoseEquivalent", "DoseEquivalentRate",
    "DynamicViscosity", "ElectricCharge", "ElectricCurrent", "ElectricCurrentDensity",
    "ElectricFieldStrength", "Energy", "Exposure", "Force", "Frequency", "Illuminance",
    "Inductance", "Irradiance", "KinematicViscosity", "Length", "LinearMomentum", "Luminance",
    "LuminousFlux", "LuminousIntensity", "MagneticFlux", "MagneticFluxDensity",
    "MagneticVectorPotential", "Mass", "MassConcentration", "MassFlowRate", "MassPerAreaTime",
    "MemoryCapacity", "MolalityOfSolute", "MolarEnergy", "MolarMass", "MolarVolume", "Power",
    "Pressure", "RadiantFlux", "RadiantIntensity", "Radioactivity", "RelativeHumidity",
    "Resistance", "Resistivity", "SolidAngle", "SpecificVolume", "Speed", "SurfaceDensity",
    "SurfaceTension", "Temperature", "Time", "Torque", "Voltage", "Volume", "VolumeFlowRate",
    "VolumeFraction", "VolumetricFlux", "Wavenumber"};
constexpr std::string_view kAlerts[] = {"ALARM_CONDITION", "ERROR_CONDITION"};

// In the order of Vocabulary.
constexpr std::array<Words, 8> kWords = {kBizSteps, kDispositions, kTransactionTypes, kPartyTypes,
                                         kReasons,  kComponents,   kMeasurements,     kAlerts};
constexpr std::array<VocabularyRow, 8> kVocabularies = {{
    {"business step", "https://ref.gs1.org/cbv/BizStep-", "https://ns.gs1.org/cbv/BizStep-",
     "urn:epcglobal:cbv:bizstep:", "suyuan:BizStep-"},
    {"disposition", "https://ref.gs1.org/cbv/Disp-", "https://ns.gs1.org/cbv/Disp-",
     "urn:epcglobal:cbv:disp:", "suyuan:Disp-"},
    {"business transaction type", "https://ref.gs1.org/cbv/BTT-", "https://ns.gs1.org/cbv/BTT-",
     "urn:epcglobal:cbv:btt:", "suyuan:BTT-"},
    {"source or destination type", "https://ref.gs1.org/cbv/SDT-", "https://ns.gs1.org/cbv/SDT-",
     "urn:epcglobal:cbv:sdt:", "suyuan:SDT-"},
    {"error reason", "https://ref.gs1.org/cbv/ER-", "https://ns.gs1.org/cbv/ER-",
     "urn:epcglobal:cbv:er:", "suyuan:ER-"},
    {"component", "https://ref.gs1.org/cbv/Comp-", "https://ns.gs1.org/cbv/Comp-",
     "urn:epcglobal:cbv:comp:", ""},
    {"measurement type", "https://ref.gs1.org/voc/", "https://gs1.org/voc/", "", "suyuan:Measure-"},
    {"alert", "https://ref.gs1.org/voc/", "https://gs1.org/voc/", "", ""},
}};

constexpr std::array<std::string_view, 5> kTypeNames = {"ObjectEvent", "AggregationEvent",
                                                        "TransactionEvent", "TransformationEvent",
                                                        "AssociationEvent"};
constexpr uint8_t kObject = 1, kAggregation = 2, kTransaction = 4, kTransformation = 8,
                  kAssociation = 16, kAll = 31;
constexpr uint8_t kJoining = kAggregation | kAssociation;

// In the order of Member.
constexpr MemberRow kMembers[] = {
    {"@context", Member::context, kAll},
    {"type", Member::type, kAll},
    {"eventTime", Member::event_time, kAll},
    {"recordTime", Member::record_time, kAll},
    {"eventTimeZoneOffset", Member::time_zone, kAll},
    {"eventID", Member::event_id, kAll},
    {"certificationInfo", Member::certification, kAll},
    {"errorDeclaration", Member::error, kAll},
    {"action", Member::action, kAll & ~kTransformation},
    {"bizStep", Member::biz_step, kAll},
    {"disposition", Member::disposition, kAll},
    {"persistentDisposition", Member::persistent, kObject | kTransformation},
    {"readPoint", Member::read_point, kAll},
    {"bizLocation", Member::biz_location, kAll},
    {"bizTransactionList", Member::transactions, kAll},
    {"sourceList", Member::sources, kAll},
    {"destinationList", Member::destinations, kAll},
    {"sensorElementList", Member::sensors, kAll},
    {"ilmd", Member::ilmd, kObject | kTransformation},
    {"epcList", Member::epcs, kObject | kTransaction},
    {"quantityList", Member::quantities, kObject | kTransaction},
    {"parentID", Member::parent, kJoining | kTransaction},
    {"childEPCs", Member::children, kJoining},
    {"childQuantityList", Member::child_quantities, kJoining},
    {"inputEPCList", Member::inputs, kTransformation},
    {"inputQuantityList", Member::input_quantities, kTransformation},
    {"outputEPCList", Member::outputs, kTransformation},
    {"outputQuantityList", Member::output_quantities, kTransformation},
    {"transformationID", Member::transformation_id, kTransformation},
};

constexpr InnerRow kMetadata[] = {
    {"time", Form::time},         {"deviceID", Form::uri},  {"deviceMetadata", Form::uri},
    {"rawData", Form::uri},       {"startTime", Form::time}, {"endTime", Form::time},
    {"dataProcessingMethod", Form::uri}, {"bizRules", Form::uri}};
constexpr InnerRow kReport[] = {
    {"type", Form::measurement},  {"exception", Form::alert},   {"deviceID", Form::uri},
    {"deviceMetadata", Form::uri}, {"rawData", Form::uri},      {"dataProcessingMethod", Form::uri},
    {"bizRules", Form::uri},      {"time", Form::time},         {"microorganism", Form::uri},
    {"chemicalSubstance", Form::uri}, {"coordinateReferenceSystem", Form::uri},
    {"value", Form::number},      {"component", Form::component}, {"stringValue", Form::text},
    {"booleanValue", Form::boolean}, {"hexBinaryValue", Form::hex}, {"uriValue", Form::uri},
    {"minValue", Form::number},   {"maxValue", Form::number},   {"meanValue", Form::number},
    {"sDev", Form::number},       {"percRank", Form::number},   {"percValue", Form::number},
    {"uom", Form::text}};

// Besides the members above: documents, results, and names that only contexts have.
constexpr std::string_view kOtherTerms[] = {
    "AggregationEvent", "AssociationEvent", "Collection", "EPCISDocument", "EPCISQueryDocument",
    "ObjectEvent", "TransactionEvent", "TransformationEvent", "baseURL", "bizTransaction", "cbv",
    "cbvmda", "children", "correctiveEventIDs", "creationDate", "dcterms", "declarationTime",
    "destination", "epcClass", "epcis", "epcisBody", "epcisHeader", "eventList", "gs1", "id",
    "instanceIdentifier", "masterData", "member", "owl", "quantity", "queryName", "queryResults",
    "rdfs", "reason", "receiver", "resultsBody", "schemaVersion", "sender", "sensorMetadata",
    "sensorReport", "set", "source", "subscriptionID", "suyuan", "unset", "vocabularyList", "xsd"};

// Prefixes of the standard's context. The first name space of each is what the prefix means; the
// others are older spellings that are in use.
struct PrefixRow {
  std::string_view name;
  std::string_view space;
};
constexpr PrefixRow kPrefixes[] = {
    {"epcis", "https://ref.gs1.org/epcis/"},
    {"epcis", "https://ns.gs1.org/epcis/"},
    {"cbv", "https://ref.gs1.org/cbv/"},
    {"cbv", "https://ns.gs1.org/cbv/"},
    {"cbvmda", "urn:epcglobal:cbv:mda:"},
    {"cbvmda", "urn:epcglobal:cbv:mda"},
    {"gs1", "https://ref.gs1.org/voc/"},
    {"gs1", "https://gs1.org/voc/"},
    {"gs1", "https://www.gs1.org/voc/"},
    {"gs1", "http://gs1.org/voc/"},
    {"rdfs", "http://www.w3.org/2000/01/rdf-schema#"},
    {"owl", "http://www.w3.org/2002/07/owl#"},
    {"xsd", "http://www.w3.org/2001/XMLSchema#"},
    {"dcterms", "http://purl.org/dc/terms/"}};

template <class Row>
const Row* find_row(std::span<const Row> rows, std::string_view name) {
  const auto found = std::ranges::find(rows, name, &Row::name);
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

const VocabularyRow& row_of(Vocabulary vocabulary) {
  return kVocabularies[static_cast<size_t>(vocabulary)];
}

bool has_word(Vocabulary vocabulary, std::string_view word) {
  return std::ranges::binary_search(kWords[static_cast<size_t>(vocabulary)], word);
}

std::span<const std::string_view> words_of(Vocabulary vocabulary) {
  return kWords[static_cast<size_t>(vocabulary)];
}

std::span<const std::string_view> type_names() { return kTypeNames; }

std::string_view type_name(EventType type) { return kTypeNames[static_cast<size_t>(type)]; }

std::optional<EventType> type_from(std::string_view name) {
  const auto found = std::ranges::find(kTypeNames, name);
  if (found == kTypeNames.end()) return std::nullopt;
  return static_cast<EventType>(found - kTypeNames.begin());
}

const MemberRow* find_member(std::string_view name) {
  return find_row(std::span<const MemberRow>(kMembers), name);
}

std::string_view member_name(Member member) { return kMembers[static_cast<size_t>(member)].name; }

const InnerRow* find_metadata_member(std::string_view name) {
  return find_row(std::span<const InnerRow>(kMetadata), name);
}

const InnerRow* find_report_member(std::string_view name) {
  return find_row(std::span<const InnerRow>(kReport), name);
}

bool is_answer_term(std::string_view name) {
  return name == kStatedBy || name == kStatedThrough || name == kPlaceTerm;
}

bool is_reserved_term(std::string_view name) {
  return find_member(name) != nullptr || find_metadata_member(name) != nullptr ||
         find_report_member(name) != nullptr || std::ranges::binary_search(kOtherTerms, name) ||
         std::ranges::any_of(kWords, [&](Words words) {
           return std::ranges::binary_search(words, name);
         });
}

std::optional<std::string_view> standard_space(std::string_view prefix) {
  const PrefixRow* row = find_row(std::span<const PrefixRow>(kPrefixes), prefix);
  return row == nullptr ? std::nullopt : std::optional(row->space);
}

bool is_standard_space(std::string_view prefix, std::string_view space) {
  return std::ranges::any_of(kPrefixes, [&](const PrefixRow& row) {
    return row.name == prefix && row.space == space;
  });
}

}  // namespace suyuan::ld
