import KernelInterface

/// Copies weights from a ``ParameterLayout`` into the panels that kernels read.
struct WeightPacking: Sendable {
  let layout: PackedLayout

  /// Neighbouring columns of some rows of weights.
  struct Columns {
    /// The first row's first column.
    var first: UnsafePointer<Float>
    /// Floats from a row to the next.
    var stride: Int
    var count: Int
  }

  /// Packs rows, for a layer that is applied as it is.
  ///
  /// - Parameters:
  ///   - rows: `reduction` rows of `paddedOutputs` floats.
  ///   - paddedOutputs: Outputs after padding.
  ///   - reduction: Values per output.
  ///   - packed: `paddedOutputs * reduction` floats.
  func pack(
    _ rows: UnsafePointer<Float>, paddedOutputs: Int, reduction: Int,
    into packed: UnsafeMutablePointer<Float>
  ) {
    forEachPanel(paddedOutputs) { channel, width in
      let panel = packed + channel * reduction
      for step in 0..<reduction {
        (panel + step * width).update(from: rows + step * paddedOutputs + channel, count: width)
      }
    }
  }

  /// Packs columns, for a layer that is applied to gradients: its inputs become outputs.
  ///
  /// - Parameters:
  ///   - columns: Runs in the order of the reduction: `count` columns of `outputs` rows.
  ///   - outputs: Rows to take from every run.
  ///   - paddedOutputs: Outputs after padding, which becomes zero.
  ///   - reduction: Columns of all runs.
  ///   - packed: `paddedOutputs * reduction` floats.
  func packTransposed(
    _ columns: some Sequence<Columns>, outputs: Int, paddedOutputs: Int, reduction: Int,
    into packed: UnsafeMutablePointer<Float>
  ) {
    var step = 0
    for run in columns {
      forEachPanel(paddedOutputs) { channel, width in
        let panel = packed + channel * reduction + step * width
        for lane in 0..<width {
          let output = channel + lane
          let row = run.first + output * run.stride
          for column in 0..<run.count {
            panel[column * width + lane] = output < outputs ? row[column] : 0
          }
        }
      }
      step += run.count
    }
  }

  private func forEachPanel(_ channels: Int, _ body: (_ channel: Int, _ width: Int) -> Void) {
    var channel = 0
    while channel < channels {
      let width = layout.width(ofPanelAt: channel, channels: channels)
      body(channel, width)
      channel += width
    }
  }
}
