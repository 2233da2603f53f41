// EPCIS queries: as the JSON of a named query, as parameters of a URL, and the header that names
// its prefixes. What makes a query can be asked of an event.
#include "ledger/base/text.h"
#include "proto/epcis_query/query.h"
#include "tests/fuzz/fuzz.h"

namespace suyuan {
namespace {

constexpr std::string_view kEvent = R"({"type": "ObjectEvent", "action": "OBSERVE",
  "eventTime": "2026-06-02T05:30:00Z", "eventTimeZoneOffset": "+12:00", "bizStep": "shipping",
  "epcList": ["https://id.gs1.org/01/09521104301011/21/3BGEJEE2QM52"]})";

const epcis::FlatEvent& own_event() {
  static const epcis::FlatEvent made = [] {
    const auto document = parse_json(kEvent).value();
    return epcis::flatten(document.root()).value();
  }();
  return made;
}

void ask(const std::vector<epcis::Parameter>& parameters, const epcis::Prefixes& prefixes) {
  const auto query = epcis::make_query(parameters, prefixes);
  if (!query) return;
  SUYUAN_CHECK(parameters.size() <= epcis::kParametersMax);
  for (const auto& parameter : parameters) SUYUAN_CHECK(epcis::is_parameter(parameter.name));
  (void)epcis::matches(*query, own_event(), 1'780'000'000'000);
}

std::vector<epcis::Parameter> in_url(std::string_view text) {
  std::map<std::string, std::string> decoded;
  for (const auto pair : split(text, '&')) {
    const size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    decoded[std::string(pair.substr(0, equals))] = pair.substr(equals + 1);
  }
  return epcis::url_parameters(decoded);
}

}  // namespace
}  // namespace suyuan

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace suyuan;
  const auto text = fuzz::text(data, size);
  const auto declared = epcis::prefixes_in_header(text);
  ask(in_url(text), declared ? *declared : epcis::Prefixes{});
  const auto document = parse_json(text);
  if (!document) return 0;
  epcis::Prefixes prefixes;
  if (const auto parameters = epcis::json_parameters(document->root(), prefixes)) {
    ask(*parameters, prefixes);
  }
  return 0;
}
