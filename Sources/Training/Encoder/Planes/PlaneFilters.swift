import KernelInterface
import Workers

/// Filters of one convolution at Winograd's points in the plane, transformed anew for every step.
///
/// `@unchecked Sendable`: one worker transforms them; everything else reads.
final class PlaneFilters: @unchecked Sendable {
  /// `[point][panel][plane of the kernel][operand][step][width]`.
  let values: AlignedBuffer<Float>
  /// Steps of a sum over the three planes of the kernel.
  let steps: Int
  private let inputs: [Int]
  private let outputs: Int
  private let table: KernelTable

  /// Makes room for the filters of some operands' channels.
  init(_ size: SpatialSize, _ table: KernelTable) throws(WorkersError) {
    inputs = size.inputs
    outputs = size.paddedOutputs
    self.table = table
    steps = 3 * size.inputs.reduce(0) { $0 + PlaneTiles.steps($1) }
    values = try AlignedBuffer(count: WinogradPoints.planar * steps * outputs)
  }

  /// Transforms weights as ``WeightPacking`` has packed them.
  func transform(_ packed: UnsafePointer<Float>, scratch: UnsafeMutablePointer<Float>) {
    let channels = inputs.reduce(0, +)
    var panel = 0
    while panel < outputs {
      let width = table.layout.width(ofPanelAt: panel, channels: outputs)
      var operand = packed + 27 * panel * channels
      var step = 0
      for count in inputs {
        for plane in 0..<3 {
          table.training.transformPlaneFilters(
            FilterTransformArguments(
              taps: operand + 9 * plane * count * width, channels: count, width: width,
              filters: values.pointer + panel * steps + (plane * steps / 3 + step) * width,
              frequencyStride: steps * outputs, scratch: scratch))
        }
        operand += 27 * count * width
        step += PlaneTiles.steps(count)
      }
      panel += width
    }
  }
}
