#include "network/onnx/import_command.hpp"

#include <map>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text_table.hpp"
#include "network/graph/graph_file.hpp"

namespace settle {
namespace {

/// What a node does, in a word or two.
std::string kind_text(const Node& node) {
  switch (node.kind) {
    case Node::Kind::convolution:
      return fmt::format("convolution {} x {}{}", node.window.height, node.window.width,
                         node.window.stride == 2 ? ", stride 2" : "");
    case Node::Kind::activation:
      return activation_name(node.activation.kind);
    default:
      return kind_name(node.kind);
  }
}

/// Numbers of one node, as parameters() counts them.
std::int64_t numbers_of(const Node& node) {
  Graph alone;
  alone.nodes = {node};
  return parameters(alone);
}

/// "3 Gemm, 1 Sin", by operator.
std::string folded_text(const std::vector<std::string>& folded) {
  std::map<std::string, int> counts;
  for (const std::string& text : folded) ++counts[text.substr(0, text.find(' '))];
  std::vector<std::string> parts;
  parts.reserve(counts.size());
  for (const auto& [op, count] : counts) parts.push_back(fmt::format("{} {}", count, op));
  return parts.empty() ? "none" : fmt::format("{}", fmt::join(parts, ", "));
}

std::string noise_text(const Import& import) {
  const double sigma = import.graph.noise_levels.lowest;
  if (import.noise_input.empty()) {
    return fmt::format("blind: the model does not take it; the network is taken to be for sigma {}", sigma);
  }
  if (!import.depends_on_sigma) {
    return fmt::format("blind: the model takes it as {}, and its output does not depend on it", import.noise_input);
  }
  return fmt::format("taken as {}, fixed at sigma {}", import.noise_input, sigma);
}

}  // namespace

std::string import_text(const Import& import) {
  const Graph& graph = import.graph;
  std::vector<std::vector<std::string>> rows = {{"node", "kind", "size", "numbers"}};
  for (const Node& node : graph.nodes) {
    rows.push_back({node.name, kind_text(node), size_text(node.size), std::to_string(numbers_of(node))});
  }
  std::string text = text_table(rows);
  const std::string producer = import.producer.empty() ? "an unnamed program" : one_line(import.producer);
  text += fmt::format("\nmodel        by {}, opset {}\n", producer, import.opset);
  text += fmt::format("image        {} ({})\n", size_text(graph.image), one_line(import.image_input));
  text += fmt::format("noise level  {}\n", one_line(noise_text(import)));
  text += fmt::format("parameters   {} in {} nodes\n", parameters(graph), graph.nodes.size());
  text += fmt::format("folded       {}\n", one_line(folded_text(import.folded)));
  return text;
}

int import_command(const ImportCommand& command) {
  // The name is the file's unless one was given; the files are known before the model is read.
  const std::string name = network_name(command.model, command.options);
  const std::filesystem::path network = command.out / (name + ".network.json");
  const std::filesystem::path weights = command.out / (name + ".safetensors");
  for (const std::filesystem::path& file : {network, weights}) check_writable(file, "--out");
  check_distinct({{"--out", network}, {"--out (weights)", weights}}, {{"the model", command.model}});
  const Import import = import_onnx(command.model, command.options);
  fmt::print("{}", import_text(import));
  fmt::print("written      {}\n", write_network(command.out, import.graph).string());
  return 0;
}

}  // namespace settle
