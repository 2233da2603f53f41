// The vocabularies that the standard itself lists. Facts of EPCIS 2.0 and CBV 2.0.
#pragma once

#include <span>
#include <string_view>

namespace suyuan::http::epcis {

// For "eventTypes", "bizSteps" and "dispositions"; empty for lists without standard words.
std::span<const std::string_view> standard_words(std::string_view list);

}  // namespace suyuan::http::epcis
