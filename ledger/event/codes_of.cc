#include "ledger/event/codes_of.h"

#include <algorithm>

#include "ledger/code/code.h"

namespace suyuan {

std::vector<std::string> codes_of(const TraceEvent& event) {
  std::vector<std::string> codes;
  codes.reserve(event.objects.size() + event.children.size() + event.inputs.size() +
                event.outputs.size() + 1);
  for (const auto* items : {&event.objects, &event.children, &event.inputs, &event.outputs}) {
    for (const auto& item : *items) codes.push_back(item.code);
  }
  if (!event.parent.empty()) codes.push_back(event.parent);
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  return codes;
}

std::vector<Hash> code_keys_of(const std::vector<std::string>& codes) {
  std::vector<Hash> keys;
  keys.reserve(codes.size());
  for (const auto& code : codes) keys.push_back(code_key(code));
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

}  // namespace suyuan
