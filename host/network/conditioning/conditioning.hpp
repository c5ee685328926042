// From images to what conditions a machine: the network's maps, laid out as the machine's layers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "machine/fields.hpp"
#include "network/graph/inference.hpp"

namespace settle {

class ImageSet;

/// Throws Error, naming file and field, unless every layer's map exists and its grid is the layer's (or the layer has
/// one site), its channels divide the cells of a site (equal them for the decoder), the noise features are the
/// network's, and the interface's map fits its target's grid or half of it.
void check_maps(const Machine& machine, const Graph& network, const std::string& name);

/// What one pass of the network at noise level `sigma`, [maps], gives to a machine that check_maps accepts.
Conditioning conditioning_of(const Machine& machine, const Graph& network, const Maps& maps, double sigma);

/// The same for images first .. first + count - 1 of `images`, each with the noise of (sigma, seed, its number in the
/// file; images/noise.hpp). All cores share the work; the result does not depend on how many there are. When `stop`
/// says yes, only those before the first unfinished one are returned. Throws Error if the set holds fewer images.
std::vector<Conditioning> conditionings(const Machine& machine, const Graph& network, const ImageSet& images,
                                        std::size_t first, std::size_t count, double sigma, std::uint64_t seed,
                                        const std::function<bool()>& stop);

}  // namespace settle
