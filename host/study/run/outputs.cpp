#include "study/run/outputs.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "base/files.hpp"
#include "report/curve.hpp"
#include "report/pictures.hpp"
#include "report/report.hpp"

namespace settle {

namespace {

/// Of all samples, or of the first few of a machine that reads out thousands of cells.
std::string readout_csv(const Study& study, const Settled& settled) {
  std::string text = "sample,cell,readout,target\n";
  const Eigen::Index count = study.compared(settled.batch.samples);
  const Eigen::MatrixXd x = study.activations(settled.batch.mean.topRows(count)), t = study.targets(count);
  for (Eigen::Index s = 0; s < x.rows(); ++s) {
    for (Eigen::Index i = 0; i < x.cols(); ++i) {
      text += fmt::format("{},{},{:.9g},{:.9g}\n", s, i, x(s, i), t(s, i));
    }
  }
  return text;
}

void remove_others(const std::filesystem::path& folder, const std::vector<FileText>& written) {
  for (const std::string& file : output_names()) {
    const std::filesystem::path path = folder / file;
    const auto now = [&](const FileText& text) { return text.path == path; };
    if (std::none_of(written.begin(), written.end(), now)) remove_older(path, "--out");
  }
  for (const std::string& picture : picture_names()) remove_older(folder / picture, "--out");
}

}  // namespace

const std::vector<std::string>& output_names() {
  static const std::vector<std::string> names = {"readout.csv",     "settling.csv", "images.csv", "images-pixels.csv",
                                                 "film-pixels.csv", "film.csv",     "report.json"};
  return names;
}

const std::vector<std::string>& picture_names() {
  static const std::vector<std::string> names = {"settling.png", "images.png", "film.png"};
  return names;
}

void write_outputs(const Study& study, const Settled& settled, const Results& results) {
  const std::filesystem::path& folder = study.options.out;
  std::vector<FileText> files = {{folder / "readout.csv", readout_csv(study, settled)}};
  if (results.curve) files.push_back({folder / "settling.csv", curve_csv(*results.curve)});
  const auto add_pictures = [&](const std::string& name, const std::vector<Picture>& pictures) {
    if (pictures.empty()) return;
    files.push_back({folder / (name + "-pixels.csv"), picture_pixels(pictures)});
    files.push_back({folder / (name + ".csv"), picture_list(pictures)});
  };
  add_pictures("images", results.images);
  add_pictures("film", results.film);
  files.push_back({folder / "report.json", report_text(results.report)});
  write_together(files);
  remove_others(folder, files);
}

}  // namespace settle
