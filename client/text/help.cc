#include "client/text/help.h"

namespace suyuan {
namespace {

struct HelpText {
  std::string_view en;
  std::string_view zh;
};

constexpr HelpText kHelp[] = {
#define SUYUAN_X(name, en, zh) {en, zh},
    SUYUAN_HELP(SUYUAN_X)
#undef SUYUAN_X
};

}  // namespace

std::string help(Help what, Lang lang) {
  const auto& text = kHelp[static_cast<size_t>(what)];
  return std::string(lang == Lang::zh ? text.zh : text.en);
}

}  // namespace suyuan
