// Doses and levels of one patient.

#pragma once

#include <string>

#include "patient/patient.hpp"

namespace titrate::support {

// A bolus by the route "dose"; `order` is its place among records of one time.
inline DosingEvent dose(double time, double amt, int order = 0) {
  DosingEvent d;
  d.time = time;
  d.amt = amt;
  d.route = "dose";
  d.order = order;
  return d;
}

inline DosingEvent dose(double time, double amt, const std::string& route) {
  DosingEvent d = dose(time, amt);
  d.route = route;
  return d;
}

inline DosingEvent infused(double time, double amt, double dur, const std::string& route = "dose") {
  DosingEvent d = dose(time, amt, route);
  d.input = DosingEvent::Input::duration;
  d.dur = dur;
  return d;
}

inline DosingEvent repeated(DosingEvent d, double ii, int addl) {
  d.ii = ii;
  d.addl = addl;
  return d;
}

inline Observation level(const std::string& output, double time, double dv = 0.0, int order = 0) {
  Observation o;
  o.time = time;
  o.dv = dv;
  o.output = output;
  o.order = order;
  return o;
}

}  // namespace titrate::support
