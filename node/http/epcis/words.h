// The words that the standard itself has for a list of values. Facts of EPCIS 2.0 and CBV 2.0.
#pragma once

#include <span>
#include <string_view>

namespace suyuan::http::epcis {

// "eventTypes", "bizSteps", "dispositions"; empty for lists without words of the standard.
std::span<const std::string_view> standard_words(std::string_view list);

}  // namespace suyuan::http::epcis
