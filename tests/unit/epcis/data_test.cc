// The open EPCIS data: what is valid is read, what is not is refused with a reason that says where
// and why. Every file that is refused is named here, with the reason.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "ledger/event/codes_of.h"
#include "proto/epcis/document.h"
#include "proto/epcis/epcis.h"
#include "tests/support/vectors.h"

namespace suyuan::testing {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_in(const std::string& folder) {
  std::vector<fs::path> files;
  const std::string path = shared_path("epcis/" + folder);
  if (!fs::is_directory(path)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    const auto suffix = entry.path().extension();
    if (suffix == ".json" || suffix == ".jsonld") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

// "CODE field" of the document, or of each event's first fault as "index CODE field"; empty: all is
// read.
std::string faults_in(const fs::path& file) {
  const auto document = split_epcis(file_text(file).value());
  const auto shown = [](const Error& error) {
    return std::string(info(error.code).name) + " " + error.field;
  };
  if (!document) return shown(document.error());
  std::string all;
  for (size_t i = 0; i < document->events.size(); ++i) {
    const auto event = check_epcis(document->events[i].payload);
    if (event) continue;
    all += (all.empty() ? "" : "; ") + std::to_string(i) + " " + shown(event.error().front());
  }
  return all;
}

std::string report(const std::string& folder,
                   const std::map<std::string, std::string>& expected) {
  std::string wrong;
  for (const auto& file : files_in(folder)) {
    // Some names stand in several folders.
    auto known = expected.find(file.parent_path().filename().string() + "/" +
                               file.filename().string());
    if (known == expected.end()) known = expected.find(file.filename());
    const std::string found = faults_in(file);
    const std::string wanted = known == expected.end() ? "" : known->second;
    if (found != wanted) {
      wrong += file.filename().string() + "\n  found  " + found + "\n  wanted " + wanted + "\n";
    }
  }
  return wrong;
}

using Reasons = std::map<std::string, std::string>;

const Reasons kEvents = {
    // No measurement type of CBV 2.0, by the schema too.
    {"TransactionEvent_with_userExtensions.json",
     "0 INVALID_FIELD /sensorElementList/0/sensorReport/0/type"},
    // An error declaration that does not say of which event.
    {"TransformationEvent_with_sensorData.json", "0 MISSING_FIELD /eventID"},
    {"TransformationEvent_with_userExtensions.json", "0 MISSING_FIELD /eventID"},
    // A GRAI in the range 04, which is for use inside one company (identifiers.md 2).
    {"epcisDocWithSensorComponent.json", "0 CODE_RESTRICTED /epcList/0"},
};

// SSCCs of 15 or 22 digits in place of 17; lots that are made from themselves (state.md); names
// that are neither the standard's nor URIs, and values that the schema does not take either.
const Reasons kScenarios = {
    {"carbon-footprint.jsonld", "0 INVALID_FIELD /sensorElementList/0/sensorMetadata/_comment"},
    {"state-of-health.jsonld", "0 INVALID_FIELD /sensorElementList/0/sensorReport/0/value"},
    {"temperature-extreme.jsonld", "0 INVALID_FIELD /sensorElementList/0/sensorMetadata/_comment"},
    {"eu-electronics/commissioning.jsonld",
     "0 INVALID_FIELD /sensorElementList/0/sensorReport/0/value"},
    {"component-replacement.jsonld", "0 INVALID_FIELD /outputEPCList/0"},
    {"software-update.jsonld", "0 INVALID_FIELD /bizTransactionList/0/type"},
    {"harvesting.jsonld", "0 INVALID_FIELD /sensorElementList/0/sensorMetadata/_comment"},
    {"observation-recyclability.jsonld",
     "0 INVALID_FIELD /sensorElementList/0/sensorReport/1/value"},
    {"wheel-temperature-sensor.jsonld",
     "0 INVALID_FIELD /sensorElementList/0/sensorMetadata/visibility"},
    {"EPCISQUERYDOCUMENT_advanced_1.jsonld",
     "0 INVALID_FIELD /attachments; 1 INVALID_FIELD /ilmd/harvestStartDate"},
    {"EPCISQUERYDOCUMENT_advanced_10.jsonld",
     "0 INVALID_FIELD /transshipmentCountry; 1 INVALID_FIELD /ilmd/harvestStartDate; "
     "3 INVALID_FIELD /landingStartDate; 5 INVALID_FIELD /transformationID; "
     "8 INVALID_FIELD /transshipmentCountry"},
    {"EPCISQUERYDOCUMENT_advanced_13.jsonld",
     "0 CODE_SYNTAX /parentID; 1 CODE_SYNTAX /parentID"},
    {"EPCISQUERYDOCUMENT_advanced_4.jsonld",
     "0 CODE_SYNTAX /parentID; 1 INVALID_FIELD /transformationID"},
    {"EPCISQUERYDOCUMENT_advanced_6.jsonld",
     "0 INVALID_FIELD /transformationID; 1 INVALID_FIELD /transformationID"},
    {"EPCISQUERYDOCUMENT_with_errorDeclarations.jsonld",
     "0 INVALID_FIELD /transshipmentCountry; 1 INVALID_FIELD /ilmd/harvestStartDate; "
     "3 INVALID_FIELD /landingStartDate; 5 INVALID_FIELD /transformationID; "
     "8 INVALID_FIELD /transshipmentCountry"},
    {"EPCISQueryDocument.GDST.jsonld", "1 CODE_SYNTAX /parentID; 2 CODE_SYNTAX /parentID"},
    {"EPCISQueryDocument_with_masterdata.jsonld", "0 INVALID_FIELD /eventTime"},
    {"epcisdocument-example01.jsonld", "6 INVALID_FIELD /outputQuantityList/0/epcClass"},
    {"gdst_data_withmasterdata.jsonld",
     "7 CODE_SYNTAX /epcList/0; 8 CODE_SYNTAX /epcList/0; 13 CODE_SYNTAX /parentID; "
     "14 CODE_SYNTAX /parentID; 15 CODE_SYNTAX /parentID; 16 CODE_SYNTAX /parentID"},
    {"traceback_tests.jsonld",
     "9 CODE_SYNTAX /epcList/0; 10 CODE_SYNTAX /epcList/0; 17 CODE_SYNTAX /parentID; "
     "18 CODE_SYNTAX /parentID; 19 CODE_SYNTAX /parentID; 20 CODE_SYNTAX /parentID"},
};

// What is invalid by rules of a trade (GDST) is valid EPCIS, and read: see gdst_test.cc.
const Reasons kInvalid = {
    {"Combination_of_events_with_missing_mandatory_fields.json",
     "0 MISSING_FIELD /action; 1 MISSING_FIELD /eventTimeZoneOffset"},
    {"Combination_of_multiple_invalid_fields.json",
     "0 INVALID_FIELD /bizStep; 1 INVALID_FIELD /disposition; 2 INVALID_FIELD /sourceList/0/type; "
     "3 INVALID_FIELD /ilmd/materialType; 4 INVALID_FIELD /eventTime"},
    {"Combination_of_non_standard_bizStep_and_disposition.json",
     "0 INVALID_FIELD /bizStep; 1 INVALID_FIELD /disposition"},
    {"EPCISDocument_without_context.json", "MISSING_FIELD /@context"},
    {"ObjectEvent_with_invalid_action.json", "0 INVALID_FIELD /action"},
    {"ObjectEvent_with_non_standard_bizStep.json", "0 INVALID_FIELD /bizStep"},
    {"ObjectEvent_with_non_standard_bizStep_in_second_event.json", "1 INVALID_FIELD /bizStep"},
    {"ObjectEvent_with_quantity_as_text.json", "0 INVALID_FIELD /quantityList/0/quantity"},
    {"ObjectEvent_with_unknown_field_in_quantityList.json",
     "0 INVALID_FIELD /quantityList/0/weight"},
    {"ObjectEvent_without_identifier_list.json", "0 MISSING_FIELD /epcList"},
};

TEST(EpcisData, EveryValidEventIsRead) {
  if (files_in("events").empty()) GTEST_SKIP() << "epcis is absent: see SUYUAN_SHARED_DATA";
  EXPECT_EQ(report("events", kEvents), "");
  EXPECT_EQ(report("scenarios", kScenarios), "");
  EXPECT_EQ(report("event-hash", {}), "");
}

TEST(EpcisData, EveryInvalidFileIsRefused) {
  if (files_in("invalid").empty()) GTEST_SKIP() << "epcis is absent: see SUYUAN_SHARED_DATA";
  EXPECT_EQ(report("invalid", kInvalid), "");
}

}  // namespace
}  // namespace suyuan::testing
