// Any other absolute URI (RFC 3986), normalized by syntax alone.
#include "ledger/code/forms.h"

#include "ledger/base/limits.h"

namespace suyuan {
namespace {

struct DefaultPort {
  std::string_view scheme;
  std::string_view port;
};
constexpr DefaultPort kDefaultPorts[] = {
    {"http", "80"}, {"https", "443"}, {"ws", "80"}, {"wss", "443"}, {"ftp", "21"}};

Unexpected<Error> bad_uri(std::string message) {
  return fail(Code::CODE_SYNTAX, "URI: " + std::move(message));
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// RFC 3986 6.2.2.1, 6.2.2.2: escapes in upper case, unreserved characters unescaped. REQUIRES:
// escapes are well formed (split_uri() checks it).
std::string normal_escapes(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int code = hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]);
    i += 2;
    if (is_unreserved(static_cast<char>(code))) {
      out += static_cast<char>(code);
    } else {
      out += '%';
      out += kHex[static_cast<size_t>(code / 16)];
      out += kHex[static_cast<size_t>(code % 16)];
    }
  }
  return out;
}

// RFC 3986 5.2.4 for a path that begins with "/".
std::string without_dot_segments(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const auto end = std::min(path.find('/', 1), path.size());
    const auto segment = path.substr(1, end - 1);
    const bool last = end == path.size();
    if (segment == "..") out.resize(out.empty() ? 0 : out.rfind('/'));
    if (segment != "." && segment != "..") out.append("/").append(segment);
    else if (last) out += '/';
    path.remove_prefix(end);
  }
  return out;
}

// Lower-cases the host, except for the upper-case hex of its escapes.
std::string lower_host(std::string_view host) {
  std::string out = normal_escapes(host);
  for (size_t i = 0; i < out.size(); ++i) {
    if (out[i] == '%') {
      i += 2;
    } else if (is_upper(out[i])) {
      out[i] = static_cast<char>(out[i] - 'A' + 'a');
    }
  }
  return out;
}

bool is_default_port(std::string_view scheme, std::string_view port) {
  return std::ranges::any_of(kDefaultPorts, [&](const DefaultPort& known) {
    return known.scheme == scheme && known.port == port;
  });
}

Result<std::string> normal_authority(std::string_view scheme, std::string_view authority) {
  if (authority.find('@') != std::string_view::npos) {
    return bad_uri("a user name or password before '@' is not part of a code; leave it out");
  }
  size_t host_end = authority.find(':');
  if (authority.starts_with('[')) {
    host_end = std::min(authority.find(']'), authority.size() - 1) + 1;
    const auto inside = authority.substr(1, host_end - 1);
    if (!inside.ends_with(']') || inside.size() < 3 ||
        inside.find_first_not_of("0123456789abcdefABCDEF:.") != inside.size() - 1) {
      return bad_uri("host " + quote(authority) + " is not an IPv6 address in brackets");
    }
  } else if (authority.find_first_of("[]") != std::string_view::npos) {
    return bad_uri("host " + quote(authority) + " holds a bracket");
  }
  host_end = std::min(host_end, authority.size());
  const auto host = authority.substr(0, host_end);
  auto port = authority.substr(host_end);
  if (!port.empty()) {
    if (port[0] != ':') return bad_uri("after host " + quote(host) + " only a port may follow");
    port.remove_prefix(1);
    if (!all_digits(port) || port.size() > 5 || port.starts_with('0')) {
      return bad_uri("port " + quote(port) + " must be 1 to 5 digits without a leading zero");
    }
  }
  if (host.empty() && (!port.empty() || scheme == "http" || scheme == "https")) {
    return bad_uri("the host is missing");
  }
  std::string out = lower_host(host);
  if (!port.empty() && !is_default_port(scheme, port)) out.append(":").append(port);
  return out;
}

bool is_path_char(char c) {
  return is_unreserved(c) || std::string_view("!$&'()*+,;=:@/%").find(c) != std::string_view::npos;
}

Result<Done> check_chars(std::string_view part, std::string_view also, std::string_view name) {
  for (size_t i = 0; i < part.size(); ++i) {
    if (!is_path_char(part[i]) && also.find(part[i]) == std::string_view::npos) {
      return bad_uri("the " + std::string(name) + " holds " + quote(part.substr(i, 1)) +
                     "; escape it as %XX");
    }
    if (part[i] != '%') continue;
    if (part.size() - i < 3 || hex_value(part[i + 1]) < 0 || hex_value(part[i + 2]) < 0) {
      return bad_uri("the escape " + quote(part.substr(i, 3)) + " is not % and two hex digits");
    }
  }
  return Done{};
}

}  // namespace

std::optional<std::string> decode_escapes(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const int high = hex_value(text[i + 1]);
    const int low = hex_value(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

void append_escaped(std::string& out, std::string_view value) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : value) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kHex[byte / 16];
      out += kHex[byte % 16];
    }
  }
}

Result<Uri> split_uri(std::string_view sent) {
  Uri uri;
  const auto colon = sent.find(':');
  const auto scheme = sent.substr(0, colon);
  if (colon == std::string_view::npos || scheme.empty() ||
      !(is_lower(scheme[0]) || is_upper(scheme[0])) || !std::ranges::all_of(scheme, [](char c) {
        return is_lower(c) || is_upper(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
      })) {
    return fail(Code::CODE_SYNTAX,
                quote(sent) + " is not a Digital Link, element string, EPC URN, GTIN or absolute "
                              "URI; docs/identifiers.md shows the forms");
  }
  uri.scheme = to_lower(scheme);
  auto rest = sent.substr(colon + 1);
  const auto hash = rest.find('#');
  uri.has_fragment = hash != std::string_view::npos;
  rest = rest.substr(0, hash);
  const auto question = rest.find('?');
  if (question != std::string_view::npos) uri.query = rest.substr(question + 1);
  rest = rest.substr(0, question);
  if (rest.starts_with("//")) {
    const auto slash = std::min(rest.find('/', 2), rest.size());
    const auto authority = rest.substr(2, slash - 2);
    SUYUAN_TRY_DONE(check_chars(authority, "[]", "host"));
    SUYUAN_TRY(normal, normal_authority(uri.scheme, authority));
    uri.authority = std::move(normal);
    rest = rest.substr(slash);
  } else if (uri.is_web()) {
    return bad_uri("after " + uri.scheme + ": two slashes and a host must follow");
  }
  uri.path = rest;
  SUYUAN_TRY_DONE(check_chars(uri.path, "", "path"));
  if (uri.query) SUYUAN_TRY_DONE(check_chars(*uri.query, "?", "query"));
  if (uri.path.empty() && (!uri.authority || uri.authority->empty())) {
    return bad_uri("nothing follows the scheme");
  }
  return uri;
}

Result<std::string> normal_uri(const Uri& uri) {
  if (uri.has_fragment) {
    return bad_uri("a fragment ('#' and what follows) is not part of a code; leave it out");
  }
  std::string text = uri.scheme + ":";
  if (uri.authority) text.append("//").append(*uri.authority);
  std::string path = normal_escapes(uri.path);
  // A URN's slashes make no hierarchy: without a leading slash the path stays as it is.
  if (path.starts_with('/')) path = without_dot_segments(path);
  if (!uri.authority && path.starts_with("//")) {
    return bad_uri("without a host the path cannot begin with two slashes");
  }
  text.append(path);
  if (uri.query) text.append("?").append(normal_escapes(*uri.query));
  if (text.size() > limits::kCodeBytesMax) {
    return bad_uri("it has " + std::to_string(text.size()) + " bytes, at most " +
                   std::to_string(limits::kCodeBytesMax) + " are accepted");
  }
  return text;
}

}  // namespace suyuan
