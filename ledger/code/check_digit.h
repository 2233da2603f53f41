// Check characters of the numbering schemes. A refusal states the expected value.
#pragma once

#include <string_view>

#include "ledger/base/error.h"

namespace suyuan {

// Returns the GS1 mod-10 digit that completes the data digits (GS1 General Specifications 7.9).
// Requires: digits only.
char gs1_check_digit(std::string_view data);

// Checks a whole number, whose last digit is the check digit. `name` is for the message: "GTIN".
Result<Done> check_gs1_number(std::string_view number, std::string_view name);

Result<Done> check_gln13(std::string_view gln);
// Chinese unified social credit code, 18 characters (GB 32100-2015).
Result<Done> check_uscc(std::string_view code);
// Freight container: owner and category letters, serial, check digit, 11 characters (ISO 6346).
Result<Done> check_iso6346(std::string_view number);
// Postal item: service letters, serial, check digit, country, 13 characters (UPU S10).
Result<Done> check_s10(std::string_view number);
// Ship: 7 digits (IMO Resolution A.1117(30)).
Result<Done> check_imo(std::string_view number);
// GS1 Global Model Number: the last two characters check the others (GS1 General Spec. 7.9).
Result<Done> check_gmn(std::string_view number);

}  // namespace suyuan
