#!/usr/bin/env python3
"""What LSODA reaches with the bone model, to compare with the error that `npm run bench` states: needs Python 3 with scipy.

Reads models/bone_mineral.json, turns its expressions into Python and solves the two years of the job "bone, 37 states, 24 months"
(60 mg of denosumab every 4368 h): with LSODA (scipy.integrate.odeint, with its own differences for the Jacobian), and for reference
with Radau. Prints the worst relative error of all outputs on all days, where an output is not zero, and the time of one course.

    python3 tests/bench/bone_lsoda.py            LSODA against Radau at 1e-12
    python3 tests/bench/bone_lsoda.py --engine   and the engine (build/wasm or the page's, by node) against the same

States count in the model file's units, since an absolute tolerance depends on them.
"""

import json
import math
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from scipy.integrate import odeint, solve_ivp

ROOT = Path(__file__).resolve().parents[2]
MODEL = json.loads((ROOT / "models" / "bone_mineral.json").read_text())
UNITS = {"1": 1, "L": 1, "h": 1, "mg": 1, "ug": 1e-3, "g": 1e3, "kg": 1e6, "mL": 1e-3, "pg": 1e-9, "ng": 1e-6,
         "umol": 1, "mmol": 1e3, "pmol": 1e-6, "mol": 1e6, "%": 0.01}


def unit(text):
    first, *rest = text.split("/")
    return UNITS[first] / math.prod(UNITS[one] for one in rest)


def quantity(value):
    found = re.fullmatch(r"(\S+) \[?([^\]]+)\]?", value) if isinstance(value, str) else None
    return float(found[1]) * unit(found[2]) if found else float(value)


def python(text):
    """A model's expression in Python; `if` is a function, as both its values are finite here."""
    text = re.sub(r"\[([^\]]+)\]", lambda u: f"* {unit(u[1])!r}", text)
    return text.replace("^", "**").replace("if(", "choose(")


PLACE = {"choose": lambda condition, a, b: a if condition else b, "tanh": math.tanh, "max": max}


def constants():
    values = dict(PLACE) | {name: quantity(p["value"]) for name, p in MODEL["parameters"].items()}
    for name, one in MODEL["individual"].items():
        values[name] = eval(python(one["value"]), values)
    return values


def in_order(derived):
    """Each after those that it mentions."""
    done, left = [], dict(derived)
    while left:
        ready = [n for n, d in left.items() if not left.keys() & set(re.findall(r"\w+", d["value"]))]
        done += [(n, left.pop(n)["value"]) for n in ready]
    return done


STATES = MODEL["equations"]
SCALE = np.array([unit(state["unit"]) for state in STATES.values()])  # of a state's unit
VALUES = constants()
DERIVED = "\n".join(f"    {name} = {python(text)}" for name, text in in_order(MODEL["derived"]))


def function(name, results):
    lines = f"def {name}(y):\n    ({', '.join(STATES)}) = y\n{DERIVED}\n    return [{', '.join(results)}]"
    exec(lines, VALUES)
    return VALUES[name]


RATES = function("rates", [python(s["derivative"]) for s in STATES.values()])
OUTPUTS = function("outputs", [f"({python(o['value'])}) / {unit(o['unit'])!r}" for o in MODEL["outputs"].values()])
START = np.array([eval(python(s["initial"]), VALUES) if "initial" in s else 0.0 for s in STATES.values()]) / SCALE
DEPOT = list(STATES).index("denosumab_depot")


def slope(t, y):
    return np.array(RATES((y * SCALE).tolist())) / SCALE


def course(solve):
    """The outputs at the end of each day, from before the first dose on: four doses, one in each of four stretches."""
    y, rows = START.copy(), [OUTPUTS(START * SCALE)]
    for stretch in range(4):
        y[DEPOT] += 60.0 * VALUES["denosumab_F"]
        days = np.arange(182 * stretch, min(182 * (stretch + 1), 730) + 1) if stretch < 3 else np.arange(546, 731)
        ys = solve(y, 24.0 * days)
        rows += [OUTPUTS(one * SCALE) for one in ys[1:]]
        y = ys[-1].copy()
    return np.array(rows)


def lsoda(rtol, atol):
    return lambda y, times: odeint(slope, y, times, rtol=rtol, atol=atol, tfirst=True, mxstep=100000)


def radau(rtol, atol):
    return lambda y, times: solve_ivp(slope, (times[0], times[-1]), y, "Radau", times, rtol=rtol, atol=atol).y.T


def worst(values, reference):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nanmax(np.where(reference != 0, np.abs(values / reference - 1), np.nan))


def engine(rtol):
    dose = {"time": "0 h", "amt": "60 mg", "route": "denosumab", "ii": "4368 h", "addl": 3}
    request = {
        "verb": "simulate",
        "model": MODEL,
        "patient": {"covariates": {}, "doses": [dose], "observations": []},
        "times": {"from": "0 h", "to": "17520 h", "every": "24 h"},
        "settings": {"rtol": rtol},
    }
    command = ["node", str(ROOT / "wasm" / "cli.mjs"), "simulate", "-"]
    answer = json.loads(subprocess.run(command, input=json.dumps(request), capture_output=True, text=True, check=True).stdout)
    outputs = answer["result"]["outputs"]
    return np.array([outputs[name]["value"] for name in MODEL["outputs"]]).T


reference = course(radau(1e-12, 1e-13))
print(f"Radau at 1e-10 against 1e-12          {worst(course(radau(1e-10, 1e-12)), reference):.1e}")
for rtol, atol in [(1e-6, 1e-6), (1e-6, 1e-9), (1e-8, 1e-8), (1e-10, 1e-12)]:
    begun = time.process_time()
    found = course(lsoda(rtol, atol))
    print(f"LSODA, rtol {rtol:.0e}, atol {atol:.0e}      {worst(found, reference):.1e}   {time.process_time() - begun:.1f} s in Python")
if "--engine" in sys.argv:
    for rtol in (3e-6, 1e-6, 1e-12):
        print(f"engine, rtol {rtol:.0e}                  {worst(engine(rtol), reference):.1e}")
