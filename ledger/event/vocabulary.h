// The forms that words, URIs and units of an event must have.
#pragma once

#include <string_view>

namespace suyuan {

// CBV words and our own: [a-z][a-z0-9_]{0,63}.
bool is_word(std::string_view text);
// GS1 MeasurementType words, "RelativeHumidity": [A-Za-z][A-Za-z0-9_]{0,63}.
bool is_measurement_word(std::string_view text);
// Absolute: scheme ":" rest, graphic ASCII, at most 512 bytes.
bool is_uri(std::string_view text);
// UN/ECE Recommendation 20: two or three capital letters or digits.
bool is_uom(std::string_view text);
bool is_media_type(std::string_view text);
// RFC 8259 6, at most 64 bytes and four digits of exponent, so that every reader can parse it.
bool is_json_number(std::string_view text);

// Returns the bare CBV word of a URI form, as "https://ref.gs1.org/cbv/BizStep-shipping"; empty if
// the text is no such URI.
std::string_view cbv_word_in(std::string_view uri);

}  // namespace suyuan
