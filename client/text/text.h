// Everything the program says to people, in two languages. All texts are in tables of this folder.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/base/error.h"
#include "ledger/event/event.h"
#include "ledger/event/finding.h"
#include "ledger/proof/audit.h"
#include "ledger/provenance/provenance.h"
#include "ledger/registry/registry_event.h"

namespace suyuan {

enum class Lang : uint8_t { en, zh };

// "zh", "zh_CN.UTF-8", "en-GB"; nullopt for other languages.
std::optional<Lang> lang_from(std::string_view name);

// Replaces {0}, {1}, ... in the pattern. The order differs between languages.
std::string fill(std::string_view pattern, std::initializer_list<std::string_view> values);

// Returns the plain word for a term of an event. A term without one (a trade's own, a URI) is
// returned with blanks for underscores.
std::string step_name(std::string_view step, Lang lang);
std::string disposition_name(std::string_view disposition, Lang lang);
std::string document_name(std::string_view type, Lang lang);
std::string result_name(std::string_view result, Lang lang);
std::string unit_name(std::string_view uom, Lang lang);
std::string_view kind_name(Kind kind, Lang lang);
std::string_view relation_name(Relation relation, Lang lang);
std::string_view audience_name(Audience audience, Lang lang);
std::string_view role_name(Role role, Lang lang);
std::string_view flag_name(Flag flag, Lang lang);
// Returns the rule that a refusal names.
std::string_view rule_name(Code code, Lang lang);
// Returns the rule that an audit check verifies.
std::string_view audit_rule(AuditCheck check, Lang lang);

}  // namespace suyuan
