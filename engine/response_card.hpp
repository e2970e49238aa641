// The parts of a model's card, in the order in which the card holds them. response_card.cpp joins them.

#pragma once

#include "response.hpp"

namespace titrate::card {

void set_patient(json::Value& card, const CompiledModel& compiled);
void set_model(json::Value& card, const Model& model);
// `results`: what the recorded checks of this very file gave, if they were run.
void set_use(json::Value& card, const Model& model, const std::optional<CheckResults>& results);

}  // namespace titrate::card
