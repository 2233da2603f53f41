#include "node/http/epcis/words.h"

#include "proto/epcis/terms.h"

namespace suyuan::http::epcis {

std::span<const std::string_view> standard_words(std::string_view list) {
  if (list == "eventTypes") return ld::type_names();
  if (list == "bizSteps") return ld::words_of(ld::Vocabulary::biz_step);
  if (list == "dispositions") return ld::words_of(ld::Vocabulary::disposition);
  return {};
}

}  // namespace suyuan::http::epcis
