// The interpreter's one loop, for the sources that instantiate a lane type. A lane other than double brings + - * /, unary
// minus, construction from double, and apply(Op, Lane, Lane, Lane), found by its namespace.

#pragma once

#include "expr/tape.hpp"

namespace titrate {

// The instructions, on registers whose loads are done.
template <class Lane>
inline void execute(const Tape& tape, Lane* r) {
  for (const Instruction& i : tape.code) {
    switch (i.op) {  // the commonest, without a call
      case Op::add:
        r[i.out] = r[i.a] + r[i.b];
        break;
      case Op::sub:
        r[i.out] = r[i.a] - r[i.b];
        break;
      case Op::mul:
        r[i.out] = r[i.a] * r[i.b];
        break;
      case Op::div:
        r[i.out] = r[i.a] / r[i.b];
        break;
      case Op::neg:
        r[i.out] = -r[i.a];
        break;
      default:
        r[i.out] = apply(i.op, r[i.a], r[i.b], r[i.c]);
    }
  }
}

template <class Lane>
void interpret(const Tape& tape, Lane t, const Lane* y, const Lane* p, Lane* out, std::vector<Lane>& registers) {
  if (registers.size() < static_cast<std::size_t>(tape.registers)) registers.resize(static_cast<std::size_t>(tape.registers));
  Lane* r = registers.data();
  std::size_t next = 0;
  for (const Load& load : tape.loads) {
    switch (load.from) {
      case Load::From::constant:
        r[next] = Lane(load.value);
        break;
      case Load::From::t:
        r[next] = t;
        break;
      case Load::From::y:
        r[next] = y[load.index];
        break;
      case Load::From::p:
        r[next] = p[load.index];
        break;
    }
    ++next;
  }
  execute(tape, r);
  for (const std::int32_t from : tape.outputs) *out++ = r[from];
}

}  // namespace titrate
