#include "expr/wasm_module.hpp"

#include <cstring>

namespace titrate::wasm {

namespace {

void append(Bytes& to, const Bytes& more) { to.insert(to.end(), more.begin(), more.end()); }

// Unsigned LEB128: seven bits a byte, the lowest first, the high bit where more follow.
void append_integer(Bytes& to, std::size_t value) {
  while (value >= 0x80) {
    to.push_back(static_cast<std::uint8_t>(value | 0x80));
    value >>= 7;
  }
  to.push_back(static_cast<std::uint8_t>(value));
}

void append_name(Bytes& to, const std::string& name) {
  append_integer(to, name.size());
  to.insert(to.end(), name.begin(), name.end());
}

void append_types(Bytes& to, const std::vector<Type>& types) {
  append_integer(to, types.size());
  to.insert(to.end(), types.begin(), types.end());
}

void append_section(Bytes& to, std::uint8_t id, const Bytes& content) {
  to.push_back(id);
  append_integer(to, content.size());
  append(to, content);
}

constexpr std::uint8_t type_section = 1, import_section = 2, function_section = 3, export_section = 7, code_section = 10;
constexpr std::uint8_t function_kind = 0, memory_kind = 2, function_type = 0x60;

Bytes body_of(const Function& function) {
  Bytes body;
  append_integer(body, function.locals > 0 ? 1 : 0);  // groups of locals of one type
  if (function.locals > 0) {
    append_integer(body, function.locals);
    body.push_back(f64);
  }
  append(body, function.code.bytes());
  body.push_back(end);
  return body;
}

}  // namespace

void Code::op(Opcode opcode, std::uint32_t index) {
  op(opcode);
  append_integer(bytes_, index);
}

void Code::number(double value) {
  op(f64_const);
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  for (int i = 0; i < 8; ++i) bytes_.push_back(static_cast<std::uint8_t>(bits >> (8 * i)));
}

void Code::access(Opcode opcode, std::uint32_t index) {
  op(opcode);
  append_integer(bytes_, 3);  // aligned to 2^3 bytes
  append_integer(bytes_, 8 * std::size_t{index});
}

Bytes Module::bytes() const {
  Bytes all{0x00, 'a', 's', 'm', 0x01, 0x00, 0x00, 0x00};
  Bytes section;
  append_integer(section, signatures.size());
  for (const Signature& signature : signatures) {
    section.push_back(function_type);
    append_types(section, signature.arguments);
    append_types(section, signature.results);
  }
  append_section(all, type_section, section);

  section.clear();
  append_integer(section, imports.size() + 1);
  append_name(section, "host");
  append_name(section, "memory");
  append(section, {memory_kind, 0, 0});  // of any size, without a maximum
  for (const Import& import : imports) {
    append_name(section, import.module);
    append_name(section, import.name);
    section.push_back(function_kind);
    append_integer(section, import.signature);
  }
  append_section(all, import_section, section);

  section.clear();
  append_integer(section, functions.size());
  for (const Function& function : functions) append_integer(section, function.signature);
  append_section(all, function_section, section);

  section.clear();
  append_integer(section, 1);
  append_name(section, exported);
  section.push_back(function_kind);
  append_integer(section, imports.size() + functions.size() - 1);
  append_section(all, export_section, section);

  section.clear();
  append_integer(section, functions.size());
  for (const Function& function : functions) {
    const Bytes body = body_of(function);
    append_integer(section, body.size());
    append(section, body);
  }
  append_section(all, code_section, section);
  return all;
}

}  // namespace titrate::wasm
