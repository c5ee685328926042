#include "fpga/resources.hpp"

#include "base/error.hpp"
#include "base/text_table.hpp"

namespace settle {

namespace {

bool begins(const std::string& text, const char* with) { return text.rfind(with, 0) == 0; }

void count_ice40(const std::string& type, int n, Resources& r) {
  if (type == "SB_LUT4") r.lut += n;
  if (begins(type, "SB_DFF")) r.ff += n;
  if (type == "SB_MAC16") r.dsp += n;
  if (begins(type, "SB_RAM40_4K")) r.ram += n;
  if (type == "SB_SPRAM256KA") r.large_ram += n;
}

/// A carry takes two LUTs; 16 x 4 bits of memory take four and block the two that share their write port.
void count_ecp5(const std::string& type, int n, Resources& r) {
  if (type == "LUT4") r.lut += n;
  if (type == "CCU2C") r.lut += 2 * n;
  if (type == "TRELLIS_DPR16X4") r.lut += 6 * n;
  if (type == "TRELLIS_FF") r.ff += n;
  if (type == "MULT18X18D") r.dsp += n;
  if (type == "DP16KD" || type == "PDPW16KD") r.ram += n;
}

/// LUTs that are memory or shift register count as LUTs; block RAMs are counted in halves of 18 kbit.
void count_xilinx(const std::string& type, int n, Resources& r, int& half_rams) {
  if (begins(type, "LUT") && type.size() >= 4) r.lut += n;
  if (type == "SRL16E" || type == "SRLC32E") r.lut += n;
  if (type == "RAM32X1D" || type == "RAM64X1D") r.lut += 2 * n;
  if (type == "RAM32M" || type == "RAM64M" || type == "RAM128X1D") r.lut += 4 * n;
  if (begins(type, "FDRE") || begins(type, "FDSE") || begins(type, "FDCE") || begins(type, "FDPE")) r.ff += n;
  if (type == "DSP48E1") r.dsp += n;
  if (type == "RAMB36E1") half_rams += 2 * n;
  if (type == "RAMB18E1") half_rams += n;
}

void count_gowin(const std::string& type, int n, Resources& r) {
  if (begins(type, "LUT") || type == "ALU") r.lut += n;
  if (begins(type, "RAM16S")) r.lut += (type == "RAM16S4" || type == "RAM16SDP4" ? 4 : type.back() - '0') * n;
  if (begins(type, "DFF")) r.ff += n;
  if (begins(type, "MULT")) r.dsp += n;
  if (type == "SP" || type == "SPX9" || type == "SDP" || type == "SDPB" || type == "SDPX9" || type == "SDPX9B" ||
      type == "DP" || type == "DPB" || type == "DPX9" || type == "DPX9B" || type == "pROM" || type == "pROMX9") {
    r.ram += n;
  }
}

/// Flip-flops that a device with `luts` LUTs has.
long long flip_flops(Family family, long long luts) {
  if (family == Family::xilinx) return 2 * luts;
  if (family == Family::gowin) return luts * 3 / 4;
  return luts;
}

}  // namespace

Resources count_resources(Family family, const std::map<std::string, int>& cells) {
  Resources r;
  int half_rams = 0;
  for (const auto& [type, n] : cells) {
    switch (family) {
      case Family::ice40:
        count_ice40(type, n, r);
        break;
      case Family::ecp5:
        count_ecp5(type, n, r);
        break;
      case Family::xilinx:
        count_xilinx(type, n, r, half_rams);
        break;
      case Family::gowin:
        count_gowin(type, n, r);
        break;
    }
  }
  if (family == Family::xilinx) r.ram = (half_rams + 1) / 2;
  r.logic_cells = r.lut;
  return r;
}

std::vector<ResourceUse> uses(const Board& board, const Resources& r) {
  std::vector<ResourceUse> all;
  all.push_back(
      {board.family == Family::ice40 ? "logic cells" : "LUT", "logic_cells", r.logic_cells, board.logic_cells});
  all.push_back({"flip-flops", "logic_cells", r.ff, flip_flops(board.family, board.logic_cells)});
  all.push_back({"multipliers (DSP)", "multipliers", r.dsp, board.multipliers});
  all.push_back({"block RAMs", "block_rams", r.ram, board.block_rams});
  if (board.large_rams > 0 || r.large_ram > 0) {
    all.push_back({"large RAMs (SPRAM)", "large_rams", r.large_ram, board.large_rams});
  }
  return all;
}

void check_fits(const Board& board, const Resources& resources) {
  std::string missing;
  for (const ResourceUse& u : uses(board, resources)) {
    if (u.needed <= u.there) continue;
    missing +=
        fmt::format("{}{} {} needed, {} there ({})", missing.empty() ? "" : "; ", u.name, u.needed, u.there, u.field);
  }
  if (!missing.empty()) throw error("{}: does not fit {}: {}", board.file().string(), board.device, missing);
}

std::string resource_table(const Board& board, const Resources& resources) {
  std::vector<std::vector<std::string>> rows{{"resource of " + board.device, "needed", "there", "share"}};
  for (const ResourceUse& u : uses(board, resources)) {
    rows.push_back(
        {u.name, std::to_string(u.needed), std::to_string(u.there),
         u.there == 0 ? "-"
                      : fmt::format("{:.1f} %", 100.0 * static_cast<double>(u.needed) / static_cast<double>(u.there))});
  }
  return text_table(rows);
}

}  // namespace settle
