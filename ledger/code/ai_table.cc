// The rows follow the GS1 Barcode Syntax Dictionary, release of 2026-01-27. A test compares them
// with it wherever it is available.
#include "ledger/code/ai_table.h"

#include <algorithm>

#include "ledger/base/text.h"
#include "ledger/code/check_digit.h"
#include "ledger/code/forms.h"

namespace suyuan {
namespace {

constexpr bool kFnc1 = false;        // ends at FNC1 or at the end
constexpr bool kPredefined = true;
constexpr bool kPath = false;        // only in a link's path, or in no link
constexpr bool kAttribute = true;

constexpr AiRow kAis[] = {
    {"00", "00", '9', "N18c", kPredefined, kAttribute},
    {"01", "02", '9', "N14c", kPredefined, kAttribute},
    {"03", "03", '9', "N14c", kPredefined, kPath},
    {"10", "10", '9', "X..20", kFnc1, kAttribute},
    {"11", "13", '9', "N6d", kPredefined, kAttribute},
    {"15", "17", '9', "N6d", kPredefined, kAttribute},
    {"20", "20", '9', "N2", kPredefined, kAttribute},
    {"21", "22", '9', "X..20", kFnc1, kPath},
    {"235", "235", '9', "X..28", kFnc1, kPath},
    {"240", "241", '9', "X..30", kFnc1, kAttribute},
    {"242", "242", '9', "N..6", kFnc1, kAttribute},
    {"243", "243", '9', "X..20", kFnc1, kAttribute},
    {"250", "251", '9', "X..30", kFnc1, kAttribute},
    {"253", "253", '9', "N13c[X..17]", kFnc1, kAttribute},
    {"254", "254", '9', "X..20", kFnc1, kPath},
    {"255", "255", '9', "N13c[N..12]", kFnc1, kAttribute},
    {"30", "30", '9', "N..8", kFnc1, kAttribute},
    // Measures: the last digit is the number of decimal places.
    {"3100", "3165", '5', "N6", kPredefined, kAttribute},
    {"3200", "3375", '5', "N6", kPredefined, kAttribute},
    {"3400", "3575", '5', "N6", kPredefined, kAttribute},
    {"3600", "3695", '5', "N6", kPredefined, kAttribute},
    {"37", "37", '9', "N..8", kFnc1, kAttribute},
    {"3900", "3909", '9', "N..15", kFnc1, kAttribute},
    {"3910", "3919", '9', "N3N..15", kFnc1, kAttribute},
    {"3920", "3929", '9', "N..15", kFnc1, kAttribute},
    {"3930", "3939", '9', "N3N..15", kFnc1, kAttribute},
    {"3940", "3943", '9', "N4", kFnc1, kAttribute},
    {"3950", "3955", '9', "N6", kFnc1, kAttribute},
    {"400", "401", '9', "X..30", kFnc1, kAttribute},
    {"402", "402", '9', "N17c", kFnc1, kAttribute},
    {"403", "403", '9', "X..30", kFnc1, kAttribute},
    {"410", "417", '9', "N13c", kPredefined, kAttribute},
    {"420", "420", '9', "X..20", kFnc1, kAttribute},
    {"421", "421", '9', "N3X..9", kFnc1, kAttribute},
    {"422", "422", '9', "N3", kFnc1, kAttribute},
    {"423", "423", '9', "N3[N3][N3][N3][N3]", kFnc1, kAttribute},
    {"424", "424", '9', "N3", kFnc1, kAttribute},
    {"425", "425", '9', "N3[N3][N3][N3][N3]", kFnc1, kAttribute},
    {"426", "426", '9', "N3", kFnc1, kAttribute},
    {"427", "427", '9', "X..3", kFnc1, kAttribute},
    {"4300", "4301", '9', "X..35", kFnc1, kAttribute},
    {"4302", "4306", '9', "X..70", kFnc1, kAttribute},
    {"4307", "4307", '9', "X2", kFnc1, kAttribute},
    {"4308", "4308", '9', "X..30", kFnc1, kAttribute},
    {"4309", "4309", '9', "N10N10", kFnc1, kAttribute},
    {"4310", "4311", '9', "X..35", kFnc1, kAttribute},
    {"4312", "4316", '9', "X..70", kFnc1, kAttribute},
    {"4317", "4317", '9', "X2", kFnc1, kAttribute},
    {"4318", "4318", '9', "X..20", kFnc1, kAttribute},
    {"4319", "4319", '9', "X..30", kFnc1, kAttribute},
    {"4320", "4320", '9', "X..35", kFnc1, kAttribute},
    {"4321", "4323", '9', "N1", kFnc1, kAttribute},
    {"4324", "4325", '9', "N6dN4t", kFnc1, kAttribute},
    {"4326", "4326", '9', "N6D", kFnc1, kAttribute},
    {"4330", "4333", '9', "N6[X1]", kFnc1, kAttribute},
    {"7001", "7001", '9', "N13", kFnc1, kAttribute},
    {"7002", "7002", '9', "X..30", kFnc1, kAttribute},
    {"7003", "7003", '9', "N6DN4t", kFnc1, kAttribute},
    {"7004", "7004", '9', "N..4", kFnc1, kAttribute},
    {"7005", "7005", '9', "X..12", kFnc1, kAttribute},
    {"7006", "7006", '9', "N6D", kFnc1, kAttribute},
    {"7007", "7007", '9', "N6D[N6D]", kFnc1, kAttribute},
    {"7008", "7008", '9', "X..3", kFnc1, kAttribute},
    {"7009", "7009", '9', "X..10", kFnc1, kAttribute},
    {"7010", "7010", '9', "X..2", kFnc1, kAttribute},
    {"7011", "7011", '9', "N6D[N4t]", kFnc1, kAttribute},
    {"7020", "7022", '9', "X..20", kFnc1, kAttribute},
    {"7023", "7023", '9', "X..30", kFnc1, kAttribute},
    {"7030", "7039", '9', "N3X..27", kFnc1, kAttribute},
    {"7040", "7040", '9', "N1X1X1X1", kFnc1, kPath},
    {"7041", "7041", '9', "X..4", kFnc1, kPath},
    {"710", "717", '9', "X..20", kFnc1, kAttribute},
    {"7230", "7239", '9', "X2X..28", kFnc1, kAttribute},
    {"7240", "7240", '9', "X..20", kFnc1, kAttribute},
    {"7241", "7241", '9', "N2", kFnc1, kAttribute},
    {"7242", "7242", '9', "X..25", kFnc1, kAttribute},
    {"7250", "7250", '9', "N8", kFnc1, kAttribute},
    {"7251", "7251", '9', "N8N4t", kFnc1, kAttribute},
    {"7252", "7252", '9', "N1", kFnc1, kAttribute},
    {"7253", "7254", '9', "X..40", kFnc1, kAttribute},
    {"7255", "7255", '9', "X..10", kFnc1, kAttribute},
    {"7256", "7256", '9', "X..90", kFnc1, kAttribute},
    {"7257", "7257", '9', "X..70", kFnc1, kAttribute},
    {"7258", "7258", '9', "X3", kFnc1, kAttribute},
    {"7259", "7259", '9', "X..40", kFnc1, kAttribute},
    {"8001", "8001", '9', "N4N5N3N1N1", kFnc1, kAttribute},
    {"8002", "8002", '9', "X..20", kFnc1, kAttribute},
    {"8003", "8003", '9', "N1N13c[X..16]", kFnc1, kAttribute},
    {"8004", "8004", '9', "X..30", kFnc1, kAttribute},
    {"8005", "8005", '9', "N6", kFnc1, kAttribute},
    {"8006", "8006", '9', "N14cN4", kFnc1, kAttribute},
    {"8007", "8007", '9', "X..34", kFnc1, kAttribute},
    {"8008", "8008", '9', "N6DN2[N2][N2]", kFnc1, kAttribute},
    {"8009", "8009", '9', "X..50", kFnc1, kAttribute},
    {"8010", "8010", '9', "Y..30", kFnc1, kAttribute},
    {"8011", "8011", '9', "N..12", kFnc1, kPath},
    {"8012", "8012", '9', "X..20", kFnc1, kAttribute},
    {"8013", "8013", '9', "X..25", kFnc1, kAttribute},
    {"8014", "8014", '9', "X..25", kFnc1, kPath},
    {"8017", "8018", '9', "N18c", kFnc1, kAttribute},
    {"8019", "8019", '9', "N..10", kFnc1, kPath},
    {"8020", "8020", '9', "X..25", kFnc1, kPath},
    {"8026", "8026", '9', "N14cN4", kFnc1, kAttribute},
    {"8030", "8030", '9', "Z..90", kFnc1, kAttribute},
    {"8040", "8041", '9', "N15", kFnc1, kPath},
    {"8042", "8042", '9', "N32", kFnc1, kPath},
    {"8043", "8043", '9', "N18[N..2]", kFnc1, kPath},
    {"8110", "8110", '9', "X..70", kFnc1, kAttribute},
    {"8111", "8111", '9', "N4", kFnc1, kAttribute},
    {"8112", "8112", '9', "X..70", kFnc1, kAttribute},
    {"8200", "8200", '9', "X..70", kFnc1, kPath},
    {"90", "90", '9', "X..30", kFnc1, kAttribute},
    {"91", "99", '9', "X..90", kFnc1, kAttribute},
};

struct Part {
  Charset set = Charset::numeric;
  size_t least = 0;
  size_t most = 0;
  bool optional = false;
  char check = ' ';
};

// Takes the first part off a row's form.
Part take_part(std::string_view& form) {
  Part part;
  part.optional = form[0] == '[';
  if (part.optional) form.remove_prefix(1);
  switch (form[0]) {
    case 'X': part.set = Charset::cset82; break;
    case 'Y': part.set = Charset::cset39; break;
    case 'Z': part.set = Charset::base64url; break;
    default: break;
  }
  form.remove_prefix(1);
  const bool variable = form.starts_with("..");
  if (variable) form.remove_prefix(2);
  while (!form.empty() && is_digit(form[0])) {
    part.most = part.most * 10 + static_cast<size_t>(form[0] - '0');
    form.remove_prefix(1);
  }
  part.least = variable ? 1 : part.most;
  if (!form.empty() && std::string_view("cdDt").find(form[0]) != std::string_view::npos) {
    part.check = form[0];
    form.remove_prefix(1);
  }
  if (part.optional) form.remove_prefix(1);  // "]"
  return part;
}

std::string subject(std::string_view ai, std::string_view value) {
  return "AI (" + std::string(ai) + ") " + number_words(value);
}

int two_digits(std::string_view text, size_t at) {
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

bool is_date(std::string_view text, bool open_day) {
  constexpr int kDays[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const int month = two_digits(text, 2);
  const int day = two_digits(text, 4);
  if (month < 1 || month > 12 || day < (open_day ? 0 : 1) || day > kDays[month - 1]) return false;
  // The century rule never matters: a two-digit year is in 1950 to 2099 or so, and 2000 was a leap
  // year.
  return month != 2 || day != 29 || two_digits(text, 0) % 4 == 0;
}

Result<Done> check_part(std::string_view ai, const Part& part, std::string_view text) {
  const auto bad = [&](std::string_view why) {
    return fail(Code::CODE_SYNTAX, subject(ai, text).append(" ").append(why));
  };
  switch (part.check) {
    case 'c': return check_gs1_number(text, "AI (" + std::string(ai) + ")");
    case 'd':
    case 'D':
      if (!is_date(text, part.check == 'd')) return bad("is not a date; expected YYMMDD");
      break;
    case 't':
      if (two_digits(text, 0) > 23 || two_digits(text, 2) > 59) {
        return bad("is not a time of day; expected HHMM");
      }
      break;
    default: break;
  }
  return Done{};
}

}  // namespace

bool fits(Charset set, char c) {
  switch (set) {
    case Charset::numeric: return is_digit(c);
    case Charset::cset39: return is_digit(c) || is_upper(c) || c == '#' || c == '-' || c == '/';
    case Charset::base64url:
      return is_digit(c) || is_upper(c) || is_lower(c) || c == '-' || c == '_' || c == '=';
    case Charset::cset82:
      return (c >= '%' && c <= '?') || c == '!' || c == '"' || is_upper(c) || is_lower(c) ||
             c == '_';
  }
  return false;
}

std::string_view charset_words(Charset set) {
  switch (set) {
    case Charset::numeric: return "digits";
    case Charset::cset39: return "digits, capital letters, '#', '-' and '/'";
    case Charset::base64url: return "letters, digits, '-', '_' and '='";
    case Charset::cset82: break;
  }
  return "letters, digits and !\"%&'()*+,-./:;<=>?_";
}

const AiRow* find_ai(std::string_view ai) {
  if (ai.empty() || !all_digits(ai)) return nullptr;
  const auto* found = std::ranges::find_if(kAis, [&](const AiRow& row) {
    return row.from.size() == ai.size() && row.from <= ai && ai <= row.to &&
           ai.back() <= row.last_max;
  });
  return found == std::end(kAis) ? nullptr : found;
}

const AiRow* first_ai(std::string_view text) {
  for (size_t size = 2; size <= std::min<size_t>(4, text.size()); ++size) {
    if (const AiRow* row = find_ai(text.substr(0, size))) return row;
  }
  return nullptr;
}

size_t size_max(const AiRow& row) {
  size_t size = 0;
  for (auto form = row.form; !form.empty();) size += take_part(form).most;
  return size;
}

Result<Done> check_form(std::string_view ai, const AiRow& row, std::string_view value) {
  size_t at = 0;
  for (auto form = row.form; !form.empty();) {
    const Part part = take_part(form);
    const size_t left = value.size() - at;
    if (part.optional && left == 0) break;
    const size_t size = std::min(part.most, left);
    if (size < part.least) {
      return fail(Code::CODE_SYNTAX, subject(ai, value) + " is cut short: it has " +
                                         std::to_string(value.size()) +
                                         " characters, expected at least " +
                                         std::to_string(at + part.least));
    }
    for (const size_t end = at + size; at < end; ++at) {
      if (fits(part.set, value[at])) continue;
      return fail(Code::CODE_SYNTAX, subject(ai, value) + " has " + quote(value.substr(at, 1)) +
                                         " at place " + std::to_string(at + 1) + ", expected " +
                                         std::string(charset_words(part.set)));
    }
  }
  if (at == value.size()) return Done{};
  return fail(Code::CODE_SYNTAX, subject(ai, value) + " has " + std::to_string(value.size()) +
                                     " characters, at most " + std::to_string(at) +
                                     " are expected; is an FNC1 missing after it?");
}

Result<Done> check_content(std::string_view ai, const AiRow& row, std::string_view value) {
  for (auto form = row.form; !form.empty() && !value.empty();) {
    const Part part = take_part(form);
    const size_t size = std::min(part.most, value.size());
    SUYUAN_TRY_DONE(check_part(ai, part, value.substr(0, size)));
    value.remove_prefix(size);
  }
  return Done{};
}

}  // namespace suyuan
