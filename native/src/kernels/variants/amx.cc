#include <algorithm>
#include <cstring>

#include "../blocks/amx_attention.h"
#include "../blocks/amx_int8.h"
#include "../blocks/amx_tiles.h"

namespace hearth::kernels {
namespace {

void split_panel(const float* rows, int64_t stride, int outputs, int inputs, uint16_t* panel) {
  for (int first = 0; first < inputs; first += kTileInputs, panel += 4 * kTileHalves) {
    for (int output = 0; output < kSplitBlock; ++output) {
      alignas(64) uint32_t high[kTileSide] = {}, low[kTileSide] = {};
      if (output < outputs) {
        const auto halves = split(rows + output * stride + first, inputs - first);
        _mm512_store_si512(high, halves.high);
        _mm512_store_si512(low, halves.low);
      }
      uint16_t* const column = panel + output / kTileSide * kTileHalves + output % kTileSide * 2;
      for (int pair = 0; pair < kTileSide; ++pair) {
        std::memcpy(column + pair * kTileInputs, high + pair, sizeof *high);
        std::memcpy(column + 2 * kTileHalves + pair * kTileInputs, low + pair, sizeof *low);
      }
    }
  }
}

void split_rows(const float* x, int64_t stride, int rows, int inputs, uint16_t* tiles) {
  const int whole = (rows + kSplitBlock - 1) / kSplitBlock * kSplitBlock;
  const int blocks = (inputs + kTileInputs - 1) / kTileInputs;
  for (int row = 0; row < whole; ++row) {
    uint16_t* to = row_tiles(tiles, row, blocks);
    for (int first = 0; first < inputs; first += kTileInputs, to += 2 * kTileHalves) {
      store_halves(split(x + row * stride + first, row < rows ? inputs - first : 0), to);
    }
  }
}

void multiply_split(const SplitProduct& product) {
  const AmxTiles tiles;
  for (int first = 0; first < product.rows; first += kSplitBlock) {
    alignas(64) float sums[kSplitBlock * kSplitBlock];
    const uint16_t* const x = product.x + static_cast<int64_t>(first) * product.blocks * 2 * kTileInputs;
    multiply_halves<Sums::kAnew>(x, product.panel, product.blocks, sums, kSplitBlock);
    store_sums(sums, product, first);
  }
}

}  // namespace

const SplitTable kAmxSplitTable{.split_panel = split_panel,
                                .split_rows = split_rows,
                                .product = multiply_split,
                                .split_values = split_values,
                                .head_attention = attend_in_tiles};

const Int8Table kAmxInt8Table{.name = "amx",
                              .width = Amx::kWidth,
                              .panel_width = kSplitBlock,
                              .row_tile = kSplitBlock,
                              .weight_offset = 0,
                              .quantize = quantize<Amx>,
                              .quantize_row = quantize_row_for_tiles,
                              .product = multiply_rounded,
                              .digit_product = digit_product<Amx>};

}  // namespace hearth::kernels
