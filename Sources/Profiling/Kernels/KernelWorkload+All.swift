import KernelInterface
import Workers

extension KernelWorkload {
  /// A kernel on a shape that is not made yet: its operands may take a lot of memory.
  public struct Maker {
    /// The workload's name.
    public var name: String
    /// Makes the operands.
    public var make: () throws(WorkersError) -> KernelWorkload
  }

  /// Every kernel on every shape of ``KernelShapes`` that it takes.
  ///
  /// - Parameters:
  ///   - table: The instruction set.
  ///   - tile: Points that the decoder takes together.
  /// - Returns: Convolutions, the same by Winograd's algorithm, decoders.
  public static func all(_ table: KernelTable, tile: Int) -> [Maker] {
    let direct = KernelShapes.convolutions.flatMap { shape in
      (shape.extent == 1 ? Precision.allCases : [.float32]).map { precision in
        Maker(name: shape.name(precision)) { () throws(WorkersError) in
          try convolution(shape, table, precision: precision)
        }
      }
    }
    let tiled = KernelShapes.convolutions.filter(\.hasTiles).flatMap { shape in
      Precision.allCases.map { precision in
        Maker(name: shape.tiledName(precision)) { () throws(WorkersError) in
          try winograd(shape, table, precision: precision)
        }
      }
    }
    let decoders = KernelShapes.decoderRuns.map { run in
      Maker(name: run.name) { () throws(WorkersError) in try decoder(run, table, tile: tile) }
    }
    return direct + tiled + decoders
  }
}
