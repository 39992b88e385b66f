import KernelInterface
import Networks
import Volumes
import Workers

extension UnitOrder {
  /// Finds which units are active together at the voxels of ``SampleVolume``.
  ///
  /// Depends on the model and the kernels only. Coordinates count as 0, the middle of the volume or of
  /// a voxel; interpolated points between voxels are left out.
  ///
  /// - Parameters:
  ///   - network: Whose decoder it is.
  ///   - encoder: The layers up to the feature map.
  /// - Throws: ``WorkersError`` if the memory cannot be had.
  init(measuring network: ArSSRNetwork, encoder: EncoderRunner) throws(WorkersError) {
    var program = encoder.program
    let layers = program.appendDecoder(network)
    let runner = try EncoderRunner(program, extending: encoder)
    let size = SampleVolume.size
    let shape = WavefrontShape(
      program, target: program.result,
      ranges: ValueRanges.allAxes(
        program, target: program.result, cells: (0..<3).map { 0..<size[$0] }, volume: size),
      bandsPerStep: nil)
    let scratch = try WorkerScratch.forAll(
      runner.pool, kernelFloats: runner.scratch(width: size.x), constants: 0, rowCount: 1,
      rowLength: 0, layers: 0)
    let wavefront = try Wavefront(
      runner, shape: shape,
      image: ImageSource(voxels: SampleVolume.voxels, size: size, intensity: .identity),
      scratch: scratch, monitor: UpsampleMonitor())
    var activities = layers.map {
      UnitActivity(units: program.channels[$0], points: size.x * size.y * size.z)
    }
    for slab in shape.slabs {
      for step in 0..<shape.stepsPerSlab {
        wavefront.advance(slab: slab, step: step) { layer, region in
          guard let index = layers.firstIndex(of: layer.output) else { return }
          region.forEachVoxel { i, j, k in
            let values = wavefront.maps.voxel(layer.output, plane: k, row: j, column: i)
            for unit in 0..<activities[index].count where values[unit] > 0 {
              activities[index].insert(unit, point: (k * size.y + j) * size.x + i)
            }
          }
        }
      }
    }
    self.init(activities)
  }
}

extension EncoderRunner.Region {
  fileprivate func forEachVoxel(_ body: (_ i: Int, _ j: Int, _ k: Int) -> Void) {
    for k in planes {
      for j in rows {
        for i in columns { body(i, j, k) }
      }
    }
  }
}

extension EncoderProgram {
  /// Appends the decoder's layers as 1x1x1 layers at LR resolution, without coordinates.
  ///
  /// - Returns: The values that stage one's layers and stage two's but the last make.
  fileprivate mutating func appendDecoder(_ network: ArSSRNetwork) -> [Int] {
    let decoder = network.decoder
    let features = network.featureChannels
    let condition = Float(network.variants.condition.defaultBlur ?? 0)
    var values: [Int] = []
    for (index, layer) in (decoder.stageOne + decoder.stageTwo.dropLast()).enumerated() {
      var inputs = [values.last ?? self.features]
      var columns = Array(0..<layer.inputs)
      var bias = layer.bias
      if index == 0 || index == decoder.stageOne.count {
        // x = [features, coordinates, condition]; stage two's first layer reads x + h.
        columns = Array(0..<features) + (index == 0 ? [] : columns)
        inputs = index == 0 ? [self.features] : [self.features] + inputs
        if layer.inputs > features + 3 {
          for output in bias.indices {
            bias[output] += condition * layer.weight[output * layer.inputs + features + 3]
          }
        }
      }
      let weight = (0..<layer.outputs).flatMap { output in
        columns.map { layer.weight[output * layer.inputs + $0] }
      }
      values.append(
        append(
          "decoder", inputs: inputs, rectified: true,
          Convolution(
            weight: weight, bias: bias, inputs: columns.count, outputs: layer.outputs, kernel: 1)))
    }
    return values
  }
}
